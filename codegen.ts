import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types whose resolvers start from a table's row (api/graphql/rows.ts). */
const rowTypes = [
  'Tenant',
  'Site',
  'Member',
  'Upload',
  'Refusal',
  'Subject',
  'Study',
  'Series',
  'Preparation',
  'Registration',
  'Protocol',
  'Task',
  'Read',
  'Revision',
  'LabelImport',
  'Lesion',
  'LesionAgreement',
  'LesionVerdict',
  'Comment',
  'Dataset',
  'DatasetCase',
  'DatasetExport',
  'TrainingRun',
  'TrainingMetric',
  'Checkpoint',
  'Retraining',
  'RetrainingPolicy',
  'ModelVersion',
  'Artifact',
  'Evaluation',
  'Review',
  'Rollout',
  'RolloutStep',
  'Segmentation',
  'SegmentationResult',
  'Destination',
  'Delivery',
  'DeliveryItem',
  'AuditEvent',
  'DefacingRun',
];

/** What resolvers of mutations return: guard.ts adds the user errors. */
const payloadTypes = [
  ...readFileSync(join(import.meta.dirname, 'schema.graphql'), 'utf8').matchAll(/^type (\w+Payload) /gm),
].map(([, name]) => name!);

const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'api/generated/resolver-types.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        avoidOptionals: { field: true, inputValue: false, object: false, defaultValue: false },
        contextType: '../context.ts#Context',
        mappers: {
          ...Object.fromEntries(rowTypes.map((type) => [type, `../graphql/rows.ts#${type}Row`])),
          ...Object.fromEntries(payloadTypes.map((type) => [type, `Omit<{T}, 'userErrors'>`])),
          UserError: '../graphql/user-error.ts#UserErrorSource',
          PlainError: '../graphql/user-error.ts#UserErrorSource',
          ConflictError: '../graphql/user-error.ts#UserErrorSource',
          MissingSequenceError: '../graphql/user-error.ts#UserErrorSource',
          Progress: '../graphql/rows.ts#JobRow',
          RetrainingOutcome: '../graphql/rows.ts#RetrainingRow',
          Node: '../graphql/node-types.ts#NodeSource',
          Job: '../graphql/node-types.ts#NodeSource',
        },
        scalars: {
          ID: 'string',
          DateTime: 'Date',
          Date: 'string',
          URL: 'string',
          Sha256: 'string',
          ByteCount: 'number',
        },
        importExtension: '.ts',
        emitLegacyCommonJSImports: false,
        strictScalars: true,
      },
    },
  },
};

export default config;
