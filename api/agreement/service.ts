import { DomainError } from '#core/domain/errors.ts';
import type { TaskId } from '#core/domain/ids.ts';
import {
  type AgreementFigures,
  agreementFigures,
  type DiameterBand,
  fleissKappa,
} from '#core/label/agreement-figures.ts';
import type { Context } from '../context.ts';
import { type FiguresFilter, type FiguresRow, mostFigures, readFigures } from './store.ts';

export type RowKind = 'READER' | 'PAIR' | 'REPEAT' | 'SITE' | 'MONTH' | 'ARM';

/** A row of a report, as the schema tells it. */
export interface ReportRow extends Omit<AgreementFigures, 'dices' | 'volumePairs' | 'volumeLimitsMm3'> {
  readonly label: string;
  readonly fleissKappa: number | null;
  readonly volumeLimitsMm3: number[] | null;
  readonly dices: number[];
  readonly volumeMeansMm3: number[];
  readonly volumeDifferencesMm3: number[];
}

export interface Question {
  readonly by: RowKind;
  readonly filter: FiguresFilter;
  readonly band: DiameterBand;
}

const mostRows = 500;
const mostPoints = 500;
const longestList = 100;

/** Agreement over the reads that the caller may see. @throws DomainError INVALID */
export async function reportAgreement(ctx: Context, { by, filter, band }: Question): Promise<ReportRow[]> {
  for (const name of ['siteIds', 'readerIds'] as const)
    if ((filter[name]?.length ?? 0) > longestList)
      throw new DomainError('INVALID', `Name at most ${longestList}.`, { path: ['filter', name] });
  if (!(band.minMm >= 0 && band.minMm < band.maxMm))
    throw new DomainError('INVALID', 'A band of diameters begins at 0 or above, and before it ends.', {
      path: ['filter', 'minDiameterMm'],
    });
  const rows = await readFigures(ctx.db, filter);
  if (rows.length > mostFigures) {
    const message = `More than ${mostFigures.toLocaleString('en')} reads match: name sites, readers, a protocol or a time.`;
    throw new DomainError('INVALID', message, { path: ['filter'] });
  }
  const wanted = rows.filter(({ against_truth, repeated }) =>
    by === 'REPEAT' ? repeated : !repeated && against_truth === (by !== 'PAIR'),
  );
  const groups = Map.groupBy(
    wanted.flatMap((row) => {
      const label = labelOf[by](row);
      return label === undefined ? [] : [{ label, row }];
    }),
    ({ label }) => label,
  );
  if (groups.size > mostRows)
    throw new DomainError('INVALID', `The report would have more than ${mostRows} rows: ask for less at once.`, {
      path: ['filter'],
    });
  const among = by === 'SITE' || by === 'MONTH';
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, members]) => {
      const own = members.map(({ row }) => row);
      return rowOf(label, own, band, among ? fleissOf(own) : null);
    });
}

/** Agreement of each read of a task with its ground truth, then with each other read. */
export async function taskFigures(ctx: Context, taskId: TaskId): Promise<ReportRow[]> {
  const rows = await readFigures(ctx.db, { taskId });
  const all = { minMm: 0, maxMm: Number.POSITIVE_INFINITY };
  return [true, false].flatMap((truth) =>
    rows
      .filter(({ against_truth }) => against_truth === truth)
      .map((row) => rowOf(truth ? row.reader : pairOf(row), [row], all, null)),
  );
}

const pairOf = ({ reader, reference }: FiguresRow): string => `${reader} against ${reference ?? 'another reader'}`;

/** What a read's row is called; undefined for a read that is in none. */
const labelOf: Readonly<Record<RowKind, (row: FiguresRow) => string | undefined>> = {
  READER: ({ reader }) => reader,
  PAIR: pairOf,
  REPEAT: ({ reader }) => reader,
  SITE: ({ site }) => site,
  MONTH: ({ month }) => month,
  ARM: ({ arm }) => arm ?? undefined,
};

function rowOf(label: string, rows: readonly FiguresRow[], band: DiameterBand, kappa: number | null): ReportRow {
  const { dices, volumePairs, volumeLimitsMm3, ...figures } = agreementFigures(
    rows.map((row) => ({
      taskId: row.task_id,
      comparison: row.comparison,
      secondsSpent: row.seconds_spent,
      draft:
        row.edited_voxels === null || row.draft_voxels === null
          ? null
          : { editedVoxels: row.edited_voxels, voxels: row.draft_voxels },
    })),
    band,
  );
  const pairs = thinned(volumePairs);
  return {
    ...figures,
    label,
    fleissKappa: kappa,
    volumeLimitsMm3: volumeLimitsMm3 && [...volumeLimitsMm3],
    dices: thinned(dices),
    volumeMeansMm3: pairs.map(({ meanMm3 }) => meanMm3),
    volumeDifferencesMm3: pairs.map(({ differenceMm3 }) => differenceMm3),
  };
}

/** At most `mostPoints`, as far apart in the list as that allows. */
const thinned = <T>(points: readonly T[]): T[] =>
  points.length <= mostPoints
    ? [...points]
    : Array.from({ length: mostPoints }, (_, n) => points[Math.floor((n * points.length) / mostPoints)]!);

/** Among the independent readers of each task; null unless all tasks have as many. */
function fleissOf(rows: readonly FiguresRow[]): number | null {
  const byTask = [...new Map(rows.map(({ task_id, slice_votes }) => [task_id, slice_votes])).values()];
  const [first] = byTask;
  if (!first || byTask.some((votes) => votes?.length !== first.length)) return null;
  return fleissKappa(first.map((_, k) => byTask.reduce((sum, votes) => sum + votes![k]!, 0)));
}
