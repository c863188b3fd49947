import type { DeliverySettings } from '#core/delivery/settings.ts';
import {
  NotSent,
  PartCorrupt,
  type StowLimits,
  type StowReply,
  sendStow,
  stowLimits,
  Unreachable,
} from '#core/delivery/stow-request.ts';
import { judge, type Verdict } from '#core/delivery/stow-verdict.ts';
import { unsealToken } from '#core/delivery/token.ts';
import type { DeliveryId } from '#core/domain/ids.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import { objectKey } from '#core/storage/keys.ts';
import { type JobContext, type Stage, Stopped, type StopReason, TryLater, type WriteResult } from '../jobs/stage.ts';
import { countTry, markDelivered, markFailed, noteTry, readToDeliver, type ToDeliver } from './deliver-store.ts';

/** Tries of one job: with the pauses between them they reach over five hours, which a restart of a PACS does not last. */
const mostTries = 12;
const firstPauseSeconds = 30;
const longestPauseSeconds = 3600;
/** A receiver that asks for a longer pause is asked again after this one. */
const longestAskedSeconds = 6 * 3600;

/** The pause after so many tries: it doubles, up to an hour. */
const pauseSeconds = (tries: number): number => Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** (tries - 1));

/**
 * DELIVER: hands results to a destination by STOW-RS. A repeat is harmless, since the same bytes go under the same UIDs: so a try whose
 * worker was lost, or whose answer was, is made again.
 */
export const deliverStage = (settings: DeliverySettings, limits: StowLimits = stowLimits): Stage => ({
  begin: async (db, job) => void (await countTry(db, job.object_id as DeliveryId)),
  fail: async (db, job, { message }) => void (await markFailed(db, job.object_id as DeliveryId, message)),
  run: (context) => deliver(context, settings, limits),
});

async function deliver(context: JobContext, settings: DeliverySettings, limits: StowLimits): Promise<WriteResult> {
  const id = context.job.object_id as DeliveryId;
  const what = await context.read((db) => readToDeliver(db, id));
  if (what.removed) throw new JobFailure('NOT_DELIVERED', 'The destination was removed before everything had arrived.');
  const token = openToken(context, settings, what);
  await context.progress({ step: 'send', fraction: 0.1 });
  const reply = await send(context, what, { settings, limits, token });
  if (reply instanceof NotSent) throw new JobFailure('NOT_DELIVERED', reply.message, { cause: reply });
  if (reply instanceof Unreachable) return again(context, { outcome: 'RETRY', message: reply.message, failures: [] });
  const sopInstanceUids = what.items.map(({ sopInstanceUid }) => sopInstanceUid);
  const verdict = judge(reply, { sopInstanceUids, before: what.sentBefore });
  const { status } = reply;
  if (verdict.outcome === 'DELIVERED') return (db) => markDelivered(db, id, status);
  if (verdict.outcome === 'RETRY') return again(context, verdict, reply);
  await context.write((db) => noteTry(db, id, { ...verdict, status, retryInSeconds: null }));
  throw new JobFailure('NOT_DELIVERED', verdict.message ?? '');
}

function openToken({ tenantId }: JobContext, { key }: DeliverySettings, what: ToDeliver): string | undefined {
  const { sealedToken, destinationId, url } = what;
  if (sealedToken === null) return undefined;
  const token = key && unsealToken(key, { tenantId, destinationId, url }, sealedToken);
  if (token === undefined)
    throw new JobFailure(
      'NOT_DELIVERED',
      `The token of the destination cannot be opened: the worker has ${key ? 'another DESTINATION_KEY than sealed it' : 'no DESTINATION_KEY'}. Mend that, or set the token again.`,
    );
  return token;
}

async function send(
  { objects, tenantId, signal }: JobContext,
  { url, items }: ToDeliver,
  { settings, limits, token }: { settings: DeliverySettings; limits: StowLimits; token: string | undefined },
): Promise<StowReply | Unreachable | NotSent> {
  const parts = items.map(({ sha256, sizeBytes }) => ({
    sha256,
    sizeBytes,
    open: () => objects.stream(objectKey(tenantId, sha256)),
  }));
  try {
    return await sendStow({ url, token }, parts, { hosts: settings.hosts, limits, signal });
  } catch (error) {
    if (signal.aborted) throw new Stopped(signal.reason as StopReason);
    if (error instanceof Unreachable || error instanceof NotSent) return error;
    if (error instanceof PartCorrupt)
      throw new JobFailure('HASH_MISMATCH', 'A result does not have its recorded hash any more; it was not sent.', {
        cause: error,
      });
    throw error;
  }
}

/** @throws TryLater; JobFailure after the last try */
async function again(context: JobContext, { message, failures }: Verdict, reply?: StowReply): Promise<never> {
  const id = context.job.object_id as DeliveryId;
  const { attempt } = context.job;
  const asked = Math.min(longestAskedSeconds, reply?.retryAfterSeconds ?? 0);
  const retryInSeconds = attempt < mostTries ? Math.max(pauseSeconds(attempt), asked) : null;
  await context.write((db) => noteTry(db, id, { message, failures, status: reply?.status ?? null, retryInSeconds }));
  if (retryInSeconds === null)
    throw new JobFailure('NOT_DELIVERED', `${message ?? ''} It was given up after ${attempt} tries.`);
  throw new TryLater(retryInSeconds, message ?? 'the receiver was not reached');
}
