import { createHash } from 'node:crypto';
import { type Figure, figureOf } from '../engine/figure.ts';
import { spreadOf } from '../engine/interleave.ts';
import { type Archive, partsOf, retrieve } from './archive.ts';
import type { IngestRun } from './ingest-run.ts';
import type { StoredStudy } from './measure-store.ts';
import { takeTurns } from './turns.ts';

const accept = 'multipart/related; type="application/octet-stream"';

/** Pixels of whole studies, frame by frame as a viewer loads them, MB/s. Each turn takes a study that was not read before. */
export async function measureFrames(run: IngestRun, studies: readonly StoredStudy[]): Promise<Figure[]> {
  const { archives, extent } = run;
  await checkPixels(run, studies[0]!);
  const [ours, peer] = await takeTurns(
    archives.map((archive, n) => (turn) => framesOf(archive, studies[turn]!.paths[n]!, extent.connections)),
    studies.length,
  );
  const [own, theirs] = [spreadOf(ours!), spreadOf(peer!)];
  return [
    figureOf({
      figure: 'frames',
      title: 'all frames of a study',
      unit: 'MB/s',
      ours: own.median,
      peer: theirs.median,
      against: archives[1]!.name,
      goal: 1,
      rule: 'AT_LEAST',
      note: `${studies[0]!.paths[0]!.length} frames, ${extent.connections} at once; ours ${run.range(own)}, theirs ${run.range(theirs)}`,
    }),
  ];
}

/** @returns MB of pixels a second */
async function framesOf(archive: Archive, paths: readonly string[], connections: number): Promise<number> {
  let bytes = 0;
  let next = 0;
  const began = performance.now();
  const readSome = async (): Promise<void> => {
    while (next < paths.length) {
      const answer = await retrieve(archive, `${paths[next++]}/frames/1`, accept);
      bytes += partsOf(answer)[0]!.length;
    }
  };
  await Promise.all(Array.from({ length: connections }, readSome));
  return bytes / 1e6 / ((performance.now() - began) / 1000);
}

/** @throws Error if the two do not give the same pixels of some frames. */
async function checkPixels({ archives }: IngestRun, { paths }: StoredStudy): Promise<void> {
  const hashes: string[][] = [];
  for (const [n, archive] of archives.entries()) {
    const found: string[] = [];
    // The answer names files in the order in which they were sent.
    for (const path of paths[n]!.slice(0, 3)) {
      const [pixels] = partsOf(await retrieve(archive, `${path}/frames/1`, accept));
      found.push(createHash('sha256').update(pixels!).digest('hex'));
    }
    hashes.push(found);
  }
  if (hashes[0]!.join() !== hashes[1]!.join()) throw new Error('The archives do not give the same pixels.');
}
