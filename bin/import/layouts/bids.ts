import { join } from 'node:path';
import type { SeriesRole } from '#core/domain/sequence.ts';
import { anyValue, type CaseSource, type Layout } from '../case.ts';
import { namesIn } from '../files.ts';

/** What follows subject and session in the names that Metloop's exports give images. */
const suffixes: readonly (readonly [suffix: string, role: SeriesRole, description: string])[] = [
  ['acq-bravo_ce-gadolinium_T1w', 'BRAVO', 'T1 gradient echo post'],
  ['T1w', 'T1_PRE', 'T1 spin echo pre'],
  ['acq-spinecho_ce-gadolinium_T1w', 'T1_POST', 'T1 spin echo post'],
  ['FLAIR', 'FLAIR', 'T2 FLAIR'],
];
const labelSuffix = 'acq-bravo_ce-gadolinium_seg-metastases_dseg';

/** The sessions of a folder, as `sub-A/ses-01`. */
async function sessionsOf(folder: string): Promise<string[]> {
  const subjects = (await namesIn(folder, 'folders')).filter((name) => name.startsWith('sub-'));
  const sessions = await Promise.all(
    subjects.map(async (subject) => {
      const names = await namesIn(join(folder, subject), 'folders');
      return names.filter((name) => name.startsWith('ses-')).map((session) => `${subject}/${session}`);
    }),
  );
  return sessions.flat();
}

async function caseOf(folder: string, session: string): Promise<CaseSource> {
  const stem = session.replace('/', '_');
  const present = new Set(await namesIn(join(folder, session, 'anat'), 'files'));
  const labels = join(folder, 'derivatives', 'metastases', session, 'anat');
  const label = `${stem}_${labelSuffix}.nii.gz`;
  const fileOf = (suffix: string): string => `${stem}_${suffix}.nii.gz`;
  return {
    name: stem,
    subject: session.slice('sub-'.length, session.indexOf('/')),
    series: suffixes
      .filter(([suffix]) => present.has(fileOf(suffix)))
      .map(([suffix, role, description]) => ({
        ...{ role, description },
        from: { kind: 'NIFTI', path: join(folder, session, 'anat', fileOf(suffix)) },
      })),
    // A dataset here may hold studies that lack a sequence.
    missing: [],
    label: (await namesIn(labels, 'files')).includes(label)
      ? { ...anyValue, from: { kind: 'NIFTI', path: join(labels, label) } }
      : undefined,
  };
}

/** What Metloop exports as BIDS. */
export const bids: Layout = {
  name: 'bids',
  source: undefined,
  assumes: [],
  async detect(folder) {
    if (!(await namesIn(folder, 'files')).includes('dataset_description.json')) return false;
    const [first] = await sessionsOf(folder);
    return first !== undefined && (await caseOf(folder, first)).series.some(({ role }) => role === 'BRAVO');
  },
  async cases(folder) {
    return Promise.all((await sessionsOf(folder)).map((session) => caseOf(folder, session)));
  },
};
