import type { Db } from '#core/db/database.ts';
import type { JobId } from '#core/domain/ids.ts';
import type { JobRow } from '../graphql/rows.ts';

/** Tables of the things that a job is for; each row names its newest job. */
const tables = {
  Preparation: 'preparation',
  TrainingRun: 'training_run',
  Evaluation: 'evaluation',
  Segmentation: 'segmentation',
  Delivery: 'delivery',
} as const;

export type JobNodeType = keyof typeof tables;

export const isJobNodeType = (type: string): type is JobNodeType => Object.hasOwn(tables, type);

/** The job of a preparation, training run, evaluation, segmentation or delivery; undefined if the caller may not see that. */
export async function findJob(db: Db, type: JobNodeType, id: string): Promise<JobRow | undefined> {
  const owner = await db
    .selectFrom(tables[type] as 'preparation')
    .select('job_id')
    .where('id', '=', id as never)
    .executeTakeFirst();
  return owner && readJob(db, owner.job_id);
}

export const readJob = (db: Db, id: JobId): Promise<JobRow | undefined> =>
  db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst();
