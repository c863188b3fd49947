import { basename, join } from 'node:path';
import { sequences } from '#core/domain/sequence.ts';
import { anyValue, type CaseSource, type Layout } from '../case.ts';
import { namesIn } from '../files.ts';
import { readTable } from '../read-table.ts';

async function caseOf(folder: string, row: Readonly<Record<string, string>>): Promise<CaseSource> {
  const path = join(folder, row.folder!);
  const present = await namesIn(path, 'folders');
  const hasSeg = present.includes('SEG');
  return {
    name: row.folder!.replaceAll('/', '_'),
    subject: row.subject ?? basename(path),
    series: sequences
      .filter((role) => present.includes(role))
      .map((role) => ({ role, description: role, from: { kind: 'DICOM', folder: join(path, role) } })),
    // A SEG that is to be there may have got lost; without it the study would pass as free of metastases.
    missing: !hasSeg && row.lesion_count !== '0' ? ['SEG'] : [],
    label: hasSeg
      ? { ...anyValue, from: { kind: 'DICOM', folder: join(path, 'SEG') } }
      : row.lesion_count === '0'
        ? { ...anyValue, from: { kind: 'EMPTY' } }
        : undefined,
  };
}

/** Whether a path of the table stays below the folder. */
const isBelow = (path: string | undefined): boolean => /^[\w-]+(\/[\w-]+)*$/.test(path ?? '');

/** What Metloop exports as DICOM: `cases.tsv` and, for each study, a folder a sequence and one of its SEG. */
export const dicomSeg: Layout = {
  name: 'dicom-seg',
  source: undefined,
  assumes: [
    'Images are sent as they are; a study without a SEG that the table says has no lesion is free of metastases.',
  ],
  async detect(folder) {
    const rows = await readTable(join(folder, 'cases.tsv'));
    return rows?.some(({ folder: path }) => isBelow(path)) ?? false;
  },
  async cases(folder) {
    const rows = (await readTable(join(folder, 'cases.tsv'))) ?? [];
    return Promise.all(rows.filter(({ folder: path }) => isBelow(path)).map((row) => caseOf(folder, row)));
  },
};
