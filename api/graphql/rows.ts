import type { Selectable } from 'kysely';
import type { DB } from '#core/db/tables.generated.ts';

/** A row of a table as it is read; resolvers start from these. */
export type Row<Table extends keyof DB> = Selectable<DB[Table]>;

export type TenantRow = Row<'tenant'>;
export type SiteRow = Row<'site'>;
export type MemberRow = Row<'member'>;
export type UploadRow = Row<'upload'>;
export type RefusalRow = Row<'refusal'>;
export type SubjectRow = Row<'subject'>;
export type StudyRow = Row<'study'>;
export type SeriesRow = Row<'series'>;
export type PreparationRow = Row<'preparation'>;
export type RegistrationRow = Row<'registration'>;
export type ProtocolRow = Row<'protocol'>;
export type TaskRow = Row<'task'>;
export type ReadRow = Row<'read'>;
export type RevisionRow = Row<'revision'>;
export type LesionRow = Row<'lesion'>;
export type LesionAgreementRow = Row<'lesion_agreement'>;
export type LesionVerdictRow = Row<'verdict'>;
export type DatasetRow = Row<'dataset'>;
export type DatasetCaseRow = Row<'dataset_case'>;
export type TrainingRunRow = Row<'training_run'>;
export type TrainingMetricRow = Row<'training_metric'>;
export type CheckpointRow = Row<'checkpoint'>;
export type ModelVersionRow = Row<'model_version'>;
export type ArtifactRow = Row<'artifact'>;
export type EvaluationRow = Row<'evaluation'>;
export type ReviewRow = Row<'review'>;
export type RolloutRow = Row<'rollout'>;
export type RolloutStepRow = Row<'rollout_step'>;
export type SegmentationRow = Row<'segmentation'>;
export type SegmentationResultRow = Row<'segmentation_result'>;
export type AuditEventRow = Row<'audit_event'>;
export type JobRow = Row<'job'>;
