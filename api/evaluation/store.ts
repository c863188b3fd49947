import DataLoader from 'dataloader';
import type { Db } from '#core/db/database.ts';
import type { EvaluationId, ModelVersionId, TrainingRunId } from '#core/domain/ids.ts';
import type { Page } from '../graphql/connection.ts';
import type { EvaluationRow } from '../graphql/rows.ts';

const greatestList = 100;

/** Evaluations, by the id of the training run that they judge, newest first. */
export const evaluationsByRun = (db: Db): DataLoader<string, EvaluationRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('evaluation')
      .selectAll()
      .where('training_run_id', 'in', ids as TrainingRunId[])
      .orderBy('id', 'desc')
      .execute();
    return ids.map((id) => rows.filter((row) => row.training_run_id === id).slice(0, greatestList));
  });

/** Newest first. */
export const readEvaluationsOfVersion = (
  db: Db,
  versionId: ModelVersionId,
  { limit, after }: Page,
): Promise<EvaluationRow[]> =>
  db
    .selectFrom('evaluation')
    .selectAll()
    .where('model_version_id', '=', versionId)
    .$if(after !== undefined, (query) => query.where('id', '<', after as EvaluationId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();

/** Ids of the studies that the caller reads blind, of whose lesions they may learn nothing. */
export const readBlindStudies = (db: Db): DataLoader<string, ReadonlySet<string>> =>
  new DataLoader(async (memberIds) => {
    const rows = await db
      .selectFrom('blind_reader')
      .select(['member_id', 'study_id'])
      .where('member_id', 'in', memberIds as never)
      .execute();
    return memberIds.map((id) => new Set(rows.filter((row) => row.member_id === id).map((row) => row.study_id)));
  });
