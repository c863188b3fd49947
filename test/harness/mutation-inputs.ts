import assert from 'node:assert/strict';
import { type GraphQLInputType, getNamedType, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import type { NodeType } from '../../api/graphql/node-types.ts';

/** Types of the ids in inputs, by field; `mutation.field` where a field is of another type there. */
const idTypes: Readonly<Record<string, NodeType>> = {
  ...{ siteIds: 'Site', memberId: 'Member', readerId: 'Member', studyId: 'Study', studyIds: 'Study' },
  ...{ seriesId: 'Series', preparationId: 'Preparation', protocolId: 'Protocol', taskId: 'Task', taskIds: 'Task' },
  ...{
    readId: 'Read',
    insteadOfReadId: 'Read',
    revisionId: 'Revision',
    parentId: 'Revision',
    agreementId: 'LesionAgreement',
    commentId: 'Comment',
  },
  ...{ lesionIds: 'Lesion', datasetId: 'Dataset', trainingRunId: 'TrainingRun', evaluationId: 'Evaluation' },
  ...{
    modelVersionId: 'ModelVersion',
    versionId: 'ModelVersion',
    rolloutId: 'Rollout',
    segmentationId: 'Segmentation',
  },
  ...{ 'protocolPublish.parentId': 'Protocol', adjudicatorIds: 'Member' },
  ...{
    destinationId: 'Destination',
    deliveryId: 'Delivery',
    warmStartId: 'ModelVersion',
    siteId: 'Site',
    objectId: 'Study',
    datasetIds: 'Dataset',
    uploadId: 'Upload',
  },
};

/** The type of the object that an id in a mutation's input names. */
export const typeOfId = (mutation: string, field: string): NodeType =>
  idTypes[`${mutation}.${field}`] ?? idTypes[field] ?? assert.fail(`of which type is the id ${field} of ${mutation}?`);

/** A value that the type admits, with ids by `idOf` the field's name. */
export function fill(type: GraphQLInputType, name: string, idOf: (name: string) => string): unknown {
  if (isNonNullType(type)) return fill(type.ofType, name, idOf);
  if (isListType(type)) return [fill(type.ofType, name, idOf)];
  if (isEnumType(type)) return type.getValues()[0]!.value;
  if (isInputObjectType(type))
    return Object.fromEntries(
      Object.values(type.getFields())
        .filter((field) => isNonNullType(field.type) || getNamedType(field.type).name === 'ID')
        .map((field) => [field.name, fill(field.type, field.name, idOf)]),
    );
  if (type.name === 'ID') return idOf(name);
  if (['Int', 'Float', 'ByteCount'].includes(type.name)) return 1;
  if (type.name === 'Boolean') return false;
  if (type.name === 'URL') return 'https://pacs.example.org/dicom-web';
  return type.name === 'Sha256' ? '0'.repeat(64) : 'some text of the caller';
}
