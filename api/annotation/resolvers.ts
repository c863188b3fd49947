import { lesionGroup } from '#core/domain/lesion.ts';
import { hasRole } from '../context.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId, localId, localIds } from '../graphql/global-id.ts';
import { assignReads } from './assign-reads.ts';
import { importByRevision } from './import-store.ts';
import { importTruth } from './import-truth.ts';
import type { Resampling } from './resampling.ts';
import { saveRevision } from './save-revision.ts';
import { answerShownIn, giveBackRead, mayNameReader } from './service.ts';
import { startRead } from './start-read.ts';
import { groundTruthByStudy, lesionsByRevision, readReads, readRevisionsOfRead, readsByTask } from './store.ts';

export const resolvers = {
  Query: {
    reads: async (_, { filter, ...args }, { db, caller }) => {
      const page = parsePage(args);
      const rows = await readReads(db, page, {
        kinds: filter?.kinds ?? undefined,
        states: filter?.states ?? undefined,
        readerId: hasRole(caller, 'COORDINATOR', 'ENGINEER', 'AUDITOR') ? undefined : caller.memberId,
      });
      return connection(rows, page, ({ id }) => id);
    },
  },
  Mutation: {
    readAssign: async (_, { input }, context) => ({
      reads: await assignReads(context, {
        taskIds: localIds('Task', input.taskIds, ['taskIds']),
        kind: input.kind,
        readerId: input.readerId ? localId('Member', input.readerId, ['readerId']) : undefined,
        dueAt: input.dueAt ?? undefined,
        insteadOfReadId: input.insteadOfReadId
          ? localId('Read', input.insteadOfReadId, ['insteadOfReadId'])
          : undefined,
      }),
    }),
    readStart: async (_, { input: { readId } }, context) => ({
      read: await startRead(context, readId ? localId('Read', readId, ['readId']) : undefined),
    }),
    revisionSave: async (_, { input }, context) => ({
      revision: await saveRevision(context, {
        readId: localId('Read', input.readId, ['readId']),
        parentId: input.parentId ? localId('Revision', input.parentId, ['parentId']) : null,
        segSopInstanceUid: input.segSopInstanceUid ?? null,
        segments: input.segments.map((segment) => ({ ...segment, coarse: segment.coarse ?? false })),
        resample: input.resample ?? false,
        autosaved: input.autosaved ?? false,
        secondsSpent: input.secondsSpent ?? 0,
      }),
    }),
    groundTruthImport: async (_, { input }, context) => ({
      revision: await importTruth(context, {
        ...input,
        studyId: localId('Study', input.studyId, ['studyId']),
        segSopInstanceUid: input.segSopInstanceUid ?? null,
        resample: input.resample ?? false,
        beganAsDraft: input.beganAsDraft ?? false,
        newRound: input.newRound ?? false,
      }),
    }),
    readReturn: async (_, { input: { readId, reason } }, context) => ({
      read: await giveBackRead(context, localId('Read', readId, ['readId']), reason),
    }),
  },
  Study: {
    groundTruth: ({ id }, _, { loaders }) => loaders.list(groundTruthByStudy).load(id),
    lesionGroup: async ({ id }, _, { loaders }) => {
      const truth = await loaders.list(groundTruthByStudy).load(id);
      return truth && lesionGroup(truth.lesion_count);
    },
  },
  Task: {
    reads: ({ id }, _, { loaders }) => loaders.list(readsByTask).load(id),
    groundTruth: ({ ground_truth_id }, _, { loaders }) =>
      ground_truth_id ? loaders.row('revision', ground_truth_id) : null,
  },
  Read: {
    id: ({ id }) => globalId('Read', id),
    task: ({ task_id }, _, { loaders }) => loaders.need('task', task_id),
    reader: async ({ task_id, reader_id }, _, context) =>
      (await mayNameReader(context, task_id, reader_id)) ? context.loaders.need('member', reader_id) : null,
    dueAt: ({ due_at }) => due_at,
    assisted: ({ arm }) => arm === 'ASSISTED',
    showsAnswer: async (read, _, context) => (await answerShownIn(context, read)) !== undefined,
    head: ({ head_id }, _, { loaders }) => (head_id ? loaders.row('revision', head_id) : null),
    revisions: async ({ id }, args, { db }) => {
      const page = parsePage(args);
      return connection(await readRevisionsOfRead(db, id, page), page, (revision) => revision.id);
    },
    secondsSpent: ({ seconds_spent }) => seconds_spent,
    signature: async ({ task_id, reader_id, signed_name, signed_meaning, signed_sha256, signed_at }, _, context) =>
      signed_name && signed_meaning && signed_sha256 && signed_at && (await mayNameReader(context, task_id, reader_id))
        ? {
            member: await context.loaders.need('member', reader_id),
            printedName: signed_name,
            meaning: signed_meaning,
            signedAt: signed_at,
            contentSha256: signed_sha256,
          }
        : null,
    returnedReason: ({ returned_reason }) => returned_reason,
  },
  Revision: {
    id: ({ id }) => globalId('Revision', id),
    task: ({ task_id }, _, { loaders }) => loaders.need('task', task_id),
    read: ({ read_id }, _, { loaders }) => (read_id ? loaders.row('read', read_id) : null),
    parent: ({ parent_id }, _, { loaders }) => (parent_id ? loaders.row('revision', parent_id) : null),
    member: async ({ task_id, member_id, pre_annotation_id }, _, context) =>
      member_id && !pre_annotation_id && (await mayNameReader(context, task_id, member_id))
        ? context.loaders.need('member', member_id)
        : null,
    draft: ({ pre_annotation_id }) => pre_annotation_id !== null,
    provenance: async ({ id, read_id, pre_annotation_id }, _, { loaders }) => {
      if (read_id) return pre_annotation_id ? 'DRAFT' : 'READER';
      return (await loaders.list(importByRevision).load(id)) ? 'IMPORTED' : 'AGREED';
    },
    imported: ({ id }, _, { loaders }) => loaders.list(importByRevision).load(id),
    lesions: ({ id }, _, { loaders }) => loaders.list(lesionsByRevision).load(id),
    voxelCount: ({ voxel_count }) => voxel_count,
    sha256: ({ label_sha256 }) => label_sha256,
    segSeriesInstanceUid: ({ seg_series_instance_uid }) => seg_series_instance_uid,
    segSopInstanceUid: ({ seg_sop_instance_uid }) => seg_sop_instance_uid,
    savedAt: ({ saved_at }) => saved_at,
    resampling: ({ resampling }) => {
      if (!resampling) return null;
      const { sopInstanceUid, segments, ...how } = resampling as unknown as Resampling;
      return {
        ...{ rule: how.rule, size: [...how.size], spacingMm: [...how.spacingMm], sentSopInstanceUid: sopInstanceUid },
        segments: segments.slice(0, 1000),
      };
    },
  },
  LabelImport: {
    member: ({ member_id }, _, { loaders }) => loaders.need('member', member_id),
    beganAsDraft: ({ began_as_draft }) => began_as_draft,
    importedAt: ({ imported_at }) => imported_at,
  },
  Lesion: {
    id: ({ id }) => globalId('Lesion', id),
    voxelCount: ({ voxel_count }) => voxel_count,
    volumeMm3: ({ volume_mm3 }) => volume_mm3,
    longestDiameterMm: ({ longest_diameter_mm }) => longest_diameter_mm,
    perpendicularDiameterMm: ({ perpendicular_diameter_mm }) => perpendicular_diameter_mm,
    sliceCount: ({ slice_count }) => slice_count,
    sliceIndex: ({ slice_index }) => slice_index,
    centroidLps: ({ centroid_lps: [x = 0, y = 0, z = 0] }) => ({ x, y, z }),
  },
} satisfies Resolvers;
