import { randomBytes } from 'node:crypto';
import type { Db } from '#core/db/database.ts';
import { serviceScope } from '#core/db/database.ts';
import { toDicomJson } from '#core/dicom/dicom-json.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { randomUid, uids } from '#core/dicom/uid.ts';
import { writeMr } from '#core/dicom/write-mr.ts';
import { canonicalJson, type Json } from '#core/domain/canonical-json.ts';
import { type DatasetManifest, type ManifestCase, sortedManifest } from '#core/domain/dataset-manifest.ts';
import type { Subset } from '#core/domain/dataset-split.ts';
import { type Grid, type LabelVolume, type Volume, voxelCount } from '#core/domain/geometry.ts';
import {
  type DatasetId,
  type InstanceId,
  type JobId,
  newId,
  type PreparationId,
  type RevisionId,
  type SeriesId,
  type SiteId,
  type StudyId,
  type SubjectId,
} from '#core/domain/ids.ts';
import { lesionGroup } from '#core/domain/lesion.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { type Sequence, sequences } from '#core/domain/sequence.ts';
import { encodeLabel } from '#core/label/label-file.ts';
import { putContent } from '#core/storage/content.ts';
import type { ObjectStore } from '#core/storage/object-store.ts';
import { encodePrepared } from '../../gpu-worker/stages/prepared-file.ts';
import { inPlaneGrid, resizeImage, resizeLabels } from '../../gpu-worker/volume/in-plane.ts';
import type { TestDatabase } from './database.ts';
import { preparedBy } from './learning.ts';
import type { TestTenant } from './tenant.ts';

/** The network's slices. */
export const sizePixels = 48;
/** BRAVO as acquired: finer than what the network sees. */
export const nativeGrid: Grid = {
  size: [60, 60, 12],
  indexToLps: [4, 0, 0, -118, 0, 4, 0, -118, 0, 0, 4, 7, 0, 0, 0, 1],
};

interface Ball {
  readonly centre: readonly [number, number, number];
  readonly radius: number;
}

/** What a learning problem is made with. */
export interface Setting {
  readonly test: TestDatabase;
  readonly objects: ObjectStore;
  readonly tenant: TestTenant;
}

const ballsOf = (seed: number, count: number): Ball[] => {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, (_, n) => ({
    centre: [18 + 24 * ((n % 2) + 0.2 * random.next()), 20 + 20 * random.next(), 3 + 6 * random.next()],
    radius: 3 + 1.5 * random.next(),
  }));
};

function headOf(seed: number, lesionCount: number): { bravo: Volume; brain: Volume<Uint8Array>; label: LabelVolume } {
  const random = new SeededRandom(seed + 1000);
  const [columns, rows, slices] = nativeGrid.size;
  const count = voxelCount(nativeGrid);
  const [bravo, brain, label] = [new Float32Array(count), new Uint8Array(count), new Uint16Array(count)];
  const balls = ballsOf(seed, lesionCount);
  for (let k = 0, n = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++, n++) {
        if (k === 0 || k === slices - 1 || Math.hypot(i - 30, j - 30) > 22) continue;
        brain[n] = 1;
        bravo[n] = 90 + 25 * random.next();
        balls.forEach(({ centre: [x, y, z], radius }, at) => {
          if (Math.hypot(i - x, j - y, k - z) > radius) return;
          label[n] = at + 1;
          bravo[n] = 115 + 60 * random.next();
        });
      }
  return {
    bravo: { grid: nativeGrid, data: bravo },
    brain: { grid: nativeGrid, data: brain },
    label: { grid: nativeGrid, data: label },
  };
}

async function storePrepared(
  objects: ObjectStore,
  tenantId: string,
  { bravo, brain }: ReturnType<typeof headOf>,
  without: Sequence | undefined,
): Promise<string> {
  const grid = inPlaneGrid(nativeGrid, sizePixels);
  const resized = resizeImage(bravo, grid);
  const brainMask = resizeLabels(brain, grid);
  const channel = { grid, data: Uint8Array.from(resized.data, (value, n) => (brainMask.data[n] ? value : 0)) };
  const all = { T1_PRE: channel, T1_POST: channel, BRAVO: channel, FLAIR: channel };
  const channels = without ? { ...all, [without]: null } : all;
  return (await putContent(objects, tenantId, encodePrepared({ grid, planHash: preparedBy, channels, brainMask })))
    .sha256;
}

export interface HeadOptions {
  readonly seed: number;
  readonly lesionCount: number;
  /** A sequence that was not acquired. */
  readonly without?: Sequence;
}

/** A study of a made-up head with bright balls for metastases, as uploading, preparing and reading leave it. */
export async function insertHead(
  { test, objects, tenant: { tenantId } }: Setting,
  siteId: SiteId,
  subset: Subset,
  { seed, lesionCount, without }: HeadOptions,
): Promise<ManifestCase> {
  const [studyId, subjectId, preparationId] = [newId<StudyId>(), newId<SubjectId>(), newId<PreparationId>()];
  const head = headOf(seed, lesionCount);
  const preparedSha256 = await storePrepared(objects, tenantId, head, without);
  const labelSha256 = (await putContent(objects, tenantId, encodeLabel(head.label))).sha256;
  const studyInstanceUid = randomUid();
  const common = { tenant_id: tenantId };
  await test.database.inTenant(serviceScope(tenantId), async (db) => {
    const subject = { ...common, id: subjectId, pseudonym: subjectId, subset };
    await db.insertInto('subject').values(subject).execute();
    const study = {
      ...common,
      id: studyId,
      site_id: siteId,
      subject_id: subjectId,
      study_instance_uid: studyInstanceUid,
    };
    await db.insertInto('study').values(study).execute();
    await insertBravo(db, objects, { tenantId, studyId, studyInstanceUid }, head.bravo);
    const jobId = newId<JobId>();
    const job = {
      ...common,
      id: jobId,
      kind: 'PREPARE' as const,
      object_id: preparationId,
      state: 'SUCCEEDED' as const,
    };
    await db.insertInto('job').values(job).execute();
    const stored = { prepared_sha256: preparedSha256, bravo_grid: JSON.stringify(nativeGrid) };
    const preparation = { ...common, id: preparationId, study_id: studyId, job_id: jobId, state: 'READY' as const };
    await db
      .insertInto('preparation')
      .values({ ...preparation, ...stored, plan: '{}', plan_hash: preparedBy, number: 1 })
      .execute();
  });
  const ids = { studyId, subjectId, siteId, revisionId: newId<RevisionId>(), preparationId };
  return { ...ids, subset, lesionGroup: lesionGroup(lesionCount), labelSha256, preparedSha256 };
}

async function insertBravo(
  db: Db,
  objects: ObjectStore,
  {
    tenantId,
    studyId,
    studyInstanceUid,
  }: { tenantId: TestTenant['tenantId']; studyId: StudyId; studyInstanceUid: string },
  { grid, data }: Volume,
): Promise<void> {
  const [seriesId, seriesInstanceUid, frameOfReferenceUid] = [newId<SeriesId>(), randomUid(), randomUid()];
  const files = writeMr({
    volume: { grid, data: Int16Array.from(data) },
    source: {
      ...{ studyInstanceUid, seriesInstanceUid, frameOfReferenceUid, sopInstanceUids: [randomUid()] },
      ...{ patient: { id: 'PSEUDONYM' }, study: {} },
    },
    frameOfReferenceUid,
    identity: {
      ...{ seriesInstanceUid, seriesNumber: 2, seriesDescription: 'BRAVO' },
      ...{ contentDate: '20260101', contentTime: '120000', softwareVersion: 'test' },
    },
    derivation: 'Made up',
    parameters: {
      seriesInstanceUid,
      imageType: [],
      scanningSequence: [],
      sequenceVariant: [],
      scanOptions: [],
      instanceCount: grid.size[2],
    },
  });
  await db
    .insertInto('series')
    .values({
      ...{ tenant_id: tenantId, id: seriesId, study_id: studyId, series_instance_uid: seriesInstanceUid },
      ...{ modality: 'MR', role: 'BRAVO', frame_of_reference_uid: frameOfReferenceUid },
    })
    .execute();
  for (const bytes of files) {
    const { sha256, sizeBytes } = await putContent(objects, tenantId, bytes);
    const { dataset } = parsePart10(bytes);
    await db
      .insertInto('instance')
      .values({
        ...{ tenant_id: tenantId, id: newId<InstanceId>(), series_id: seriesId, sha256, size_bytes: sizeBytes },
        ...{ sop_instance_uid: dataset.requireText('SOPInstanceUID'), sop_class_uid: uids.mrImage },
        ...{ transfer_syntax_uid: uids.explicitLittleEndian, source_hash: randomBytes(8).toString('hex') },
        metadata: JSON.stringify(toDicomJson(dataset)),
      })
      .execute();
  }
}

/** A frozen dataset of these cases. */
export async function freezeCases(
  { test, objects, tenant }: Setting,
  createdBy: string,
  cases: readonly ManifestCase[],
): Promise<{ datasetId: DatasetId; manifest: DatasetManifest; manifestSha256: string }> {
  const datasetId = newId<DatasetId>();
  const manifest = sortedManifest({
    ...{ schemaVersion: 1, datasetId, name: `Dataset ${datasetId}`, preparationPlanHash: preparedBy, cases },
    split: { seed: 1, testPerGroup: 1, trainPerDevelopment: 1 },
  });
  const bytes = new TextEncoder().encode(canonicalJson(manifest as unknown as Json));
  const { sha256 } = await putContent(objects, tenant.tenantId, bytes);
  await test.database.inTenant(serviceScope(tenant.tenantId), (db) =>
    db
      .insertInto('dataset')
      .values({
        ...{ tenant_id: tenant.tenantId, id: datasetId, name: manifest.name, state: 'FROZEN' },
        ...{ manifest_sha256: sha256, preparation_plan_hash: preparedBy, created_by: createdBy as never },
      })
      .execute(),
  );
  return { datasetId, manifest, manifestSha256: sha256 };
}

/** All channels of a made-up head are alike, and two are enough. */
export const learnedSequences = sequences.slice(1, 3);

/** The values of a parametric map on BRAVO's grid. */
export function mapOf(bytes: Uint8Array): Volume<Float32Array> {
  const values = parsePart10(bytes).dataset.bytes('FloatPixelData')!;
  return { grid: nativeGrid, data: new Float32Array(Uint8Array.from(values).buffer) };
}
