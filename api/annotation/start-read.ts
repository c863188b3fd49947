import { DomainError } from '#core/domain/errors.ts';
import type { ReadId } from '#core/domain/ids.ts';
import { pullRead } from '#core/reading/assign.ts';
import { auditRequest, type Context } from '../context.ts';
import type { ReadRow } from '../graphql/rows.ts';
import { deskOf } from '../task/service.ts';
import { saveDraft } from './save-draft.ts';
import { ownRead, wrongReadState } from './service.ts';
import { isPastDue, nextInQueue, setStarted } from './store.ts';

/**
 * Begins a read of the caller's, or the next in their queue; where that is empty, the most urgent task that readers may pull. An
 * assisted read gets its draft. Null if there is nothing to do. @throws DomainError NOT_FOUND, WRONG_STATE
 */
export async function startRead(ctx: Context, readId: ReadId | undefined): Promise<ReadRow | null> {
  const read = readId ? await ownRead(ctx, readId) : await nextRead(ctx);
  if (!read) return null;
  if (await isPastDue(ctx.db, read.id))
    throw new DomainError('WRONG_STATE', 'The time of this read is up; it goes to another reader.', {
      path: ['readId'],
      current: { type: 'Read', id: read.id },
    });
  const started = await setStarted(ctx.db, read.id);
  if (!started) throw wrongReadState(read, 'Only a read that is ASSIGNED or RETURNED is begun');
  await auditRequest(ctx, { action: 'readStart', objectType: 'Read', objectId: read.id });
  return (await saveDraft(ctx, started)) ?? started;
}

const nextRead = async (ctx: Context): Promise<ReadRow | undefined> =>
  (await nextInQueue(ctx.db, ctx.caller.memberId)) ?? pullRead(deskOf(ctx), ctx.caller.memberId);
