import DataLoader from 'dataloader';
import { sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { SiteId, StudyId, SubjectId } from '#core/domain/ids.ts';
import type { PreparationState, TaskState } from '#core/domain/lifecycle.ts';
import type { Page } from '../graphql/connection.ts';
import type { SeriesRow, StudyRow } from '../graphql/rows.ts';

export interface StudyFilter {
  readonly siteIds?: readonly SiteId[] | undefined;
  readonly studyInstanceUid?: string | undefined;
  /** Judged by the newest preparation. */
  readonly preparationStates?: readonly PreparationState[] | undefined;
  /** Judged by the newest task that is no repeat, as the caller may see it: to whoever reads a repeat it is none. */
  readonly taskStates?: readonly TaskState[] | undefined;
}

/** Newest first. */
export function readStudies(db: Db, { limit, after }: Page, filter: StudyFilter): Promise<StudyRow[]> {
  const { siteIds, studyInstanceUid, preparationStates, taskStates } = filter;
  return db
    .selectFrom('study')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '<', after as StudyId))
    .$if(siteIds !== undefined, (query) => query.where('site_id', 'in', siteIds!))
    .$if(studyInstanceUid !== undefined, (query) => query.where('study_instance_uid', '=', studyInstanceUid!))
    .$if(preparationStates !== undefined, (query) =>
      query.where(
        (eb) =>
          eb
            .selectFrom('preparation as p')
            .select('p.state')
            .whereRef('p.study_id', '=', 'study.id')
            .orderBy('p.number', 'desc')
            .limit(1),
        'in',
        preparationStates!,
      ),
    )
    .$if(taskStates !== undefined, (query) =>
      query.where(
        sql<TaskState>`(select case when is_blind_to_task(t.id) and t.state not in ('ACCEPTED', 'EXCLUDED') then 'DELINEATING' else t.state end
          from task t where t.study_id = study.id and (t.repeat_of_id is null or is_blind_to_task(t.id)) order by t.round desc limit 1)`,
        'in',
        taskStates!,
      ),
    )
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
}

/** Series of studies, by study id, in the order of their numbers; of derived ones those of the newest preparation. */
export const seriesByStudy = (db: Db): DataLoader<string, SeriesRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('series')
      .selectAll()
      .where('study_id', 'in', ids as StudyId[])
      .where('replaced', '=', false)
      .orderBy('series_number')
      .orderBy('id')
      .execute();
    return ids.map((id) => rows.filter(({ study_id }) => study_id === id));
  });

/** Counts of instances, by series id. */
export const instanceCounts = (db: Db): DataLoader<string, number> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('instance')
      .select(['series_id', (eb) => eb.fn.countAll<number>().as('count')])
      .where('series_id', 'in', ids as never)
      .groupBy('series_id')
      .execute();
    const counts = new Map<string, number>(rows.map(({ series_id, count }) => [series_id, Number(count)]));
    return ids.map((id) => counts.get(id) ?? 0);
  });

/** A patient's studies, oldest first. */
export const readStudiesOfSubject = (db: Db, subjectId: SubjectId, { limit, after }: Page): Promise<StudyRow[]> =>
  db
    .selectFrom('study')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .$if(after !== undefined, (query) => query.where('id', '>', after as StudyId))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
