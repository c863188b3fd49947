import type { DicomErrorCode } from '#core/dicom/dicom-error.ts';
import type { InstanceHeader } from '#core/dicom/header.ts';
import type { Deidentified, DeidentifyOptions } from '../deidentify/deidentify.ts';
import { ThreadLost, ThreadPool } from './thread-pool.ts';

/** What the threads are asked. */
export type IntakeWork =
  | { readonly kind: 'image'; readonly bytes: Uint8Array; readonly options: DeidentifyOptions }
  | { readonly kind: 'label'; readonly bytes: Uint8Array };

export interface SentUids {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** A file that was not taken. */
export interface IntakeRefusal {
  readonly code: DicomErrorCode;
  readonly message: string;
  readonly sent?: SentUids | undefined;
}

export interface IntakeImage {
  readonly clean: Deidentified;
  /** Of the de-identified bytes. */
  readonly sha256: string;
  /** Keyed hash of the bytes as sent. */
  readonly sourceHash: string;
  /** DICOM JSON without bulk data, as text. */
  readonly metadata: string;
}

export interface IntakeLabel {
  readonly header: InstanceHeader;
  readonly patientName: string | undefined;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

export type IntakeAnswer =
  | { readonly image: IntakeImage }
  | { readonly label: IntakeLabel }
  | { readonly refusal: IntakeRefusal }
  | { readonly failure: string };

/** Files come from anyone; reading one must not stop the server from answering others, so it is done in threads beside. */
const pool = new ThreadPool(new URL('./intake-thread.ts', import.meta.url));

/** Time for one file: on a busy machine a file of 1 MiB takes tens of ms, most of them for its pixels. */
const limitMs = (bytes: Uint8Array): number => 30_000 + bytes.length / 4096;

async function ask(work: IntakeWork): Promise<IntakeAnswer> {
  try {
    const { buffer, byteLength } = work.bytes;
    // A view on something larger is copied; a whole buffer moves.
    const transfer = buffer.byteLength === byteLength && buffer instanceof ArrayBuffer ? [buffer] : [];
    // A reader waits for a label to be saved, and must not wait for the images of an upload.
    return await pool.run<IntakeAnswer>(work, transfer, limitMs(work.bytes), work.kind === 'label');
  } catch (error) {
    if (!(error instanceof ThreadLost)) throw error;
    if (error.reason === 'CRASH') return { failure: error.message };
    return { refusal: { code: 'OUT_OF_BOUNDS', message: `Reading the file was stopped. ${error.message}` } };
  }
}

/** Of the unexpected, which says nothing about the file. */
export class IntakeFailure extends Error {
  override readonly name = 'IntakeFailure';
}

/**
 * De-identifies an image in a thread. The bytes move there if they fill their buffer, and are then empty here.
 * @throws IntakeFailure
 */
export async function deidentifyApart(
  bytes: Uint8Array,
  options: DeidentifyOptions,
): Promise<{ image: IntakeImage } | { refusal: IntakeRefusal }> {
  const answer = await ask({ kind: 'image', bytes, options });
  if ('image' in answer || 'refusal' in answer) return answer;
  throw new IntakeFailure('failure' in answer ? answer.failure : 'the thread answered another question');
}

/** Reads the header of a label in a thread, which gives the bytes back. @throws IntakeFailure */
export async function readLabelApart(bytes: Uint8Array): Promise<{ label: IntakeLabel } | { refusal: IntakeRefusal }> {
  const answer = await ask({ kind: 'label', bytes });
  if ('label' in answer || 'refusal' in answer) return answer;
  throw new IntakeFailure('failure' in answer ? answer.failure : 'the thread answered another question');
}
