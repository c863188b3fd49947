import DataLoader from 'dataloader';
import { type Insertable, sql } from 'kysely';
import { asService, type Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { JobId, LesionAgreementId, LesionId, ReadId, TaskId } from '#core/domain/ids.ts';
import { statesBefore } from '#core/domain/lifecycle.ts';
import type { Page } from '../graphql/connection.ts';
import type { LesionAgreementRow, LesionRow, LesionVerdictRow, ReadRow } from '../graphql/rows.ts';

export type AgreementKind = LesionAgreementRow['kind'];

export interface AgreementFilter {
  readonly kinds: readonly AgreementKind[] | undefined;
  /** Only those that this read has given no verdict on. */
  readonly openInRead: ReadId | undefined;
}

/** In the order of their numbers, by which `page.after` goes too. */
export const readAgreements = (
  db: Db,
  taskId: TaskId,
  { limit, after }: Page,
  { kinds, openInRead }: AgreementFilter,
): Promise<LesionAgreementRow[]> =>
  db
    .selectFrom('lesion_agreement')
    .selectAll()
    .where('task_id', '=', taskId)
    .$if(after !== undefined, (query) => query.where('number', '>', Number(after)))
    .$if(kinds !== undefined, (query) => query.where(sql<boolean>`kind = any(${kinds})`))
    .$if(openInRead !== undefined, (query) =>
      query.where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('verdict')
              .select('verdict.read_id')
              .whereRef('verdict.agreement_id', '=', 'lesion_agreement.id')
              .where('verdict.read_id', '=', openInRead!),
          ),
        ),
      ),
    )
    .orderBy('number')
    .limit(limit + 1)
    .execute();

/** What readers outlined at a place of the brain, with the reader of each. */
export const readOutlines = (
  db: Db,
  agreementId: LesionAgreementId,
): Promise<(LesionRow & { read_id: ReadId | null })[]> =>
  db
    .selectFrom('agreement_lesion')
    .innerJoin('lesion', 'lesion.id', 'agreement_lesion.lesion_id')
    .innerJoin('revision', 'revision.id', 'lesion.revision_id')
    .selectAll('lesion')
    .select('revision.read_id')
    .where('agreement_lesion.agreement_id', '=', agreementId)
    .execute();

/** Takes the place of an earlier verdict of the same read. */
export const putVerdict = (db: Db, verdict: Insertable<DB['verdict']>): Promise<unknown> =>
  db
    .insertInto('verdict')
    .values(verdict)
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'agreement_id', 'read_id']).doUpdateSet({
        decision: verdict.decision,
        lesion_ids: verdict.lesion_ids,
        reason: verdict.reason,
        member_id: verdict.member_id,
        at: sql<Date>`now()`,
      }),
    )
    .execute();

export interface DisputeRow {
  readonly number: number;
  readonly agreement_id: LesionAgreementId;
  /** Null while there is none of this read. */
  readonly decision: LesionVerdictRow['decision'] | null;
  readonly lesion_ids: LesionId[] | null;
  readonly reason: string | null;
}

/** What a read of the task has to settle, in the order of the numbers, with its verdicts so far. */
export const readDisputes = (db: Db, taskId: TaskId, readId: ReadId): Promise<DisputeRow[]> =>
  db
    .selectFrom('lesion_agreement as a')
    .leftJoin('verdict as v', (join) => join.onRef('v.agreement_id', '=', 'a.id').on('v.read_id', '=', readId))
    .select(['a.number', 'a.id as agreement_id', 'v.decision', 'v.lesion_ids', 'v.reason'])
    .where('a.task_id', '=', taskId)
    .where('a.kind', '<>', 'AGREED')
    .orderBy('a.number')
    .execute();

export interface SignatureFields {
  readonly printedName: string;
  readonly meaning: string;
  readonly sha256: string;
}

/** Signs and closes a read; undefined if it is in no state that allows it. */
export const signRead = (
  db: Db,
  id: ReadId,
  { printedName, meaning, sha256 }: SignatureFields,
): Promise<ReadRow | undefined> =>
  db
    .updateTable('read')
    .set({
      state: 'SUBMITTED',
      signed_name: printedName,
      signed_meaning: meaning,
      signed_sha256: sha256,
      signed_at: sql<Date>`now()`,
      returned_reason: null,
    })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('read.state', 'SUBMITTED'))
    .returningAll()
    .executeTakeFirst();

/** How many delineations of the task are signed; counted with the service's eyes, since its readers see only their own. */
export const countSubmitted = (db: Db, taskId: TaskId): Promise<number> =>
  asService(db, async () => {
    const { count } = await db
      .selectFrom('read')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('task_id', '=', taskId)
      .where('kind', '=', 'DELINEATE')
      .where('state', '=', 'SUBMITTED')
      .executeTakeFirstOrThrow();
    return count;
  });

/** Says which job compares the reads; undefined if the task is not DELINEATING. */
export const beginCrossCheck = (db: Db, taskId: TaskId, jobId: JobId): Promise<{ id: TaskId } | undefined> =>
  db
    .updateTable('task')
    .set({ state: 'CROSS_CHECKING', comparison_job_id: jobId })
    .where('id', '=', taskId)
    .where('state', 'in', statesBefore('task.state', 'CROSS_CHECKING'))
    .returning('id')
    .executeTakeFirst();

/** Says which job goes on from the verdicts; undefined if the task is in no state in which they are given. */
export const awaitComposition = (
  db: Db,
  taskId: TaskId,
  jobId: JobId,
  state: 'CROSS_CHECKING' | 'ADJUDICATING',
): Promise<{ id: TaskId } | undefined> =>
  db
    .updateTable('task')
    .set({ comparison_job_id: jobId })
    .where('id', '=', taskId)
    .where('state', '=', state)
    .returning('id')
    .executeTakeFirst();

/** Lesions outlined at places of the brain, by agreement id. */
export const lesionsByAgreement = (db: Db): DataLoader<string, LesionRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('agreement_lesion')
      .innerJoin('lesion', 'lesion.id', 'agreement_lesion.lesion_id')
      .selectAll('lesion')
      .select('agreement_lesion.agreement_id')
      .where('agreement_lesion.agreement_id', 'in', ids as LesionAgreementId[])
      .orderBy('lesion.id')
      .execute();
    return ids.map((id) => rows.filter(({ agreement_id }) => agreement_id === id));
  });

/** What a kind of read says of agreements, by agreement id; null where it says nothing, or nothing that the caller may see. */
const verdictsOf =
  (kind: LesionVerdictRow['kind']) =>
  (db: Db): DataLoader<string, LesionVerdictRow | null> =>
    new DataLoader(async (ids) => {
      const rows = await db
        .selectFrom('verdict as v')
        .selectAll('v')
        .where('v.agreement_id', 'in', ids as LesionAgreementId[])
        .where('v.kind', '=', kind)
        .orderBy('v.at')
        .execute();
      return ids.map((id) => rows.findLast(({ agreement_id }) => agreement_id === id) ?? null);
    });

/** How disputes were settled. */
export const verdictByAgreement = verdictsOf('ADJUDICATE');
/** What the second reader says of outlines. */
export const checkByAgreement = verdictsOf('CROSS_CHECK');
