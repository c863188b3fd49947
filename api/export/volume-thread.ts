import { ThreadPool } from '../upload/thread-pool.ts';
import { VolumeRefused, type VolumeWork } from './volume-work.ts';

export type VolumeAnswer = { readonly nifti: Uint8Array } | { readonly refusal: string } | { readonly failure: string };

/**
 * Making a volume takes seconds, in which the server would answer nobody; so it is done in a thread beside. There is one for all exports:
 * what the volumes in work take of memory is that of one.
 */
const pool = new ThreadPool(new URL('./volume-worker.ts', import.meta.url), { threads: 1, maxHeapMib: 1024 });
const limitMs = 600_000;

/** As `niftiOf`, in the thread. Files that fill their buffer move there, and are empty here afterwards. @throws VolumeRefused, ThreadLost */
export async function niftiApart(work: VolumeWork): Promise<Uint8Array> {
  const files = work.kind === 'images' ? work.files : work.kind === 'label' ? [work.file] : [];
  const whole = files.flatMap(({ buffer, byteLength }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
  );
  const answer = await pool.run<VolumeAnswer>(work, whole, limitMs);
  if ('nifti' in answer) return answer.nifti;
  if ('refusal' in answer) throw new VolumeRefused(answer.refusal);
  throw new Error(`a volume could not be made: ${answer.failure}`);
}
