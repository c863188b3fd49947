import { canonicalJson } from '#core/domain/canonical-json.ts';
import { DomainError } from '#core/domain/errors.ts';
import type { ReadId, RevisionId } from '#core/domain/ids.ts';
import { enqueue } from '#core/jobs/enqueue.ts';
import { protocolOf } from '#core/reading/places.ts';
import { sha256Hex } from '#core/storage/content.ts';
import { lesionsOf, lockOwnReadAndTask, wrongReadState } from '../annotation/service.ts';
import { auditRequest, type Context } from '../context.ts';
import type { ReadRow, RevisionRow, TaskRow } from '../graphql/rows.ts';
import { awaitComposition, beginCrossCheck, countSubmitted, type DisputeRow, readDisputes, signRead } from './store.ts';

export interface Submission {
  readonly readId: ReadId;
  readonly revisionId: RevisionId | null;
  readonly noMetastasis: boolean;
}

/** What each signature says. */
const meanings = {
  outlined: 'I outlined every metastasis that I see in this study.',
  noMetastasis: 'I see no metastasis in this study.',
  checked: 'I checked every outlined metastasis of this study, and outlined those that I see beside them.',
  settled: 'I settled every dispute about the metastases of this study.',
} as const;

/**
 * Signs and closes a read of the caller's. The last delineation of a task starts the comparison of all, a check the comparison
 * with what was checked, an adjudication the composing of the ground truth.
 * @throws DomainError NOT_FOUND, INVALID, WRONG_STATE, STALE, VERDICT_MISSING
 */
export async function submitRead(ctx: Context, submission: Submission): Promise<ReadRow> {
  const { read, task } = await lockOwnReadAndTask(ctx, submission.readId);
  if (read.state !== 'STARTED') throw wrongReadState(read, 'Only a STARTED read is submitted');
  const head = await readHead(ctx, read, submission);
  const disputes = read.kind === 'DELINEATE' ? [] : await readDisputes(ctx.db, task.id, read.id);
  if (read.kind === 'DELINEATE') checkDelineation(head, submission);
  else await checkVerdicts(ctx, read, head, disputes, submission);

  const signed = await sign(ctx, read, head, disputes, submission.noMetastasis);
  const jobId = await continueTask(ctx, task, read);
  const changes = {
    signedSha256: signed.signed_sha256,
    revisionId: read.head_id,
    noMetastasis: submission.noMetastasis,
    comparisonJobId: jobId,
  };
  await auditRequest(ctx, { action: 'readSubmit', objectType: 'Read', objectId: read.id, changes });
  return signed;
}

/** The head that the caller says to sign. @throws DomainError STALE if it is another */
async function readHead(ctx: Context, read: ReadRow, { revisionId }: Submission): Promise<RevisionRow | null> {
  if (read.head_id === revisionId) return revisionId && ctx.loaders.need('revision', revisionId);
  throw new DomainError('STALE', 'This is not the newest revision of the read; look at that one before signing.', {
    path: ['revisionId'],
    ...(read.head_id && { current: { type: 'Revision', id: read.head_id } }),
  });
}

function checkDelineation(head: RevisionRow | null, { noMetastasis }: Submission): void {
  if (!head) {
    const message = 'Nothing was saved in this read; save a label first, without segments if there is no metastasis.';
    throw new DomainError('INVALID', message, { path: ['revisionId'] });
  }
  if (noMetastasis === (head.lesion_count === 0)) return;
  const message = noMetastasis
    ? `The label has ${head.lesion_count} lesions; it cannot be signed as without a metastasis.`
    : 'The label has no lesion; say so by noMetastasis.';
  throw new DomainError('INVALID', message, { path: ['noMetastasis'] });
}

async function checkVerdicts(
  ctx: Context,
  { kind }: ReadRow,
  head: RevisionRow | null,
  disputes: readonly DisputeRow[],
  { noMetastasis }: Submission,
): Promise<void> {
  if (noMetastasis)
    throw new DomainError('INVALID', 'Whether there is a metastasis follows from the verdicts.', {
      path: ['noMetastasis'],
    });
  const open = disputes.filter(({ decision }) => decision === null).map(({ number }) => number);
  if (open.length > 0) {
    const message = `No verdict is given on ${open.length === 1 ? 'place' : 'places'} ${open.join(', ')}.`;
    throw new DomainError('VERDICT_MISSING', message, { path: ['readId'] });
  }
  const drawn = head ? await lesionsOf(ctx, head.id) : [];
  const present = new Set(drawn.map(({ id }) => id));
  const moved = disputes.find(
    ({ decision, lesion_ids }) => decision === 'REDRAW' && lesion_ids?.some((id) => !present.has(id)),
  );
  if (moved) {
    const message = `The verdict on place ${moved.number} rests on a label that was saved anew since; give it again.`;
    throw new DomainError('VERDICT_MISSING', message, { path: ['readId'] });
  }
  // What a second reader draws beside corrections was missed; an adjudicator's would be lost without a word.
  const named = new Set(
    disputes.flatMap(({ decision, lesion_ids }) => (decision === 'REDRAW' ? (lesion_ids ?? []) : [])),
  );
  const unnamed = kind === 'ADJUDICATE' ? drawn.filter(({ id }) => !named.has(id)).map(({ number }) => number) : [];
  if (unnamed.length > 0) {
    const message = `No verdict rests on ${unnamed.length === 1 ? 'lesion' : 'lesions'} ${unnamed.join(', ')} of your label, which would be lost: name them in a verdict, or save the label without them.`;
    throw new DomainError('VERDICT_MISSING', message, { path: ['revisionId'] });
  }
}

/** The hash signed is over the label's hash and all that is said of it, so that neither can be exchanged. */
async function sign(
  ctx: Context,
  read: ReadRow,
  head: RevisionRow | null,
  disputes: readonly DisputeRow[],
  noMetastasis: boolean,
): Promise<ReadRow> {
  const delineated = noMetastasis ? meanings.noMetastasis : meanings.outlined;
  const meaning = { DELINEATE: delineated, CROSS_CHECK: meanings.checked, ADJUDICATE: meanings.settled }[read.kind];
  const printedName = ctx.caller.name;
  const content = canonicalJson({
    readId: read.id,
    kind: read.kind,
    labelSha256: head?.label_sha256 ?? null,
    noMetastasis,
    verdicts: disputes.map(({ agreement_id, decision, lesion_ids, reason }) => ({
      agreementId: agreement_id,
      decision,
      lesionIds: lesion_ids ?? [],
      reason,
    })),
    printedName,
    meaning,
  });
  const signed = await signRead(ctx.db, read.id, { printedName, meaning, sha256: sha256Hex(Buffer.from(content)) });
  if (!signed) throw wrongReadState(read, 'Only a STARTED read is submitted');
  return signed;
}

/** Queues what follows from the submission. @returns the job, null while other readers are still at it */
async function continueTask(ctx: Context, task: TaskRow, { kind }: ReadRow): Promise<string | null> {
  const { db, services, caller, loaders } = ctx;
  if (kind === 'DELINEATE') {
    const { reader_count } = await loaders.need('protocol', protocolOf(task));
    if ((await countSubmitted(db, task.id)) < (task.repeat_of_id ? 1 : reader_count)) return null;
  }
  const { site_id } = await loaders.need('study', task.study_id);
  const job = { kind: 'COMPARE', objectId: task.id, siteId: site_id } as const;
  const jobId = await enqueue(db, services.queue, caller.tenantId, job);
  const moved =
    kind === 'DELINEATE'
      ? await beginCrossCheck(db, task.id, jobId)
      : await awaitComposition(db, task.id, jobId, kind === 'CROSS_CHECK' ? 'CROSS_CHECKING' : 'ADJUDICATING');
  // The reader learns only that the task has ended: other states are hidden from them.
  if (!moved)
    throw new DomainError('WRONG_STATE', 'The task takes no reads any more.', {
      path: ['readId'],
      current: { type: 'Task', id: task.id },
    });
  return jobId;
}
