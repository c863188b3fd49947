import { audit } from '#core/db/audit.ts';
import { type Database, serviceScope } from '#core/db/database.ts';
import { type Id, newId, type RolloutId, type SeriesId, type SiteId, type UploadId } from '#core/domain/ids.ts';
import type { Caller } from '../../api/context.ts';
import type { NodeType } from '../../api/graphql/node-types.ts';
import { hashOf, LearningRows } from './learning.ts';
import { createTenant, type TestTenant } from './tenant.ts';

export interface FullTenant {
  readonly tenant: TestTenant;
  /** Of an object of every type; all that belongs to a site is at the first one. */
  readonly ids: Readonly<Record<NodeType, string>>;
  /** Holds every role everywhere. */
  readonly everybody: Caller;
}

/** A tenant with at least one row in every table. */
export async function fillTenant(database: Database, name: string, issuer?: string): Promise<FullTenant> {
  const tenant = await createTenant(database, name, issuer);
  const { tenantId: tenant_id, siteIds } = tenant;
  const [siteId] = siteIds;
  const everybody = await tenant.member(
    'Everybody',
    ...(['TENANT_ADMIN', 'COORDINATOR', 'READER', 'ADJUDICATOR'] as const),
    ...(['ENGINEER', 'APPROVER', 'CLINICIAN', 'AUDITOR'] as const),
  );
  const blind = await tenant.member('Blind', 'READER');
  const member_id = everybody.memberId;
  const rows = new LearningRows(database, tenant_id);
  const study = await rows.study({ siteId });
  const { taskId, revisionId } = await rows.accept(study, 1);
  const modelVersionId = await rows.approvedVersion(1, member_id);
  await rows.blind(await rows.study({ siteId }), blind.memberId);
  const made = await database.inTenant(serviceScope(tenant_id), async (db) => {
    const { protocol_id, preparation_id } = await db
      .selectFrom('task')
      .selectAll()
      .where('id', '=', taskId)
      .executeTakeFirstOrThrow();
    const { training_run_id } = await db
      .selectFrom('model_version')
      .selectAll()
      .where('id', '=', modelVersionId)
      .executeTakeFirstOrThrow();
    const evaluation = await db.selectFrom('evaluation').selectAll().executeTakeFirstOrThrow();
    const series = await db
      .selectFrom('series')
      .selectAll()
      .where('study_id', '=', study.studyId)
      .executeTakeFirstOrThrow();
    return { protocol_id: protocol_id!, preparation_id, training_run_id, evaluation, series };
  });
  const upload = await insertUpload(database, { tenant_id, site_id: siteId, member_id, series_id: made.series.id });
  const lesionId = newId();
  const [readId, agreementId, commentId, exportId] = [newId(), newId(), newId(), newId()];
  await database.inTenant(serviceScope(tenant_id), async (db) => {
    const registration = { tenant_id, id: newId(), preparation_id: made.preparation_id, series_id: made.series.id };
    const found = { matrix: Array(16).fill(0), rotation_degrees: 0, translation_mm: 0, nmi: 1.2, plausible: true };
    await db
      .insertInto('registration')
      .values({ ...registration, ...found, checkerboard_sha256: hashOf('png') } as never)
      .execute();
    await db
      .insertInto('read')
      .values({ tenant_id, id: readId, task_id: taskId, kind: 'ADJUDICATE', reader_id: member_id } as never)
      .execute();
    await db
      .insertInto('protocol_adjudicator')
      .values({ tenant_id, protocol_id: made.protocol_id, member_id })
      .execute();
    await db.insertInto('read_insight').values({ tenant_id, task_id: taskId, member_id: blind.memberId }).execute();
    await db
      .insertInto('read_figures')
      .values({ tenant_id, task_id: taskId, read_id: readId, reader_id: member_id, comparison: '{}' } as never)
      .execute();
    const measured = { volume_mm3: 10, longest_diameter_mm: 3, perpendicular_diameter_mm: 2, slice_count: 2 };
    const lesion = { number: 1, voxel_count: 10, slice_index: 1, centroid_lps: [0, 0, 0], ...measured };
    await db
      .insertInto('lesion')
      .values({ tenant_id, id: lesionId, revision_id: revisionId, ...lesion } as never)
      .execute();
    const agreement = { tenant_id, id: agreementId, task_id: taskId, number: 1, kind: 'ONE_READER_ONLY' };
    await db
      .insertInto('lesion_agreement')
      .values(agreement as never)
      .execute();
    await db
      .insertInto('agreement_lesion')
      .values({ tenant_id, agreement_id: agreementId, lesion_id: lesionId } as never)
      .execute();
    const verdict = { tenant_id, agreement_id: agreementId, read_id: readId, decision: 'ACCEPT', member_id };
    await db
      .insertInto('verdict')
      .values({ ...verdict, lesion_ids: [lesionId], reason: 'as seen' } as never)
      .execute();
    const said = { body: 'A vessel?', point_lps: [0, 0, 0], idempotency_key: 'a key of it' };
    await db
      .insertInto('comment')
      .values({ tenant_id, id: commentId, task_id: taskId, member_id, ...said } as never)
      .execute();
    await db
      .insertInto('comment_resolution')
      .values({ tenant_id, comment_id: commentId, member_id, resolved: true } as never)
      .execute();
    const label = { tenant_id, id: newId(), member_id, study_id: study.studyId, sha256: hashOf('seg'), size_bytes: 1 };
    await db
      .insertInto('staged_label')
      .values({ ...label, sop_instance_uid: label.id, series_instance_uid: label.id } as never)
      .execute();
    const imported = {
      source: 'A data set',
      reason: 'It is public.',
      began_as_draft: false,
      idempotency_key: 'fixture-1',
    };
    await db
      .insertInto('label_import')
      .values({ tenant_id, revision_id: revisionId, study_id: study.studyId, member_id, ...imported })
      .execute();
    await db.updateTable('subject').set({ subset: 'TRAIN' }).where('id', '=', study.subjectId).execute();
    const { dataset_id } = made.evaluation;
    const draft = { tenant_id, id: newId(), name: 'Draft', created_by: member_id };
    await db
      .insertInto('dataset')
      .values(draft as never)
      .execute();
    const one = { tenant_id, dataset_id: draft.id, study_id: study.studyId, revision_id: revisionId };
    const of = { preparation_id: made.preparation_id, subject_id: study.subjectId, subset: 'TRAIN' };
    await db
      .insertInto('dataset_case')
      .values({ ...one, ...of, lesion_group: 'ONE_TO_THREE' } as never)
      .execute();
    const exported = { tenant_id, id: exportId, dataset_id, format: 'BIDS', requested_by: member_id, case_count: 1 };
    await db
      .insertInto('dataset_export')
      .values(exported as never)
      .execute();
    const { training_run_id } = made;
    const metric = { epoch: 1, loss: 1, learning_rate: 1e-3, slices_per_second: 1, memory_bytes: 1 };
    await db
      .insertInto('training_metric')
      .values({ tenant_id, training_run_id, step: 1, ...metric })
      .execute();
    await db
      .insertInto('checkpoint')
      .values({ tenant_id, training_run_id, step: 1, attempt: 1, sha256: hashOf('checkpoint') })
      .execute();
    const split = { seed: 1, test_per_group: 1, train_per_development: 1 };
    await db
      .insertInto('retraining_policy')
      .values({
        ...{ tenant_id, number: 1, after_accepted_labels: 100, plan: '{}', warm_start: true, set_by: member_id },
        ...split,
      })
      .execute();
    await db.insertInto('retraining').values({ tenant_id, policy_number: 1 }).execute();
    await db
      .insertInto('tenant_secret')
      .values({ tenant_id, deidentification_key: Buffer.alloc(32, 7) })
      .execute();
    const chosen = { clean_descriptors: true, clean_structured_content: true, retain_longitudinal: true };
    const others = { retain_patient_characteristics: false, retain_device_identity: false, retain_safe_private: true };
    await db
      .insertInto('deidentification_profile')
      .values({ tenant_id, site_id: siteId, version: 2, set_by: member_id, ...chosen, ...others })
      .execute();
    await db
      .insertInto('deidentification_outcome')
      .values({ tenant_id, study_id: study.studyId, profile_version: 2, digest: hashOf('counts'), counts: '{}' })
      .execute();
    const withheld = { tenant_id, study_id: study.studyId, series_id: made.series.id, frame_count: 1, size_bytes: 1 };
    await db
      .insertInto('withheld_instance')
      .values({ ...withheld, sop_instance_uid: '2.25.1', sha256: hashOf('withheld'), source_hash: 'x' })
      .execute();
    const { job_id } = await db.selectFrom('preparation').select('job_id').limit(1).executeTakeFirstOrThrow();
    await db.insertInto('defacing').values({ tenant_id, id: newId(), study_id: study.studyId, job_id }).execute();
    await audit(
      db,
      { tenantId: tenant_id, memberId: member_id, requestId: 'fixture' },
      { action: 'fill', objectType: 'Dataset', objectId: dataset_id },
    );
  });
  const served = await insertServing(database, {
    ...{ tenant_id, site_id: siteId, member_id, model_version_id: modelVersionId },
    ...{ evaluation_id: made.evaluation.id, study_id: study.studyId, preparation_id: made.preparation_id },
  });
  const ids: FullTenant['ids'] = {
    ...{ Tenant: tenant_id, Site: siteId, Member: member_id, Upload: upload, Subject: study.subjectId },
    ...{ Study: study.studyId, Series: made.series.id, Preparation: made.preparation_id, Protocol: made.protocol_id },
    ...{
      Task: taskId,
      Read: readId,
      Revision: revisionId,
      Lesion: lesionId,
      LesionAgreement: agreementId,
      Comment: commentId,
    },
    ...{ Dataset: made.evaluation.dataset_id, TrainingRun: made.training_run_id, ModelVersion: modelVersionId },
    ...{ Evaluation: made.evaluation.id, DatasetExport: exportId, ...served },
  };
  return { tenant, ids, everybody };
}

async function insertUpload(
  database: Database,
  of: { tenant_id: TestTenant['tenantId']; site_id: SiteId; member_id: Caller['memberId']; series_id: SeriesId },
): Promise<UploadId> {
  const { series_id, ...place } = of;
  const { tenant_id } = place;
  const id = newId<UploadId>();
  await database.inTenant(serviceScope(tenant_id), async (db) => {
    await db
      .insertInto('upload')
      .values({ ...place, id })
      .execute();
    const refusal = { tenant_id, id: newId(), upload_id: id, code: 'UNREADABLE', message: 'Not DICOM.' };
    await db
      .insertInto('refusal')
      .values(refusal as never)
      .execute();
    const arrival = { tenant_id, upload_id: id, file_key: hashOf('arrival'), size_bytes: 1, refusal_id: refusal.id };
    await db
      .insertInto('upload_arrival')
      .values(arrival as never)
      .execute();
    const instance = { tenant_id, id: newId(), series_id, sha256: hashOf('instance'), source_hash: 'x', size_bytes: 1 };
    const uids = { sop_instance_uid: instance.id, sop_class_uid: '1.2', transfer_syntax_uid: '1.2.840.10008.1.2.1' };
    await db
      .insertInto('instance')
      .values({ ...instance, ...uids, metadata: '{}' } as never)
      .execute();
  });
  return id;
}

async function insertServing(
  database: Database,
  of: Readonly<Record<'site_id' | 'member_id' | 'model_version_id' | 'evaluation_id' | 'study_id', string>> & {
    tenant_id: TestTenant['tenantId'];
    preparation_id: string;
  },
): Promise<Readonly<Record<'Review' | 'Rollout' | 'Segmentation' | 'Destination' | 'Delivery', Id<string>>>> {
  const { tenant_id, site_id, member_id, model_version_id, evaluation_id, study_id, preparation_id } = of;
  const [Review, Rollout, Segmentation, job_id] = [newId(), newId<RolloutId>(), newId(), newId()];
  const [Destination, Delivery] = [newId(), newId()];
  await database.inTenant(serviceScope(tenant_id), async (db) => {
    const signature = { signed_name: 'Everybody', signed_meaning: 'I approve', signed_sha256: hashOf('signed') };
    const decision = { decision: 'APPROVE', comment: 'good', member_id };
    await db
      .insertInto('review')
      .values({ tenant_id, id: Review, model_version_id, evaluation_id, ...decision, ...signature } as never)
      .execute();
    await db
      .insertInto('rollout')
      .values({ tenant_id, id: Rollout, model_version_id, stage: 'LIVE' } as never)
      .execute();
    await db
      .insertInto('rollout_site')
      .values({ tenant_id, rollout_id: Rollout, site_id, stage: 'LIVE' } as never)
      .execute();
    const step = { tenant_id, rollout_id: Rollout, number: 1, stage: 'LIVE', member_id, reason: 'best' };
    await db
      .insertInto('rollout_step')
      .values(step as never)
      .execute();
    await db
      .insertInto('job')
      .values({ tenant_id, id: job_id, kind: 'SEGMENT', object_id: Segmentation } as never)
      .execute();
    const request = { rollout_id: Rollout, requested_by: member_id, job_id, idempotency_key: 'fixture-1' };
    const input = { tenant_id, id: Segmentation, study_id, preparation_id, model_version_id };
    await db
      .insertInto('segmentation')
      .values({ ...input, ...request } as never)
      .execute();
    const result = { tenant_id, segmentation_id: Segmentation, kind: 'SEG', sha256: hashOf('result'), size_bytes: 1 };
    await db
      .insertInto('segmentation_result')
      .values({ ...result, series_instance_uid: '1.2.3', sop_instance_uid: '1.2.4' } as never)
      .execute();
    const pacs = { name: 'PACS', url: 'https://pacs.example.org', created_by: member_id };
    await db
      .insertInto('destination')
      .values({ tenant_id, id: Destination, site_id, ...pacs } as never)
      .execute();
    const sent = { segmentation_id: Segmentation, destination_id: Destination, requested_by: member_id, job_id };
    await db
      .insertInto('delivery')
      .values({ tenant_id, id: Delivery, ...sent, idempotency_key: 'fixture-2' } as never)
      .execute();
    await db
      .insertInto('delivery_item')
      .values({ tenant_id, delivery_id: Delivery, segmentation_id: Segmentation, kind: 'SEG' } as never)
      .execute();
  });
  return { Review, Rollout, Segmentation, Destination, Delivery };
}
