import type { StudyId } from '#core/domain/ids.ts';
import type { DropReason, Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId, localId, localIds } from '../graphql/global-id.ts';
import type { SegmentationRow } from '../graphql/rows.ts';
import { cancelSegmentation, request } from './service.ts';
import { lesionsBySegmentation, lesionsNearAgreement, readSegmentations, resultsBySegmentation } from './store.ts';

/** As the worker writes them to `segmentation.dropped`. */
interface StoredFinding {
  readonly reason: DropReason;
  readonly volumeMm3: number;
  readonly centroidLps: readonly [number, number, number];
  readonly probability: number;
}

const droppedOf = ({ dropped }: SegmentationRow) =>
  (dropped as unknown as readonly StoredFinding[])
    .slice(0, 1000)
    .map(({ centroidLps: [x, y, z], ...finding }) => ({ ...finding, centroidLps: { x, y, z } }));

export const resolvers = {
  Query: {
    segmentations: async (_, { filter, ...args }, { db, caller }) => {
      const page = parsePage(args);
      const rows = await readSegmentations(db, page, {
        siteIds: filter?.siteIds ? localIds('Site', filter.siteIds, ['filter', 'siteIds']) : undefined,
        states: filter?.states ?? undefined,
        requestedBy: filter?.mine ? caller.memberId : undefined,
      });
      return connection(rows, page, ({ id }) => id);
    },
  },
  Mutation: {
    requestSegmentation: async (_, { input: { studyId, idempotencyKey, segmentForm } }, context) => ({
      segmentation: await request(
        context,
        localId('Study', studyId, ['studyId']),
        idempotencyKey,
        segmentForm ?? 'EACH_LESION',
      ),
    }),
    segmentationCancel: async (_, { input }, context) => ({
      segmentation: await cancelSegmentation(
        context,
        localId('Segmentation', input.segmentationId, ['segmentationId']),
      ),
    }),
  },
  Study: {
    segmentations: async ({ id }, args, { db }) => {
      const page = parsePage(args);
      return connection(await readSegmentations(db, page, { studyId: id as StudyId }), page, (row) => row.id);
    },
  },
  LesionAgreement: {
    modelLesions: ({ id }, _, { loaders }) => loaders.list(lesionsNearAgreement).load(id),
  },
  Segmentation: {
    id: ({ id }) => globalId('Segmentation', id),
    progress: ({ job_id }, _, { loaders }) => loaders.need('job', job_id),
    study: ({ study_id }, _, { loaders }) => loaders.need('study', study_id),
    modelVersion: ({ model_version_id }, _, { loaders }) => loaders.need('model_version', model_version_id),
    rollout: ({ rollout_id }, _, { loaders }) => loaders.need('rollout', rollout_id),
    requestedBy: ({ requested_by }, _, { loaders }) => loaders.need('member', requested_by),
    lesions: ({ id }, _, { loaders }) => loaders.list(lesionsBySegmentation).load(id),
    segmentForm: ({ segment_form }) => segment_form,
    dropped: droppedOf,
    results: ({ id }, _, { loaders }) => loaders.list(resultsBySegmentation).load(id),
  },
  SegmentationResult: {
    seriesInstanceUid: ({ series_instance_uid }) => series_instance_uid,
    sopInstanceUid: ({ sop_instance_uid }) => sop_instance_uid,
  },
} satisfies Resolvers;
