import { DomainError, notFound } from '#core/domain/errors.ts';
import type { LesionAgreementId, LesionId, ReadId } from '#core/domain/ids.ts';
import { lockOwnRead, wrongReadState } from '../annotation/service.ts';
import { auditRequest, type Context } from '../context.ts';
import type { LesionAgreementRow, LesionVerdictRow, ReadRow } from '../graphql/rows.ts';
import { putVerdict, readOutlines } from './store.ts';

export interface NewVerdict {
  readonly agreementId: LesionAgreementId;
  readonly decision: LesionVerdictRow['decision'];
  readonly lesionIds: readonly LesionId[];
  readonly reason: string;
}

/** Settles disputes in an ADJUDICATE read of the caller's, or judges outlines in a CROSS_CHECK read; all or none. @throws DomainError NOT_FOUND, INVALID, WRONG_STATE */
export async function giveVerdicts(
  ctx: Context,
  readId: ReadId,
  verdicts: readonly NewVerdict[],
): Promise<LesionAgreementRow[]> {
  if (verdicts.length < 1 || verdicts.length > 100)
    throw new DomainError('INVALID', 'Give 1 to 100 verdicts.', { path: ['verdicts'] });
  const read = await lockOwnRead(ctx, readId);
  if (read.kind === 'DELINEATE')
    throw new DomainError('INVALID', 'Verdicts are given in a CROSS_CHECK or ADJUDICATE read only.', {
      path: ['readId'],
    });
  if (read.state !== 'STARTED') throw wrongReadState(read, 'Verdicts are given in a STARTED read');
  const agreements: LesionAgreementRow[] = [];
  for (const [index, verdict] of verdicts.entries()) {
    agreements.push(await giveVerdict(ctx, read, verdict, ['verdicts', String(index)]));
  }
  return agreements;
}

async function giveVerdict(
  ctx: Context,
  read: ReadRow,
  verdict: NewVerdict,
  path: readonly string[],
): Promise<LesionAgreementRow> {
  const agreement = await ctx.loaders.row('lesion_agreement', verdict.agreementId);
  if (agreement?.task_id !== read.task_id) throw notFound('LesionAgreement', [...path, 'agreementId']);
  if (agreement.kind === 'AGREED')
    throw new DomainError('INVALID', 'The readers agree here; only disputes are settled.', { path });
  if (verdict.reason.trim().length < 3 || verdict.reason.length > 500)
    throw new DomainError('INVALID', 'Give a reason of 3 to 500 characters.', { path: [...path, 'reason'] });
  if (read.kind === 'CROSS_CHECK' && verdict.decision === 'MERGE')
    throw new DomainError('INVALID', 'There is one outline to check: ACCEPT, REDRAW or REJECT it.', { path });
  await checkLesions(ctx, read, verdict, [...path, 'lesionIds']);
  await putVerdict(ctx.db, {
    tenant_id: ctx.caller.tenantId,
    agreement_id: agreement.id,
    read_id: read.id,
    kind: read.kind === 'CROSS_CHECK' ? 'CROSS_CHECK' : 'ADJUDICATE',
    decision: verdict.decision,
    lesion_ids: [...verdict.lesionIds],
    reason: verdict.reason,
    member_id: ctx.caller.memberId,
  });
  await auditRequest(ctx, {
    action: 'verdictGive',
    objectType: 'LesionAgreement',
    objectId: agreement.id,
    reason: verdict.reason,
    changes: { decision: verdict.decision, lesionIds: verdict.lesionIds.join(' ') },
  });
  return agreement;
}

/** @throws DomainError INVALID unless the decision can rest on these lesions, NOT_FOUND for a lesion of elsewhere */
async function checkLesions(
  ctx: Context,
  { kind, head_id }: ReadRow,
  { agreementId, decision, lesionIds }: NewVerdict,
  path: readonly string[],
): Promise<void> {
  const [least, greatest] = {
    ACCEPT: [kind === 'CROSS_CHECK' ? 0 : 1, 10],
    MERGE: [2, 10],
    REDRAW: [1, 10],
    REJECT: [0, 0],
  }[decision] as [number, number];
  const count = new Set(lesionIds).size;
  if (count !== lesionIds.length || count < least || count > greatest) {
    const wanted = greatest === 0 ? 'no lesion' : `${least} to ${greatest} different lesions`;
    throw new DomainError('INVALID', `${decision} rests on ${wanted}.`, { path });
  }
  if (decision === 'REDRAW') {
    for (const [index, id] of lesionIds.entries()) {
      const lesion = await ctx.loaders.row('lesion', id);
      if (!head_id || lesion?.revision_id !== head_id)
        throw notFound('Lesion in the head of the read', [...path, String(index)]);
    }
    return;
  }
  const outlines = await readOutlines(ctx.db, agreementId);
  const chosen = lesionIds.map((id, index) => {
    const outline = outlines.find((lesion) => lesion.id === id);
    if (!outline) throw notFound('Lesion at this place', [...path, String(index)]);
    return outline.read_id;
  });
  if (decision === 'ACCEPT' && new Set(chosen).size > 1)
    throw new DomainError('INVALID', 'ACCEPT rests on lesions of one reader; MERGE joins those of several.', { path });
}
