/** Branded identifiers: a study's id cannot be passed where a task's is wanted. All are UUIDs in lower case. */
declare const kind: unique symbol;
export type Id<Kind extends string> = string & { readonly [kind]: Kind };

export type TenantId = Id<'Tenant'>;
export type SiteId = Id<'Site'>;
export type MemberId = Id<'Member'>;
export type UploadId = Id<'Upload'>;
export type SubjectId = Id<'Subject'>;
export type StudyId = Id<'Study'>;
export type SeriesId = Id<'Series'>;
export type InstanceId = Id<'Instance'>;
export type PreparationId = Id<'Preparation'>;
export type RegistrationId = Id<'Registration'>;
export type ProtocolId = Id<'Protocol'>;
export type TaskId = Id<'Task'>;
export type ReadId = Id<'Read'>;
export type RevisionId = Id<'Revision'>;
export type LesionId = Id<'Lesion'>;
export type LesionAgreementId = Id<'LesionAgreement'>;
export type CommentId = Id<'Comment'>;
export type DatasetId = Id<'Dataset'>;
export type DatasetExportId = Id<'DatasetExport'>;
export type TrainingRunId = Id<'TrainingRun'>;
export type ModelVersionId = Id<'ModelVersion'>;
export type EvaluationId = Id<'Evaluation'>;
export type ReviewId = Id<'Review'>;
export type RolloutId = Id<'Rollout'>;
export type SegmentationId = Id<'Segmentation'>;
export type DestinationId = Id<'Destination'>;
export type DeliveryId = Id<'Delivery'>;
export type DefacingId = Id<'Defacing'>;
export type JobId = Id<'Job'>;

/** A new id, a UUID of version 7 (RFC 9562): ids of one process sort by the time they were made. */
export function newId<T extends Id<string>>(): T {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let n = 0; n < 6; n++) bytes[n] = Math.floor(now / 2 ** (8 * (5 - n))) % 256;
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as T;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isId = (text: string): text is Id<string> => uuid.test(text);
