import { type Figure, figureOf } from '../engine/figure.ts';
import { spreadOf } from '../engine/interleave.ts';
import { type Archive, retrieve } from './archive.ts';
import type { IngestRun } from './ingest-run.ts';
import { makeUpStudies } from './made-up-studies.ts';
import { percentile95, takeTurns } from './turns.ts';

/** Pages of studies, as full in one tenant as in the other: `made-up-studies.ts` says what there is. */
const searches: Readonly<Record<string, string>> = {
  first: 'limit=100',
  later: 'limit=100&offset=300',
  date: 'limit=100&StudyDate=20150101-20161231',
  patient: 'PatientID=ML-0000000010',
  modality: 'limit=100&ModalitiesInStudy=MR',
};

/** Pages of QIDO-RS as a clinician of one site asks for them, of few studies and of many. */
export async function measureSearch(run: IngestRun): Promise<Figure[]> {
  const { few, many, requests } = run.extent.search;
  const archives: Archive[] = [];
  for (const [name, count] of [
    ['few', few],
    ['many', many],
  ] as const) {
    const tenant = await run.ours.tenant(name, 'CLINICIAN');
    const began = performance.now();
    await makeUpStudies(run.ours.superuserUrl, tenant, count);
    run.say(`${count} studies were made up in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    archives.push(tenant.archive);
  }
  const figures: Figure[] = [];
  for (const [name, query] of Object.entries(searches)) {
    const ask = async (archive: Archive): Promise<number> => {
      const { ms, bytes } = await retrieve(archive, `/studies?${query}`, 'application/dicom+json');
      if (!Array.isArray(JSON.parse(Buffer.from(bytes).toString()))) throw new Error(`"${query}" found no list`);
      return ms;
    };
    for (const archive of archives) await ask(archive);
    const [ofFew, ofMany] = await takeTurns(
      archives.map((archive) => () => ask(archive)),
      requests,
    );
    const common = { unit: 'ms' as const, ours: percentile95(ofMany!) };
    const medians = `medians ${spreadOf(ofMany!).median.toFixed(1)} and ${spreadOf(ofFew!).median.toFixed(1)}`;
    figures.push(
      figureOf({
        ...{ ...common, figure: `search-${name}`, title: `search, ${query}, 95 in 100 within`, against: 'itself' },
        ...{ peer: undefined, goal: 50, note: `${many} studies, ${requests} requests` },
      }),
      figureOf({
        ...{ ...common, figure: `search-${name}-growth`, title: 'the same', against: `${few} studies` },
        ...{ peer: percentile95(ofFew!), goal: 1.5, note: medians },
      }),
    );
  }
  return figures;
}
