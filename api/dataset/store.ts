import type { Db } from '#core/db/database.ts';
import type { Subset } from '#core/domain/dataset-split.ts';
import type { DatasetId, StudyId } from '#core/domain/ids.ts';
import type { Page } from '../graphql/connection.ts';
import type { DatasetCaseRow, DatasetRow } from '../graphql/rows.ts';

/** Newest first. */
export const readDatasets = (db: Db, { limit, after }: Page): Promise<DatasetRow[]> =>
  db
    .selectFrom('dataset')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '<', after as DatasetId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();

export const readCases = (
  db: Db,
  datasetId: DatasetId,
  { limit, after }: Page,
  subset: Subset | undefined,
): Promise<DatasetCaseRow[]> =>
  db
    .selectFrom('dataset_case')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .$if(subset !== undefined, (query) => query.where('subset', '=', subset!))
    .$if(after !== undefined, (query) => query.where('study_id', '>', after as StudyId))
    .orderBy('study_id')
    .limit(limit + 1)
    .execute();
