import { sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { MemberId, ProtocolId, SiteId, TaskId } from '#core/domain/ids.ts';
import type { LabelComparison } from '#core/label/compare-labels.ts';

export interface FiguresFilter {
  readonly siteIds?: readonly SiteId[] | undefined;
  readonly readerIds?: readonly MemberId[] | undefined;
  readonly protocolId?: ProtocolId | undefined;
  readonly acceptedFrom?: Date | undefined;
  readonly acceptedBefore?: Date | undefined;
  readonly taskId?: TaskId | undefined;
}

/** A read against a reference, with what rows are made by. */
export interface FiguresRow {
  readonly task_id: TaskId;
  readonly reader_id: MemberId;
  readonly reader: string;
  /** Null for the ground truth and for a reader whose reads the caller may not see. */
  readonly reference: string | null;
  readonly against_truth: boolean;
  /** A reader against an earlier read of theirs. */
  readonly repeated: boolean;
  readonly site: string;
  /** YYYY-MM, UTC. */
  readonly month: string;
  readonly arm: 'ASSISTED' | 'UNASSISTED' | null;
  readonly comparison: LabelComparison;
  readonly edited_voxels: number | null;
  readonly draft_voxels: number | null;
  readonly seconds_spent: number;
  readonly slice_votes: number[] | null;
}

/** Reads that one question may be about. */
export const mostFigures = 20_000;

/** When a task was accepted, or the repeat signed. With a read r of the task t. */
const ended = sql<Date>`coalesce(t.accepted_at, r.signed_at)`;

/** In the order in which the tasks were accepted; one more than `mostFigures` if there are more. */
export async function readFigures(
  db: Db,
  { siteIds, readerIds, protocolId, acceptedFrom, acceptedBefore, taskId }: FiguresFilter,
): Promise<FiguresRow[]> {
  const rows = await db
    .selectFrom('read_figures as f')
    .innerJoin('task as t', (join) => join.onRef('t.tenant_id', '=', 'f.tenant_id').onRef('t.id', '=', 'f.task_id'))
    .innerJoin('study as s', (join) => join.onRef('s.tenant_id', '=', 't.tenant_id').onRef('s.id', '=', 't.study_id'))
    .innerJoin('site as w', (join) => join.onRef('w.tenant_id', '=', 's.tenant_id').onRef('w.id', '=', 's.site_id'))
    .innerJoin('read as r', (join) => join.onRef('r.tenant_id', '=', 'f.tenant_id').onRef('r.id', '=', 'f.read_id'))
    .innerJoin('member as m', (join) => join.onRef('m.tenant_id', '=', 'f.tenant_id').onRef('m.id', '=', 'f.reader_id'))
    .leftJoin('read as o', (join) =>
      join.onRef('o.tenant_id', '=', 'f.tenant_id').onRef('o.id', '=', 'f.reference_read_id'),
    )
    .leftJoin('member as n', (join) => join.onRef('n.tenant_id', '=', 'o.tenant_id').onRef('n.id', '=', 'o.reader_id'))
    .select(['f.task_id', 'f.reader_id', 'm.name as reader', 'n.name as reference', 'w.name as site', 'r.arm'])
    .select(['f.comparison', 'f.edited_voxels', 'f.draft_voxels', 'r.seconds_spent', 't.slice_votes'])
    .select([
      sql<boolean>`f.reference_read_id is null`.as('against_truth'),
      sql<boolean>`t.repeat_of_id is not null`.as('repeated'),
      sql<string>`to_char(${ended} at time zone 'UTC', 'YYYY-MM')`.as('month'),
    ])
    .where(sql<boolean>`(t.state = 'ACCEPTED' or (t.state = 'EXCLUDED' and t.repeat_of_id is not null))`)
    .$if(taskId !== undefined, (query) => query.where('f.task_id', '=', taskId!))
    .$if(siteIds !== undefined, (query) => query.where(sql<boolean>`s.site_id = any(${siteIds}::uuid[])`))
    .$if(readerIds !== undefined, (query) => query.where(sql<boolean>`f.reader_id = any(${readerIds}::uuid[])`))
    .$if(protocolId !== undefined, (query) => query.where('t.protocol_id', '=', protocolId!))
    .$if(acceptedFrom !== undefined, (query) => query.where(ended, '>=', acceptedFrom!))
    .$if(acceptedBefore !== undefined, (query) => query.where(ended, '<', acceptedBefore!))
    .orderBy(ended)
    .orderBy('f.read_id')
    .orderBy('f.reference_read_id')
    .limit(mostFigures + 1)
    .execute();
  return rows.map((row) => ({
    ...row,
    comparison: row.comparison as unknown as LabelComparison,
    edited_voxels: row.edited_voxels === null ? null : Number(row.edited_voxels),
    draft_voxels: row.draft_voxels === null ? null : Number(row.draft_voxels),
  }));
}
