import { createHash } from 'node:crypto';
import type { Db } from '#core/db/database.ts';
import { serviceScope } from '#core/db/database.ts';
import type { SourceSeries } from '#core/dicom/derived-series.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { type Grid, voxelCount } from '#core/domain/geometry.ts';
import {
  type JobId,
  type MemberId,
  type ModelVersionId,
  newId,
  type RolloutId,
  type SegmentationId,
  type TenantId,
} from '#core/domain/ids.ts';
import { objectKey } from '#core/storage/keys.ts';
import { segment } from '../../gpu-worker/postprocess/segment.ts';
import { resultFiles } from '../../gpu-worker/stages/segment-results.ts';
import type { TestStudy } from './learning.ts';
import type { TestServices } from './services.ts';

const grid: Grid = { size: [24, 20, 8], indexToLps: [1.5, 0, 0, -9, 0, 1.5, 0, -7.5, 0, 0, 2.5, 20, 0, 0, 0, 1] };

/** By kind: UIDs and bytes of a result. */
export type StoredFiles = ReadonlyMap<string, { readonly sopInstanceUid: string; readonly bytes: Uint8Array }>;

/** A COMPLETED segmentation of two lesions, whose DICOM files lie in the object store, as a worker would leave it. */
export async function storeAnswer(
  { services }: TestServices,
  tenantId: TenantId,
  of: { study: TestStudy; versionId: ModelVersionId; requestedBy: MemberId },
): Promise<{ id: SegmentationId; studyInstanceUid: string; files: StoredFiles }> {
  const id = newId<SegmentationId>();
  const source: SourceSeries = {
    studyInstanceUid: randomUid(),
    seriesInstanceUid: randomUid(),
    frameOfReferenceUid: randomUid(),
    sopInstanceUids: Array.from({ length: grid.size[2] }, () => randomUid()),
    patient: { id: 'P-1' },
    study: {},
  };
  const data = new Float32Array(voxelCount(grid));
  for (const at of [130, 400, 1500]) data.fill(0.95, at, at + 3);
  const map = { grid, data };
  const found = segment(map, { grid, data: new Uint8Array(data.length).fill(1) }, { threshold: 0.5 });
  const files = new Map<string, { sopInstanceUid: string; bytes: Uint8Array }>();
  const rows: Parameters<typeof insert>[1]['results'][number][] = [];
  const answer = { id, versionNumber: 1, threshold: 0.5, segmentForm: 'EACH_LESION' as const, source, map, found };
  for (const { kind, identity, bytes } of resultFiles(answer)) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await services.objects.put(objectKey(tenantId, sha256), bytes);
    files.set(kind, { sopInstanceUid: identity.sopInstanceUid, bytes });
    const uids = { series_instance_uid: identity.seriesInstanceUid, sop_instance_uid: identity.sopInstanceUid };
    rows.push({ kind, sha256, size_bytes: bytes.length, ...uids });
  }
  await services.database.inTenant(serviceScope(tenantId), (db) => insert(db, { tenantId, id, ...of, results: rows }));
  return { id, studyInstanceUid: source.studyInstanceUid, files };
}

async function insert(
  db: Db,
  one: {
    tenantId: TenantId;
    id: SegmentationId;
    study: TestStudy;
    versionId: ModelVersionId;
    requestedBy: MemberId;
    results: readonly {
      kind: 'SEG' | 'PROBABILITY_MAP' | 'MEASUREMENTS' | 'CONTOURS';
      sha256: string;
      size_bytes: number;
      series_instance_uid: string;
      sop_instance_uid: string;
    }[];
  },
): Promise<void> {
  const { tenantId: tenant_id, id, study, versionId, requestedBy } = one;
  const [rolloutId, jobId] = [newId<RolloutId>(), newId<JobId>()];
  await db
    .insertInto('rollout')
    .values({ tenant_id, id: rolloutId, model_version_id: versionId, stage: 'SHADOW' })
    .execute();
  await db
    .insertInto('job')
    .values({ tenant_id, id: jobId, kind: 'SEGMENT', object_id: id, state: 'SUCCEEDED' })
    .execute();
  await db
    .insertInto('segmentation')
    .values({
      ...{ tenant_id, id, study_id: study.studyId, preparation_id: study.preparationId, model_version_id: versionId },
      ...{ rollout_id: rolloutId, requested_by: requestedBy, job_id: jobId, idempotency_key: id, state: 'COMPLETED' },
    })
    .execute();
  await db
    .insertInto('segmentation_result')
    .values(one.results.map((result) => ({ tenant_id, segmentation_id: id, ...result })))
    .execute();
}
