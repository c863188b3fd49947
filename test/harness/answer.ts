import type { SourceSeries } from '#core/dicom/derived-series.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { writeParametricMap } from '#core/dicom/write-parametric-map.ts';
import type { LabelVolume, Volume } from '#core/domain/geometry.ts';
import {
  type JobId,
  type LesionId,
  type ModelVersionId,
  newId,
  type RolloutId,
  type SegmentationId,
} from '#core/domain/ids.ts';
import { measureLesions } from '#core/label/measure.ts';
import { putContent } from '#core/storage/content.ts';
import type { Desk } from './desk.ts';
import { LearningRows } from './learning.ts';
import { segOf, type TestStudy } from './reading.ts';

export interface InsertedAnswer {
  readonly id: SegmentationId;
  /** Of the SEG. */
  readonly seriesInstanceUid: string;
  /** Of the probability map. */
  readonly mapSeriesUid: string;
}

/** An approved version of the desk's tenant. */
export async function approveVersion({ t, room }: Desk): Promise<ModelVersionId> {
  const rows = new LearningRows(t.services.database, room.tenant.tenantId);
  await rows.accept(await rows.study({ siteId: room.tenant.siteIds[0] }), 1);
  return (await rows.approvedVersion(1, room.people.admin.memberId)) as ModelVersionId;
}

/** A version's answer for a study, as the worker leaves it: a SEG, its lesions, and where given the probability map. */
export async function insertAnswer(
  { t, room, inTenant }: Desk,
  modelVersionId: ModelVersionId,
  study: TestStudy,
  label: LabelVolume,
  map?: Volume<Float32Array>,
): Promise<InsertedAnswer> {
  const { tenantId } = room.tenant;
  const tenant = { tenant_id: tenantId };
  const [id, job_id, rollout_id] = [newId<SegmentationId>(), newId<JobId>(), newId<RolloutId>()];
  const uids = { sop: randomUid(), series: randomUid(), mapSeries: randomUid() };
  const seg = segOf(label, study.studyInstanceUid, uids.sop);
  const files = [
    { kind: 'SEG', series: uids.series, sop: uids.sop, bytes: seg },
    ...(map
      ? [{ kind: 'PROBABILITY_MAP', series: uids.mapSeries, sop: randomUid(), bytes: mapOf(map, study) } as const]
      : []),
  ] as const;
  const stored = await Promise.all(files.map(({ bytes }) => putContent(t.services.objects, tenantId, bytes)));
  await inTenant(async (db) => {
    const preparation = await db
      .selectFrom('preparation')
      .select('id')
      .where('study_id', '=', study.id)
      .executeTakeFirstOrThrow();
    await db
      .insertInto('job')
      .values({ ...tenant, id: job_id, kind: 'SEGMENT', object_id: id })
      .execute();
    await db
      .insertInto('rollout')
      .values({ ...tenant, id: rollout_id, model_version_id: modelVersionId, stage: 'LIVE' })
      .execute();
    await db
      .insertInto('segmentation')
      .values({
        ...{ ...tenant, id, study_id: study.id, preparation_id: preparation.id, model_version_id: modelVersionId },
        ...{ rollout_id, requested_by: room.people.admin.memberId, job_id, state: 'COMPLETED' },
        idempotency_key: id,
      })
      .execute();
    for (const [n, { kind, series, sop, bytes }] of files.entries())
      await db
        .insertInto('segmentation_result')
        .values({
          ...{ ...tenant, segmentation_id: id, kind, series_instance_uid: series, sop_instance_uid: sop },
          ...{ sha256: stored[n]!.sha256, size_bytes: bytes.length },
        })
        .execute();
    for (const lesion of measureLesions(label))
      await db
        .insertInto('lesion')
        .values({
          ...{ ...tenant, id: newId<LesionId>(), segmentation_id: id, number: lesion.number, probability: 0.9 },
          ...{ voxel_count: lesion.voxelCount, volume_mm3: lesion.volumeMm3, slice_index: lesion.sliceIndex },
          ...{ longest_diameter_mm: lesion.longestDiameterMm, slice_count: lesion.sliceCount },
          perpendicular_diameter_mm: lesion.perpendicularDiameterMm,
          centroid_lps: [...lesion.centroidLps],
        })
        .execute();
  });
  return { id, seriesInstanceUid: uids.series, mapSeriesUid: uids.mapSeries };
}

function mapOf(map: Volume<Float32Array>, { studyInstanceUid }: TestStudy): Uint8Array {
  const source: SourceSeries = {
    ...{ studyInstanceUid, seriesInstanceUid: randomUid(), frameOfReferenceUid: randomUid() },
    sopInstanceUids: Array.from({ length: map.grid.size[2] }, randomUid),
    ...{ patient: { id: 'PSEUDONYM' }, study: {} },
  };
  const identity = {
    ...{ sopInstanceUid: randomUid(), seriesInstanceUid: randomUid(), seriesNumber: 911 },
    ...{ seriesDescription: 'Probability', contentDate: '20260101', contentTime: '120000', softwareVersion: 'test' },
  };
  return writeParametricMap({ map, source, identity });
}
