import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { Condition, QidoQuery } from './qido-query.ts';

export interface FoundStudy {
  readonly studyInstanceUid: string;
  /** YYYY-MM-DD. */
  readonly studyDate: string | null;
  readonly studyDescription: string | null;
  readonly ageYears: number | null;
  readonly pseudonym: string;
  readonly sex: string | null;
  readonly modalities: readonly string[];
  readonly seriesCount: number;
  readonly instanceCount: number;
}

export interface FoundSeries extends FoundStudy {
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly description: string | null;
  readonly number: number | null;
  readonly seriesInstanceCount: number;
}

export interface FoundInstance extends FoundSeries {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly sha256: string;
  readonly instanceNumber: number | null;
  readonly frameCount: number | null;
  /** Row of the image; null for labels and results. */
  readonly instanceId: string | null;
}

type Clause = RawBuilder<unknown>;

/** LIKE pattern of a DICOM wildcard. */
const pattern = (text: string): string =>
  text
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');

const anyOf = (column: Clause, values: readonly string[]): Clause => sql`${column} in (${sql.join(values)})`;

function textIs(column: Clause, values: readonly string[]): Clause {
  const wild = values.filter((text) => /[*?]/.test(text));
  const exact = values.filter((text) => !wild.includes(text));
  return sql`(${sql.join(
    [...(exact.length > 0 ? [anyOf(column, exact)] : []), ...wild.map((text) => sql`${column} like ${pattern(text)}`)],
    sql` or `,
  )})`;
}

const sexes: Readonly<Record<string, string>> = { F: 'FEMALE', M: 'MALE', O: 'OTHER' };

/** Columns that conditions are on; `s` a study, `e` a row of dicom_series, `i` of dicom_instance. */
const columns: Readonly<Record<string, Clause>> = {
  '0020000D': sql`s.study_instance_uid`,
  '00100010': sql`p.pseudonym`,
  '00100020': sql`p.pseudonym`,
  '00081030': sql`s.description`,
  '00100040': sql`p.sex`,
  '0020000E': sql`e.series_instance_uid`,
  '00080060': sql`e.modality`,
  '0008103E': sql`e.description`,
  '00200011': sql`e.series_number::text`,
  '00080018': sql`i.sop_instance_uid`,
  '00080016': sql`i.sop_class_uid`,
  '00200013': sql`i.instance_number::text`,
};
const ofPatient = new Set(['00100010', '00100020', '00100040']);
const modalitiesInStudy = '00080061';
const ofStudy = new Set(['0020000D', '00081030', '00080020', modalitiesInStudy]);

function clauseOf(tag: string, condition: Condition): Clause {
  if (condition.of === 'EMPTY') return sql`false`;
  if (condition.of === 'DATE') {
    const { from, to } = condition;
    return sql`${from ? sql`s.study_date >= ${from}::date` : sql`true`} and ${to ? sql`s.study_date <= ${to}::date` : sql`true`}`;
  }
  const values = tag === '00100040' ? condition.values.map((sex) => sexes[sex] ?? '') : condition.values;
  // A subquery that is not made a join: it ends at the first series found, of which most studies have one.
  if (tag === modalitiesInStudy)
    return sql`(select true from dicom_series e where e.study_id = s.id and ${anyOf(sql`e.modality`, values)} limit 1)`;
  return condition.of === 'TEXT' ? textIs(columns[tag]!, values) : anyOf(columns[tag]!, values);
}

const all = (clauses: readonly Clause[]): Clause => (clauses.length > 0 ? sql.join(clauses, sql` and `) : sql`true`);

/** More rows than this are not looked up first. */
const few = 500;

/**
 * Whether many of the newest studies fulfil it: then a page is soon full, and to look for rare ones would take longer than the page, since
 * the planner gathers all studies that may be seen before it looks at the first series.
 */
async function isCommon(db: Db, clause: Clause): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select s.id from study s order by s.id desc limit 40) s where ${clause}`.execute(
    db,
  );
  return rows[0]!.n >= 10;
}

/** Conditions beside those on the study itself that few fulfil: those are found first, through an index on what is asked for. */
async function fewFirst(db: Db, { conditions }: QidoQuery): Promise<Clause[]> {
  const clauses: Clause[] = [];
  const patients = Object.entries(conditions).flatMap(([tag, one]) => (ofPatient.has(tag) ? clauseOf(tag, one) : []));
  if (patients.length > 0) {
    const { rows } = await sql<{
      id: string;
    }>`select p.id from subject p where ${all(patients)} limit ${few + 1}`.execute(db);
    if (rows.length > few) clauses.push(sql`s.subject_id in (select p.id from subject p where ${all(patients)})`);
    else clauses.push(sql`s.subject_id = any(${rows.map(({ id }) => id)}::uuid[])`);
  }
  for (const [tag, view, column] of [
    ['0020000E', 'dicom_series', 'series_instance_uid'],
    ['00080018', 'dicom_instance', 'sop_instance_uid'],
    ['00080060', 'dicom_series', 'modality'],
    [modalitiesInStudy, 'dicom_series', 'modality'],
  ] as const) {
    const condition = conditions[tag];
    if (condition?.of !== 'LIST') continue;
    if (column === 'modality' && (await isCommon(db, clauseOf(modalitiesInStudy, condition)))) continue;
    const { rows } = await sql<{ id: string }>`
      select study_id as id from ${sql.table(view)} where ${anyOf(sql.ref(column), condition.values)} limit ${few + 1}`.execute(
      db,
    );
    const ids = [...new Set(rows.map(({ id }) => id))];
    if (rows.length <= few) clauses.push(sql`s.id = any(${ids}::uuid[])`);
  }
  return clauses;
}

/** Studies that fulfil the conditions on them, newest first. */
async function studiesOf(db: Db, query: QidoQuery): Promise<Clause> {
  const first = await fewFirst(db, query);
  const rest = Object.entries(query.conditions).flatMap(([tag, condition]) =>
    ofStudy.has(tag) || condition.of === 'EMPTY' ? clauseOf(tag, condition) : [],
  );
  return sql`select s.id, s.subject_id, s.study_instance_uid, s.study_date, s.description, s.age_years from study s
    where ${all([...first, ...rest])} order by s.id desc`;
}

const below = ({ conditions }: QidoQuery): Clause =>
  all(
    Object.entries(conditions).flatMap(([tag, one]) =>
      ofStudy.has(tag) || ofPatient.has(tag) || one.of === 'EMPTY' ? [] : clauseOf(tag, one),
    ),
  );

const studyColumns = sql`page.study_instance_uid as "studyInstanceUid", page.study_date::text as "studyDate",
  page.description as "studyDescription", page.age_years as "ageYears", p.pseudonym, p.sex`;
/** What is told of the studies of one page only: patient, modalities and counts. */
const aboutStudies = sql`join subject p on p.id = page.subject_id
  left join lateral (
    select coalesce(array_agg(distinct modality order by modality), '{}') as modalities, count(*)::int as "seriesCount",
      coalesce(sum(instance_count), 0)::int as "instanceCount"
    from dicom_series where study_id = page.id) t on true`;

/** Studies that the caller may see, newest first, one more than `limit` if there are more. */
export async function findStudies(db: Db, query: QidoQuery): Promise<FoundStudy[]> {
  const { rows } = await sql<FoundStudy>`
    select ${studyColumns}, t.*
    from (${await studiesOf(db, query)} limit ${query.limit + 1} offset ${query.offset}) page
    ${aboutStudies} order by page.id desc`.execute(db);
  return rows;
}

// From the newest study on, so that a page is found without sorting all series: those of one study are sorted at a time. The
// offsets keep the planner from turning the order of the loops round.
const eachSeries = sql`cross join lateral (select * from dicom_series where study_id = s.id offset 0) e`;
const seriesColumns = sql`page.series_instance_uid as "seriesInstanceUid", page.modality, page.series_description as description,
  page.series_number as "number", page.instance_count as "seriesInstanceCount"`;
const ofSeries = sql`s.*, e.series_instance_uid, e.modality, e.description as series_description, e.series_number, e.instance_count`;

/** Series of every origin: images, labels and results. Row-level security leaves out what is hidden from a blind reader. */
export async function findSeries(db: Db, query: QidoQuery): Promise<FoundSeries[]> {
  const { rows } = await sql<FoundSeries>`
    select ${studyColumns}, ${seriesColumns}, t.*
    from (
      select ${ofSeries} from (${await studiesOf(db, query)} offset 0) s ${eachSeries}
      where ${below(query)}
      order by s.id desc, e.series_number nulls last, e.series_instance_uid
      limit ${query.limit + 1} offset ${query.offset}) page
    ${aboutStudies} order by page.id desc, page.series_number nulls last, page.series_instance_uid`.execute(db);
  return rows;
}

/** Instances of listed series. */
export async function findInstances(db: Db, query: QidoQuery): Promise<FoundInstance[]> {
  const { rows } = await sql<FoundInstance>`
    select ${studyColumns}, ${seriesColumns}, page.sop_instance_uid as "sopInstanceUid", page.sop_class_uid as "sopClassUid",
      page.transfer_syntax_uid as "transferSyntaxUid", page.sha256, page.instance_number as "instanceNumber",
      page.frame_count as "frameCount", page.instance_id as "instanceId", t.*
    from (
      select ${ofSeries}, i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, i.sha256, i.instance_number, i.frame_count,
        i.instance_id
      from (${await studiesOf(db, query)} offset 0) s ${eachSeries}
      cross join lateral (
        select * from dicom_instance x
        where x.study_id = s.id and x.series_instance_uid = e.series_instance_uid and x.listed offset 0) i
      where ${below(query)}
      order by s.id desc, e.series_number nulls last, e.series_instance_uid, i.instance_number nulls last, i.sop_instance_uid
      limit ${query.limit + 1} offset ${query.offset}) page
    ${aboutStudies}
    order by page.id desc, page.series_number nulls last, page.series_instance_uid, page.instance_number nulls last,
      page.sop_instance_uid`.execute(db);
  return rows;
}
