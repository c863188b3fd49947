import { DomainError, notFound } from '#core/domain/errors.ts';
import { type EvaluationId, type ModelVersionId, newId, type ReviewId } from '#core/domain/ids.ts';
import { auditRequest, type Context } from '../context.ts';
import type { ModelVersionRow, ReviewRow } from '../graphql/rows.ts';
import { checkedText } from '../graphql/text-length.ts';
import { decideVersion, insertReview, type Submission, submitVersion } from './store.ts';

const statementLength = { min: 5, max: 2000 } as const;
const meaningLength = { min: 5, max: 200 } as const;

const wrongState = ({ id, number, state }: ModelVersionRow, wanted: string): DomainError =>
  new DomainError('WRONG_STATE', `Version ${number} is ${state}, and this step needs ${wanted}.`, {
    path: ['modelVersionId'],
    current: { type: 'ModelVersion', id },
  });

async function needVersion({ loaders }: Context, id: ModelVersionId): Promise<ModelVersionRow> {
  const version = await loaders.row('model_version', id);
  if (!version) throw notFound('ModelVersion', ['modelVersionId']);
  return version;
}

/**
 * Puts a version under review with the report of its evaluation on the test side.
 * @throws DomainError NOT_FOUND, INVALID, WRONG_STATE
 */
export async function submit(ctx: Context, id: ModelVersionId, submission: Submission): Promise<ModelVersionRow> {
  const version = await needVersion(ctx, id);
  const evaluation = await ctx.loaders.row('evaluation', submission.evaluationId);
  if (evaluation?.model_version_id !== id) throw notFound('Evaluation of this version', ['evaluationId']);
  if (evaluation.subset !== 'TEST' || evaluation.state !== 'SUCCEEDED')
    throw new DomainError(
      'INVALID',
      `A review needs a SUCCEEDED evaluation on the TEST side; this one is ${evaluation.state} on ${evaluation.subset}.`,
      { path: ['evaluationId'] },
    );
  const submitted = await submitVersion(ctx.db, id, {
    evaluationId: submission.evaluationId,
    intendedUse: checkedText('intendedUse', submission.intendedUse, statementLength),
    limits: checkedText('limits', submission.limits, statementLength),
  });
  if (!submitted) throw wrongState(version, 'CANDIDATE');
  await auditRequest(ctx, {
    action: 'modelVersionSubmit',
    objectType: 'ModelVersion',
    objectId: id,
    changes: { state: submitted.state, reportSha256: evaluation.report_sha256 },
  });
  return submitted;
}

export interface Signing {
  readonly versionId: ModelVersionId;
  /** Of the report that the signer read. */
  readonly reportSha256: string;
  readonly decision: 'APPROVE' | 'REJECT';
  readonly meaning: string;
  readonly comment: string;
}

/**
 * Signs for or against a version in review; one signature decides.
 * @throws DomainError NOT_FOUND, INVALID, WRONG_STATE, OWN_WORK for whoever started the training, STALE for another report
 */
export async function sign(ctx: Context, signing: Signing): Promise<ReviewRow> {
  const { db, caller, loaders } = ctx;
  const version = await needVersion(ctx, signing.versionId);
  const meaning = checkedText('meaning', signing.meaning, meaningLength);
  const comment = checkedText('comment', signing.comment, statementLength);
  if (version.state !== 'IN_REVIEW' || !version.evaluation_id) throw wrongState(version, 'IN_REVIEW');
  const run = await loaders.need('training_run', version.training_run_id);
  if (run.started_by === caller.memberId)
    throw new DomainError('OWN_WORK', 'You started the training of this version; another approver has to sign.', {
      path: ['modelVersionId'],
    });
  const evaluation = await loaders.need('evaluation', version.evaluation_id);
  if (evaluation.report_sha256 !== signing.reportSha256)
    throw new DomainError('STALE', 'This is not the report under review; read the present one, then sign.', {
      path: ['reportSha256'],
      current: { type: 'Evaluation', id: evaluation.id },
    });
  const state = signing.decision === 'APPROVE' ? 'APPROVED' : 'REJECTED';
  if (!(await decideVersion(db, version.id, evaluation.id as EvaluationId, state)))
    throw wrongState(version, 'IN_REVIEW, which another signature has just ended');
  const review = await insertReview(db, {
    tenantId: caller.tenantId,
    id: newId<ReviewId>(),
    versionId: version.id,
    evaluationId: evaluation.id,
    decision: signing.decision,
    comment,
    memberId: caller.memberId,
    name: caller.name,
    meaning,
    reportSha256: signing.reportSha256,
  });
  await auditRequest(ctx, {
    action: 'reviewSign',
    objectType: 'ModelVersion',
    objectId: version.id,
    reason: comment,
    changes: { state, reportSha256: signing.reportSha256 },
  });
  return review;
}
