import { type Figure, figureOf } from '../engine/figure.ts';
import { spreadOf } from '../engine/interleave.ts';
import { store } from './archive.ts';
import type { IngestRun } from './ingest-run.ts';
import { studyFiles } from './subject.ts';
import { takeTurns } from './turns.ts';

/** A study as each archive has it. */
export interface StoredStudy {
  /** Of each file, in the order of the archives. */
  readonly paths: readonly (readonly string[])[];
}

/** Files a second, of whole studies in one request each. What was stored is measured further. */
export async function measureStore(run: IngestRun): Promise<{ figures: Figure[]; studies: StoredStudy[] }> {
  const { archives, extent, phantom } = run;
  // A study that does not count: programs compile what they run often, open their connections, and then run for weeks.
  const warmUp = await studyFiles(phantom, 'warm up', extent.slices);
  for (const archive of archives) await store(archive, warmUp);
  const rounds: Uint8Array[][] = [];
  for (let n = 0; n < extent.rounds; n++) rounds.push(await studyFiles(phantom, `round ${n}`, extent.slices));
  const turns = await takeTurns(
    archives.map((archive) => async (round) => {
      const files = rounds[round]!;
      const { seconds, paths } = await store(archive, files);
      run.say(`${archive.name} stored ${files.length} files in ${seconds.toFixed(1)} s`);
      return { perSecond: files.length / seconds, paths };
    }),
    extent.rounds,
  );
  const [ours, peer] = turns.map((own) => spreadOf(own.map(({ perSecond }) => perSecond)));
  const megabytes = rounds[0]!.reduce((sum, { length }) => sum + length, 0) / 1e6;
  const figure = figureOf({
    figure: 'store',
    title: 'STOW of a study, ours de-identifies',
    unit: 'files/s',
    ours: ours!.median,
    peer: peer!.median,
    against: archives[1]!.name,
    goal: 1,
    rule: 'AT_LEAST',
    note: `${rounds[0]!.length} files, ${megabytes.toFixed(0)} MB; ours ${run.range(ours!)}, theirs ${run.range(peer!)}`,
  });
  const studies = rounds.map((_, round) => ({ paths: turns.map((own) => own[round]!.paths) }));
  return { figures: [figure], studies };
}
