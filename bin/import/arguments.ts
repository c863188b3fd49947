import { parseArgs } from 'node:util';
import { type SeriesRole, seriesRoles } from '#core/domain/sequence.ts';
import { address } from '../upload/arguments.ts';
import type { GivenFiles } from './layouts/given-roles.ts';
import type { ReadOptions } from './read-case.ts';

export interface ImportArguments extends ReadOptions {
  readonly folder: string;
  /** Undefined to find it out. */
  readonly layout: string | undefined;
  /** Files that were named one by one; undefined for a layout. */
  readonly given: GivenFiles | undefined;
  readonly to: string;
  readonly site: string;
  readonly tokenFile: string | undefined;
  readonly dryRun: boolean;
  readonly retries: number;
  readonly journal: string | undefined;
  readonly withLabels: boolean;
  /** What ground truth names as its source; undefined for what the layout says. */
  readonly source: string | undefined;
  readonly reason: string;
  readonly beganAsDraft: boolean;
  readonly newRound: boolean;
  /** How long to wait for each case to be prepared, minutes. */
  readonly waitMinutes: number;
}

export const importUsage = `metloop import DIR --to URL --site SITE [options]

  DIR           a data set: BraTS-METS, BrainMetShare, an unpacked export of Metloop, or any folder with --role
  --to, --site, --token-file, --retries, --journal   as for upload
  --dry-run     reads and checks every case, shows what would be imported, and sends nothing

  --layout      brats-mets, brainmetshare, brainmetshare-png, bids, nnunet or dicom-seg, where it is not to be found out
  --role ROLE=FILE   a NIfTI file within DIR and what it is, once for each: BRAVO, T1_PRE, T1_POST, FLAIR, OTHER
  --label FILE  the label of these files, on the grid of BRAVO
  --subject     the patient of these files, otherwise DIR's name
  --allow-missing    takes cases that lack a sequence, but not BRAVO
  --spacing-mm X,Y,Z of pictures: along a row, along a column, between slices
  --assume-ras  takes NIfTI files that do not say how they lie to count to the right, front and up

  --no-labels   imports the images alone
  --source      where the labels come from, as ground truth will say; known for the public sets
  --reason      why they are taken as ground truth
  --label-values N,N   values of the labels that are metastasis, otherwise as the layout says
  --resample    takes NIfTI labels on another grid than BRAVO's that lie in the same space; the service brings them onto BRAVO's
  --label-from-draft   the labels were begun from what a program had found
  --new-round   opens a new round where one of a study has ended
  --wait        minutes to wait for a study to be prepared before its label is put off to a next run, 60 unless told

Exit codes: 0 everything is imported; 1 some cases were refused or wait; 2 wrong arguments; 3 the service could not be reached or
failed for too long (run the same command again to go on); 4 the token or the site was not accepted; 130 interrupted.
`;

/** @throws TypeError with a sentence that says which argument is wrong */
export function parseImportArguments(args: readonly string[]): ImportArguments {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{ to: text, site: text, 'token-file': text, retries: text, journal: text, 'dry-run': flag },
      ...{ layout: text, role: { ...text, multiple: true }, label: text, subject: text, 'allow-missing': flag },
      ...{ 'spacing-mm': text, 'assume-ras': flag, 'no-labels': flag, source: text, reason: text },
      ...{ 'label-values': text, 'label-from-draft': flag, resample: flag, 'new-round': flag, wait: text },
    },
  });
  const [folder, ...more] = positionals;
  if (!folder || more.length > 0) throw new TypeError('Name one folder that holds the data set.');
  const dryRun = values['dry-run'] ?? false;
  if (!dryRun && !values.to) throw new TypeError('--to is missing: the address of Metloop.');
  if (!dryRun && !values.site)
    throw new TypeError('--site is missing: the name of the site that the data set goes to.');
  const given = givenFiles(values.role ?? [], values.label, values.subject);
  if (given && values.layout) throw new TypeError('--role names the files and --layout finds them: give one of them.');
  return {
    ...{ folder, dryRun, given, layout: values.layout, site: values.site ?? '', tokenFile: values['token-file'] },
    ...{ journal: values.journal, allowMissing: values['allow-missing'] ?? false, source: values.source },
    ...{ reason: values.reason ?? 'The label came with the data set.', withLabels: !values['no-labels'] },
    ...{ beganAsDraft: values['label-from-draft'] ?? false, newRound: values['new-round'] ?? false },
    resample: values.resample ?? false,
    unknownIsRas: values['assume-ras'] ?? false,
    to: values.to ? address(values.to) : '',
    retries: whole('retries', values.retries ?? '8', 100),
    waitMinutes: whole('wait', values.wait ?? '60', 10_000),
    pngSpacingMm: spacingOf(values['spacing-mm']),
    metastasisValues: values['label-values']?.split(',').map((value) => whole('label-values', value, 65_535)),
  };
}

function givenFiles(
  named: readonly string[],
  label: string | undefined,
  subject: string | undefined,
): GivenFiles | undefined {
  if (named.length === 0) {
    if (label !== undefined) throw new TypeError('--label needs the files that it belongs to, each by --role.');
    return undefined;
  }
  const roles = new Map<SeriesRole, string>();
  for (const one of named) {
    const [, role, path] = /^([A-Z0-9_]+)=(.+)$/.exec(one) ?? [];
    const known = seriesRoles.find((name) => name === role);
    if (!known || !path)
      throw new TypeError(`--role is "${one}": write ${seriesRoles.join(', ')}, then = and the file.`);
    if (roles.has(known)) throw new TypeError(`--role names ${known} twice.`);
    roles.set(known, path);
  }
  if (!roles.has('BRAVO')) throw new TypeError('--role names no BRAVO, the reference space.');
  return { roles, label, subject };
}

function whole(name: string, value: string, most: number): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isInteger(number) || number < 0 || number > most)
    throw new TypeError(`--${name} is "${value}", not a whole number from 0 to ${most}.`);
  return number;
}

function spacingOf(value: string | undefined): [number, number, number] | undefined {
  if (value === undefined) return undefined;
  const [x = 0, y = 0, z = 0, ...more] = value.split(',').map(Number);
  if (more.length > 0 || ![x, y, z].every((mm) => mm >= 0.1 && mm <= 20))
    throw new TypeError(`--spacing-mm is "${value}": give three lengths from 0.1 to 20, as 0.94,0.94,1.`);
  return [x, y, z];
}
