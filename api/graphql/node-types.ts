import type { DB } from '#core/db/tables.generated.ts';
import type { Role } from '#core/domain/roles.ts';

/** Every type with a global id, its table, and who may reach it by id beside what row-level security hides; ANY is every member. */
export const nodeTypes = {
  Tenant: { table: 'tenant', roles: 'ANY' },
  Site: { table: 'site', roles: 'ANY' },
  Member: { table: 'member', roles: 'ANY' },
  Upload: { table: 'upload', roles: ['COORDINATOR', 'CLINICIAN', 'AUDITOR', 'TENANT_ADMIN'] },
  Subject: { table: 'subject', roles: 'ANY' },
  Study: { table: 'study', roles: 'ANY' },
  Series: { table: 'series', roles: 'ANY' },
  Preparation: { table: 'preparation', roles: 'ANY' },
  Protocol: { table: 'protocol', roles: 'ANY' },
  Task: { table: 'task', roles: 'ANY' },
  Read: { table: 'read', roles: 'ANY' },
  Revision: { table: 'revision', roles: 'ANY' },
  Lesion: { table: 'lesion', roles: 'ANY' },
  LesionAgreement: {
    table: 'lesion_agreement',
    roles: ['ADJUDICATOR', 'COORDINATOR', 'ENGINEER', 'AUDITOR', 'READER'],
  },
  Comment: { table: 'comment', roles: 'ANY' },
  Dataset: { table: 'dataset', roles: ['ENGINEER', 'APPROVER', 'AUDITOR'] },
  DatasetExport: { table: 'dataset_export', roles: ['ENGINEER', 'APPROVER', 'AUDITOR'] },
  TrainingRun: { table: 'training_run', roles: ['ENGINEER', 'APPROVER', 'AUDITOR'] },
  ModelVersion: { table: 'model_version', roles: 'ANY' },
  Evaluation: { table: 'evaluation', roles: ['ENGINEER', 'APPROVER', 'AUDITOR'] },
  Review: { table: 'review', roles: ['ENGINEER', 'APPROVER', 'AUDITOR', 'TENANT_ADMIN'] },
  Rollout: { table: 'rollout', roles: 'ANY' },
  Segmentation: { table: 'segmentation', roles: 'ANY' },
  Destination: { table: 'destination', roles: ['TENANT_ADMIN', 'COORDINATOR', 'CLINICIAN', 'AUDITOR'] },
  Delivery: { table: 'delivery', roles: ['TENANT_ADMIN', 'COORDINATOR', 'CLINICIAN', 'AUDITOR'] },
} as const satisfies Record<string, { table: keyof DB; roles: readonly Role[] | 'ANY' }>;

export type NodeType = keyof typeof nodeTypes;
export type NodeTable = (typeof nodeTypes)[NodeType]['table'];

/** A row that says what it is, for fields of interface type. */
export type NodeSource = { readonly __typename: NodeType } & Record<string, unknown>;
