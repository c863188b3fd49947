import { DomainError } from './errors.ts';
import { type LesionGroup, lesionGroups } from './lesion.ts';
import { SeededRandom } from './random.ts';

/** Side of a split. TRAIN: weights are learnt from it. DEVELOPMENT: thresholds are chosen on it. TEST: sealed. */
export const subsets = ['TRAIN', 'DEVELOPMENT', 'TEST'] as const;
export type Subset = (typeof subsets)[number];

/** A patient with all studies. */
export interface SplitPatient {
  readonly id: string;
  /** By the greatest lesion count of the patient's studies. */
  readonly group: LesionGroup;
  /** Where an earlier frozen dataset put the patient: TEST for ever, TRAIN and DEVELOPMENT never TEST. */
  readonly subset?: Subset;
  /** True if some accepted label began as what a version had found: judging a version by that would flatter it, so never newly TEST. */
  readonly assisted?: boolean;
}

export interface SplitOptions {
  readonly patients: readonly SplitPatient[];
  readonly seed: number;
  /** Test patients of each lesion count group; the paper took 17. */
  readonly testPerGroup: number;
  /** Training patients to one development patient; the paper took 20. */
  readonly trainPerDevelopment: number;
}

/**
 * Splits patients as the paper does (section "Study population"), scaled to smaller cohorts. The same patients and seed
 * give the same split, in whatever order they come.
 *
 * 1. TEST is drawn first, from each group alike, NONE too. A group gives `testPerGroup` patients but at most half of
 *    its own, rounded down; patients whose membership is permanent count towards that. If no group can give one by this
 *    rule, the largest group that can gives one. Patients whose label began as a version's draft are not drawn.
 * 2. Of the rest one in `trainPerDevelopment + 1` goes to DEVELOPMENT, rounded, at least one. Earlier DEVELOPMENT
 *    patients stay there, earlier TRAIN patients stay in TRAIN unless there is nobody else. At least one patient with
 *    lesions is in each of TRAIN and DEVELOPMENT; the draw of TEST leaves two for that.
 * @returns the side of each patient, by id
 * @throws DomainError SPLIT_IMPOSSIBLE if fewer than two patients with lesions are free of TEST
 * @throws RangeError if a patient comes twice or a number is out of range
 */
export function splitPatients({
  patients,
  seed,
  testPerGroup,
  trainPerDevelopment,
}: SplitOptions): ReadonlyMap<string, Subset> {
  requireCounts(testPerGroup, trainPerDevelopment);
  if (new Set(patients.map(({ id }) => id)).size < patients.length)
    throw new RangeError('a patient is given twice to be split');
  const random = new SeededRandom(seed);
  const shuffled = random.shuffle(patients.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
  const withLesions = shuffled.filter(({ group, subset }) => group !== 'NONE' && subset !== 'TEST').length;
  if (withLesions < 2)
    throw new DomainError(
      'SPLIT_IMPOSSIBLE',
      `Training and development need a patient with metastases each. Free of the test set: ${withLesions}. Add studies.`,
    );
  const sides = new Map<string, Subset>();
  for (const { id } of drawTest(shuffled, testPerGroup, withLesions - 2)) sides.set(id, 'TEST');
  const rest = shuffled.filter(({ id }) => !sides.has(id));
  for (const { id } of drawDevelopment(rest, trainPerDevelopment)) sides.set(id, 'DEVELOPMENT');
  for (const { id } of rest) if (!sides.has(id)) sides.set(id, 'TRAIN');
  return sides;
}

function requireCounts(testPerGroup: number, trainPerDevelopment: number): void {
  if (!Number.isInteger(testPerGroup) || testPerGroup < 0)
    throw new RangeError(`${testPerGroup} test patients of each group were asked for; give 0 or more`);
  if (!(trainPerDevelopment > 0))
    throw new RangeError(`${trainPerDevelopment} training patients to one for development; give more than 0`);
}

/** @param spare how many more patients with lesions TEST may take */
function drawTest(shuffled: readonly SplitPatient[], testPerGroup: number, spare: number): SplitPatient[] {
  const test = shuffled.filter(({ subset }) => subset === 'TEST');
  const groups = lesionGroups.map((group) => {
    const own = shuffled.filter((patient) => patient.group === group);
    const permanent = own.filter(({ subset }) => subset === 'TEST').length;
    const quota = Math.min(testPerGroup, Math.floor(own.length / 2)) - permanent;
    const open = own.filter(({ subset, assisted }) => subset === undefined && !assisted);
    return { group, open, take: Math.min(Math.max(0, quota), open.length) };
  });
  const bearing = groups.filter(({ group }) => group !== 'NONE');
  const judged = test.some(({ group }) => group !== 'NONE') || bearing.some(({ take }) => take > 0);
  if (testPerGroup > 0 && !judged) {
    const largest = bearing.reduce((a, b) => (b.open.length > a.open.length ? b : a));
    largest.take = Math.min(1, largest.open.length);
  }
  test.push(...groups.filter(({ group }) => group === 'NONE').flatMap(({ open, take }) => open.slice(0, take)));
  // Patient by patient in turn, so that groups share what there is to spare.
  const most = Math.max(...bearing.map(({ take }) => take));
  const inTurn = Array.from({ length: most }, (_, n) =>
    bearing.flatMap(({ open, take }) => (n < take ? [open[n]!] : [])),
  );
  return [...test, ...inTurn.flat().slice(0, Math.max(0, spare))];
}

function drawDevelopment(rest: readonly SplitPatient[], trainPerDevelopment: number): SplitPatient[] {
  const bears = ({ group }: SplitPatient): boolean => group !== 'NONE';
  const count = Math.max(1, Math.round(rest.length / (trainPerDevelopment + 1)));
  const rank = { DEVELOPMENT: 0, NEW: 1, TRAIN: 2, TEST: 3 };
  const byRank = rest.toSorted((a, b) => rank[a.subset ?? 'NEW'] - rank[b.subset ?? 'NEW']);
  const first = byRank.find(bears)!;
  const development = [first];
  let bearingLeft = rest.filter(bears).length - 1;
  for (const patient of byRank) {
    if (patient === first) continue;
    const wanted = patient.subset === 'DEVELOPMENT' || (patient.subset === undefined && development.length < count);
    if (!wanted || (bears(patient) && bearingLeft === 1)) continue;
    development.push(patient);
    if (bears(patient)) bearingLeft--;
  }
  return development;
}
