import { buildDataset } from '#core/dicom/build-dataset.ts';
import { Dataset } from '#core/dicom/dataset.ts';
import { toDicomJson } from '#core/dicom/dicom-json.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { randomUid, uids } from '#core/dicom/uid.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { newId, type RolloutId, type SegmentationId, type SeriesId } from '#core/domain/ids.ts';
import { putContent } from '#core/storage/content.ts';
import type { Caller } from '../../api/context.ts';
import { startApi, type TestApi } from './api-server.ts';
import { LearningRows } from './learning.ts';
import { boxes, segOf } from './reading.ts';
import { createTenant, type TestTenant } from './tenant.ts';

type Who = 'clinician' | 'elsewhere' | 'blind' | 'coordinator' | 'stranger';

/** An API with one study of two series, a label of a read and a version's answer, and the people who may see all, some or none of it. */
export interface Archive {
  readonly api: TestApi;
  readonly tenant: TestTenant;
  readonly people: Readonly<Record<Who, Caller>>;
  readonly study: string;
  /** BRAVO of three uncompressed slices; FLAIR of one slice in RLE. */
  readonly bravo: {
    readonly series: string;
    readonly instances: readonly string[];
    readonly files: readonly Uint8Array[];
  };
  readonly flair: { readonly series: string; readonly instance: string };
  readonly label: { readonly series: string; readonly instance: string };
  readonly result: { readonly series: string; readonly instance: string };
  get(who: Who, path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

export const columns = 16;
export const rows = 12;

/** One slice: pixel n of slice k is 100 k + n. */
function slice(study: string, series: string, k: number): Dataset {
  return buildDataset({
    SOPClassUID: uids.mrImage, SOPInstanceUID: randomUid(), StudyInstanceUID: study, SeriesInstanceUID: series, Modality: 'MR',
    PatientID: 'PSEUDONYM', PatientName: 'PSEUDONYM', InstanceNumber: k + 1, Rows: rows, Columns: columns, BitsAllocated: 16, BitsStored: 16,
    HighBit: 15, PixelRepresentation: 0, SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2', WindowCenter: 100, WindowWidth: 200,
    PixelData: Uint16Array.from({ length: rows * columns }, (_, n) => 100 * k + n),
  }); // biome-ignore format: a table
}

/** The file with its pixels in RLE, without compressing them: literal runs of up to 128 bytes, most significant bytes first. */
function rleFile(dataset: Dataset): Uint8Array {
  const pixels = dataset.bytes('PixelData')!;
  const segments = [1, 0].map((offset) => {
    const bytes = pixels.filter((_, n) => n % 2 === offset);
    const runs = Array.from({ length: Math.ceil(bytes.length / 128) }, (_, n) =>
      bytes.subarray(128 * n, 128 * n + 128),
    );
    return Buffer.concat(runs.flatMap((run) => [Buffer.of(run.length - 1), run]));
  });
  const header = Buffer.alloc(64);
  for (const [n, value] of [2, 64, 64 + segments[0]!.length].entries()) header.writeUInt32LE(value, 4 * n);
  const fragments = [new Uint8Array(), new Uint8Array(Buffer.concat([header, ...segments]))];
  const element = { kind: 'fragments', tag: 0x7fe00010, vr: 'OB', fragments } as const;
  return writePart10(new Dataset([...dataset.elements.values(), element]), uids.rleLossless);
}

export async function openArchive(): Promise<Archive> {
  const api = await startApi();
  const tenant = await createTenant(api.services.database, 'Consortium', api.issuer);
  const other = await createTenant(api.services.database, 'Others', api.issuer);
  const [siteA, siteB] = tenant.siteIds;
  const people = {
    clinician: await tenant.member('clinician', ['CLINICIAN', siteA]),
    elsewhere: await tenant.member('elsewhere', ['CLINICIAN', siteB]),
    blind: await tenant.member('blind', 'READER', 'ENGINEER', 'COORDINATOR'),
    coordinator: await tenant.member('coordinator', 'COORDINATOR'),
    stranger: await other.member('stranger', 'COORDINATOR', 'ENGINEER', 'CLINICIAN'),
  };
  const rowsOf = new LearningRows(api.services.database, tenant.tenantId);
  const made = await rowsOf.study({ siteId: siteA });
  const study = randomUid();
  const bravo = { series: randomUid(), instances: [] as string[], files: [] as Uint8Array[] };
  const flair = { series: randomUid(), instance: '' };
  const store = (bytes: Uint8Array) => putContent(api.services.objects, tenant.tenantId, bytes);
  const inTenant = rowsOf.inTenant.bind(rowsOf);
  await inTenant((db) =>
    db
      .updateTable('study')
      .set({ study_instance_uid: study, study_date: '2024-02-29', description: 'MR HEAD' })
      .where('id', '=', made.studyId)
      .execute(),
  );
  const insert = async (
    role: 'BRAVO' | 'FLAIR',
    series: string,
    number: number,
    bytes: Uint8Array,
  ): Promise<string> => {
    const { sha256, sizeBytes } = await store(bytes);
    const { dataset, transferSyntaxUid } = parsePart10(bytes);
    const uid = dataset.requireText('SOPInstanceUID');
    await inTenant(async (db) => {
      const row = await db
        .updateTable('series')
        .set({ series_instance_uid: series, series_number: number, description: role })
        .where('study_id', '=', made.studyId)
        .where('role', '=', role)
        .returning('id')
        .executeTakeFirstOrThrow();
      const place = { tenant_id: tenant.tenantId, id: newId(), series_id: row.id as SeriesId, sop_instance_uid: uid };
      const what = { sop_class_uid: uids.mrImage, transfer_syntax_uid: transferSyntaxUid, sha256, source_hash: 'x' };
      const metadata = JSON.stringify(toDicomJson(dataset));
      const values = {
        ...place,
        ...what,
        size_bytes: sizeBytes,
        instance_number: dataset.number('InstanceNumber')!,
        metadata,
      };
      await db
        .insertInto('instance')
        .values(values as never)
        .execute();
    });
    return uid;
  };
  for (let k = 0; k < 3; k++) {
    const bytes = writePart10(slice(study, bravo.series, k));
    bravo.files.push(bytes);
    bravo.instances.push(await insert('BRAVO', bravo.series, 3, bytes));
  }
  flair.instance = await insert('FLAIR', flair.series, 4, rleFile(slice(study, flair.series, 0)));
  const label = { series: randomUid(), instance: randomUid() };
  const result = { series: randomUid(), instance: randomUid() };
  await insertLabel(
    rowsOf,
    tenant,
    people,
    made,
    label,
    await store(segOf(boxes([1, 1, 1, 2]), study, label.instance)),
  );
  await insertAnswer(
    rowsOf,
    tenant,
    people,
    made,
    result,
    await store(segOf(boxes([3, 3, 1, 2]), study, result.instance)),
  );
  await rowsOf.blind(made, people.blind.memberId, 2);
  const get: Archive['get'] = async (who, path, headers = {}) => {
    const authorization = `Bearer ${await api.token(people[who].memberId)}`;
    return fetch(`${api.address}/dicomweb${path}`, { headers: { authorization, ...headers } });
  };
  return { api, tenant, people, study, bravo, flair, label, result, get };
}

type Rows = Awaited<ReturnType<LearningRows['study']>>;
type Put = Awaited<ReturnType<typeof putContent>>;
type Uids = { series: string; instance: string };

async function insertLabel(
  rowsOf: LearningRows,
  { tenantId: tenant_id }: TestTenant,
  { coordinator }: Archive['people'],
  made: Rows,
  uid: Uids,
  { sha256 }: Put,
): Promise<void> {
  const { taskId } = await rowsOf.accept(made, 1);
  const [readId, id] = [newId(), newId()];
  await rowsOf.inTenant(async (db) => {
    const read = {
      tenant_id,
      id: readId,
      task_id: taskId,
      kind: 'DELINEATE',
      state: 'STARTED',
      reader_id: coordinator.memberId,
    };
    await db
      .insertInto('read')
      .values(read as never)
      .execute();
    const seg = { seg_sha256: sha256, seg_sop_instance_uid: uid.instance, seg_series_instance_uid: uid.series };
    const revision = {
      tenant_id,
      id,
      task_id: taskId,
      read_id: readId,
      member_id: coordinator.memberId,
      label_sha256: sha256,
    };
    await db
      .insertInto('revision')
      .values({ ...revision, ...seg, voxel_count: 8, lesion_count: 1 } as never)
      .execute();
    await db
      .updateTable('read')
      .set({ head_id: id } as never)
      .where('id', '=', readId as never)
      .execute();
  });
}

async function insertAnswer(
  rowsOf: LearningRows,
  { tenantId: tenant_id }: TestTenant,
  { clinician }: Archive['people'],
  { studyId, preparationId }: Rows,
  uid: Uids,
  { sha256, sizeBytes }: Put,
): Promise<void> {
  const versionId = await rowsOf.approvedVersion(1, clinician.memberId);
  const [id, rollout, job] = [newId<SegmentationId>(), newId<RolloutId>(), newId()];
  await rowsOf.inTenant(async (db) => {
    await db
      .insertInto('rollout')
      .values({ tenant_id, id: rollout, model_version_id: versionId, stage: 'LIVE' })
      .execute();
    await db
      .insertInto('job')
      .values({ tenant_id, id: job, kind: 'SEGMENT', object_id: id } as never)
      .execute();
    const of = { study_id: studyId, preparation_id: preparationId, model_version_id: versionId, rollout_id: rollout };
    const asked = { requested_by: clinician.memberId, job_id: job, idempotency_key: 'archive-1', state: 'COMPLETED' };
    await db
      .insertInto('segmentation')
      .values({ tenant_id, id, ...of, ...asked } as never)
      .execute();
    const object = { series_instance_uid: uid.series, sop_instance_uid: uid.instance, sha256, size_bytes: sizeBytes };
    await db
      .insertInto('segmentation_result')
      .values({ tenant_id, segmentation_id: id, kind: 'SEG', ...object })
      .execute();
  });
}
