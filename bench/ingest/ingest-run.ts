import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Phantom } from '../../demo/phantom/phantom.ts';
import type { Spread } from '../engine/interleave.ts';
import { requireOrthanc, startOrthanc } from '../peers/orthanc.ts';
import type { Archive } from './archive.ts';
import type { Extent } from './extent.ts';
import { type OurStack, startOurStack } from './our-archive.ts';
import { makeSubject } from './subject.ts';

/** What all measurements of a run share. */
export interface IngestRun {
  readonly extent: Extent;
  readonly phantom: Phantom;
  readonly ours: OurStack;
  /** Ours and the peer. */
  readonly archives: readonly [Archive, Archive];
  readonly peerVersion: string;
  /** Tells a person what is going on. */
  readonly say: (line: string) => void;
  range(spread: Spread): string;
}

/** Starts both archives, empty, for as long as `body` takes. @throws Error that says what is missing */
export async function withArchives<T>(
  extent: Extent,
  say: (line: string) => void,
  body: (run: IngestRun) => Promise<T>,
): Promise<T> {
  const program = await requireOrthanc(say);
  say(`making a phantom of ${extent.sizePixels} pixels`);
  const phantom = makeSubject(extent.sizePixels);
  const folder = await mkdtemp(join(tmpdir(), 'metloop-bench-'));
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const ours = await startOurStack(folder, () => {});
    stops.push(ours.stop);
    const orthanc = await startOrthanc(program);
    stops.push(orthanc.stop);
    const peer: Archive = { name: 'Orthanc', dicomweb: orthanc.dicomweb, storePath: '/studies', headers: {} };
    const { archive } = await ours.tenant('archive', 'COORDINATOR');
    const range = ({ least, most }: Spread): string => `${least.toFixed(0)} to ${most.toFixed(0)}`;
    return await body({ extent, phantom, ours, archives: [archive, peer], peerVersion: orthanc.version, say, range });
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}
