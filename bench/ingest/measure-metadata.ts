import { type Figure, figureOf } from '../engine/figure.ts';
import { spreadOf } from '../engine/interleave.ts';
import { type Archive, retrieve, store } from './archive.ts';
import type { IngestRun } from './ingest-run.ts';
import type { StoredStudy } from './measure-store.ts';
import { asOneSeries, studyFiles } from './subject.ts';
import { percentile95, takeTurns } from './turns.ts';

const accept = 'application/dicom+json';
const seriesOf = (path: string): string => path.slice(0, path.indexOf('/instances/'));

/** Metadata of a series as a viewer asks for them, over and over and for the first time. */
export async function measureMetadata(run: IngestRun, studies: readonly StoredStudy[]): Promise<Figure[]> {
  const { archives, extent } = run;
  const { instances, requests } = extent.metadata;
  const files = (await studyFiles(run.phantom, 'metadata', extent.slices)).slice(0, instances);
  const series = asOneSeries(files);
  const paths: string[] = [];
  for (const archive of archives) paths.push(seriesOf((await store(archive, series)).paths[0]!));
  const ask = async (archive: Archive, path: string, count: number): Promise<number> => {
    const { ms, bytes } = await retrieve(archive, `${path}/metadata`, accept);
    const found = (JSON.parse(Buffer.from(bytes).toString()) as unknown[]).length;
    if (found !== count) throw new Error(`${archive.name} told of ${found} instances, not of ${count}`);
    return ms;
  };
  const [ours, peer] = await takeTurns(
    archives.map((archive, n) => () => ask(archive, paths[n]!, series.length)),
    requests,
  );
  const again = figureOf({
    figure: 'metadata',
    title: `metadata of a series of ${series.length}, 95 in 100 within`,
    unit: 'ms',
    ours: percentile95(ours!),
    peer: percentile95(peer!),
    against: archives[1]!.name,
    goal: 0.5,
    note: `${requests} requests; medians ${spreadOf(ours!).median.toFixed(1)} and ${spreadOf(peer!).median.toFixed(1)}`,
  });
  return [again, await measureFirst(run, studies, ask)];
}

/** Series that nobody has asked for since they were stored. */
async function measureFirst(
  { archives }: IngestRun,
  studies: readonly StoredStudy[],
  ask: (archive: Archive, path: string, count: number) => Promise<number>,
): Promise<Figure> {
  const first = archives.map((_, n) =>
    studies.flatMap(({ paths }) =>
      [...Map.groupBy(paths[n]!, seriesOf)].map(([path, of]) => ({ path, count: of.length })),
    ),
  );
  const [ours, peer] = await takeTurns(
    archives.map((archive, n) => (turn) => ask(archive, first[n]![turn]!.path, first[n]![turn]!.count)),
    first[0]!.length,
  );
  return figureOf({
    figure: 'metadata-first',
    title: 'the same, the first time that a series is asked for',
    unit: 'ms',
    ours: percentile95(ours!),
    peer: percentile95(peer!),
    against: archives[1]!.name,
    goal: 0.5,
    note: `${ours!.length} series of ${first[0]![0]!.count}; medians ${spreadOf(ours!).median.toFixed(1)} and ${spreadOf(peer!).median.toFixed(1)}`,
  });
}
