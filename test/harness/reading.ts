import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { serviceScope } from '#core/db/database.ts';
import type { SourceSeries } from '#core/dicom/derived-series.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import { type Grid, type LabelVolume, voxelCount } from '#core/domain/geometry.ts';
import {
  type JobId,
  type LesionAgreementId,
  newId,
  type PreparationId,
  type RevisionId,
  type SiteId,
  type StudyId,
  type SubjectId,
  type TenantId,
} from '#core/domain/ids.ts';
import { putContent } from '#core/storage/content.ts';
import { type Caller, scopeOf } from '../../api/context.ts';
import { globalId, localId } from '../../api/graphql/global-id.ts';
import type { Data, TestServices } from './services.ts';

/** A BRAVO too small for a head. */
export const grid: Grid = { size: [16, 12, 6], indexToLps: [1, 0, 0, -8, 0, 1, 0, -6, 0, 0, 2, 5, 0, 0, 0, 1] };

export interface TestStudy {
  readonly id: StudyId;
  readonly globalId: string;
  readonly studyInstanceUid: string;
}

/** A study with a preparation, as uploading and preparing leave it. */
export async function insertStudy(
  { services }: TestServices,
  tenantId: TenantId,
  siteId: SiteId,
  state: 'READY' | 'QUEUED' = 'READY',
): Promise<TestStudy> {
  const [id, subjectId, jobId] = [newId<StudyId>(), newId<SubjectId>(), newId<JobId>()];
  const studyInstanceUid = randomUid();
  await services.database.inTenant(serviceScope(tenantId), async (db) => {
    const tenant = { tenant_id: tenantId };
    await db
      .insertInto('subject')
      .values({ ...tenant, id: subjectId, pseudonym: subjectId })
      .execute();
    const study = { ...tenant, id, site_id: siteId, subject_id: subjectId, study_instance_uid: studyInstanceUid };
    await db.insertInto('study').values(study).execute();
    await db
      .insertInto('job')
      .values({ ...tenant, id: jobId, kind: 'PREPARE', object_id: id })
      .execute();
    const preparation = { ...tenant, id: newId<PreparationId>(), study_id: id, job_id: jobId, number: 1, state };
    const content = { prepared_sha256: '0'.repeat(64), bravo_grid: JSON.stringify(grid) };
    await db
      .insertInto('preparation')
      .values({ ...preparation, ...content, plan: '{}', plan_hash: '0'.repeat(64) })
      .execute();
  });
  return { id, globalId: globalId('Study', id), studyInstanceUid };
}

/** A label of boxes: lesion n is the n-th, from its corner (i, j, k), `size` voxels along each axis. */
export function boxes(...corners: readonly (readonly [i: number, j: number, k: number, size: number])[]): LabelVolume {
  const data = new Uint16Array(voxelCount(grid));
  const [columns, rows] = grid.size;
  for (const [n, [i0, j0, k0, size]] of corners.entries())
    for (let i = i0; i < i0 + size; i++)
      for (let j = j0; j < j0 + size; j++)
        for (let k = k0; k < k0 + size; k++) data[(k * rows + j) * columns + i] = n + 1;
  return { grid, data };
}

/** Compares the reads of a task as the service, with these places of disagreement, and gives them to adjudication. @returns their ids */
export async function compare(
  { services }: TestServices,
  tenantId: TenantId,
  taskId: string,
  places: readonly { kind: 'AGREED' | 'ONE_READER_ONLY' | 'BOUNDARY_DISPUTE'; lesions: readonly string[] }[],
): Promise<string[]> {
  const ids = places.map(() => newId<LesionAgreementId>());
  const task_id = localId('Task', taskId, []);
  await services.database.inTenant(serviceScope(tenantId), async (db) => {
    for (const [index, { kind, lesions }] of places.entries()) {
      const id = ids[index]!;
      await db
        .insertInto('lesion_agreement')
        .values({ tenant_id: tenantId, id, task_id, number: index + 1, kind })
        .execute();
      const rows = lesions.map((lesion) => ({
        tenant_id: tenantId,
        agreement_id: id,
        lesion_id: localId('Lesion', lesion, []),
      }));
      await db.insertInto('agreement_lesion').values(rows).execute();
    }
    await db
      .updateTable('task')
      .set({ state: 'ADJUDICATING' })
      .where('id', '=', task_id)
      .where('state', '=', 'CROSS_CHECKING')
      .returning('id')
      .executeTakeFirstOrThrow();
  });
  return ids.map((id) => globalId('LesionAgreement', id));
}

/** Accepts a copy of a revision as the ground truth of its task, as the service. @returns the ground truth's id */
export async function accept({ services }: TestServices, tenantId: TenantId, revisionId: string): Promise<string> {
  const id = newId<RevisionId>();
  await services.database.inTenant(serviceScope(tenantId), async (db) => {
    const copied = await db
      .selectFrom('revision')
      .selectAll()
      .where('id', '=', localId('Revision', revisionId, []))
      .executeTakeFirstOrThrow();
    await db
      .insertInto('revision')
      .values({ ...copied, id, read_id: null, parent_id: null, member_id: null })
      .execute();
    await db
      .updateTable('task')
      .set({ state: 'ACCEPTED', ground_truth_id: id })
      .where('id', '=', copied.task_id)
      .execute();
    await db.deleteFrom('blind_reader').where('task_id', '=', copied.task_id).execute();
  });
  return globalId('Revision', id);
}

/** What a client counts. */
export function counts({ data }: LabelVolume): { number: number; voxelCount: number }[] {
  const found = new Map<number, number>();
  for (const value of data) if (value > 0) found.set(value, (found.get(value) ?? 0) + 1);
  return [...found].sort(([a], [b]) => a - b).map(([number, count]) => ({ number, voxelCount: count }));
}

const places = (size: Grid['size']): [number, number, number][] =>
  Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => [
    n % size[0],
    Math.floor(n / size[0]) % size[1],
    Math.floor(n / (size[0] * size[1])),
  ]);

/** Halves every voxel of a label on the tests' grid, along each axis. */
export function halved({ data }: LabelVolume): LabelVolume {
  const size: Grid['size'] = [2 * grid.size[0], 2 * grid.size[1], 2 * grid.size[2]];
  const m = grid.indexToLps;
  // The first half voxel's middle lies a quarter of a voxel before the whole one's.
  const indexToLps = m.map((value, n) => {
    if (n >= 12) return value;
    if (n % 4 < 3) return value / 2;
    return value - (m[n - 3]! + m[n - 2]! + m[n - 1]!) / 4;
  });
  const fine = places(size).map(([i, j, k]) => data[((k >> 1) * grid.size[1] + (j >> 1)) * grid.size[0] + (i >> 1)]!);
  return { grid: { size, indexToLps }, data: Uint16Array.from(fine) };
}

/** A SEG of the label as a viewer writes it. */
export function segOf(
  label: LabelVolume,
  studyInstanceUid: string,
  sopInstanceUid: string,
  frameOfReferenceUid = randomUid(),
): Uint8Array {
  const source: SourceSeries = {
    studyInstanceUid,
    seriesInstanceUid: randomUid(),
    frameOfReferenceUid,
    sopInstanceUids: Array.from({ length: label.grid.size[2] }, randomUid),
    patient: { id: 'PSEUDONYM' },
    study: {},
  };
  const identity = {
    sopInstanceUid,
    seriesInstanceUid: randomUid(),
    seriesNumber: 900,
    seriesDescription: 'Metastases',
    contentDate: '20260101',
    contentTime: '120000',
    softwareVersion: 'test',
  };
  const segments = counts(label).map(({ number }) => ({
    number,
    label: `Metastasis ${number}`,
    algorithmType: 'MANUAL' as const,
  }));
  return writeSeg({ label, source, segments, identity });
}

/** Leaves bytes where STOW-RS leaves a SEG of the caller's. @returns its SOP instance UID */
export async function stageSeg(
  { services }: TestServices,
  caller: Caller,
  study: TestStudy,
  content: LabelVolume | Uint8Array,
  sopInstanceUid = randomUid(),
): Promise<string> {
  const bytes = content instanceof Uint8Array ? content : segOf(content, study.studyInstanceUid, sopInstanceUid);
  const { sha256, sizeBytes } = await putContent(services.objects, caller.tenantId, bytes);
  await services.database.inTenant(scopeOf(caller), (db) =>
    db
      .insertInto('staged_label')
      .values({
        tenant_id: caller.tenantId,
        id: randomUUID(),
        member_id: caller.memberId,
        study_id: study.id,
        sop_instance_uid: sopInstanceUid,
        series_instance_uid: randomUid(),
        sha256,
        size_bytes: sizeBytes,
      })
      .execute(),
  );
  return sopInstanceUid;
}

const userErrors = 'userErrors { code path message ... on ConflictError { current { __typename id } } }';

/** Calls a mutation that must be served; its payload tells whether it changed something. */
export async function mutate(
  { ask }: TestServices,
  caller: Caller,
  name: string,
  input: Record<string, unknown>,
  fields: string,
): Promise<Data> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const text = `mutation M($input: ${type}!) { ${name}(input: $input) { ${fields} ${userErrors} } }`;
  const { data, errors } = await ask(caller, text, { input });
  assert.deepEqual(errors, [], name);
  return data[name];
}

/** As `mutate`, for a call that must change something. */
export async function done(
  test: TestServices,
  caller: Caller,
  name: string,
  input: Record<string, unknown>,
  fields: string,
): Promise<Data> {
  const payload = await mutate(test, caller, name, input, fields);
  assert.deepEqual(payload.userErrors, [], name);
  return payload;
}

/** Code of the error of a call that must be refused. */
export async function refused(
  test: TestServices,
  caller: Caller,
  name: string,
  input: Record<string, unknown>,
): Promise<string> {
  const { userErrors: found } = await mutate(test, caller, name, input, '');
  assert.equal(found.length, 1, `${name} was not refused`);
  return found[0].code;
}

/** Saves a label of the caller's. @returns the payload's revision */
export async function save(
  test: TestServices,
  caller: Caller,
  study: TestStudy,
  readId: string,
  label: LabelVolume,
  parentId: string | null = null,
): Promise<Data> {
  const segments = counts(label);
  const segSopInstanceUid = segments.length > 0 ? await stageSeg(test, caller, study, label) : null;
  const input = { readId, parentId, segSopInstanceUid, segments };
  const fields = 'revision { id sha256 voxelCount autosaved lesions { id number voxelCount volumeMm3 } parent { id } }';
  return (await done(test, caller, 'revisionSave', input, fields)).revision;
}
