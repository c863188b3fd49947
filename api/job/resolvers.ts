import { DomainError } from '#core/domain/errors.ts';
import type { Context } from '../context.ts';
import { findNode } from '../graphql/find-node.ts';
import { globalId, parseGlobalId } from '../graphql/global-id.ts';
import type { JobRow } from '../graphql/rows.ts';
import { type Followed, followJobs, type JobChange } from './follow.ts';
import { isJobNodeType } from './store.ts';

const greatestList = 100;

/** @throws DomainError INVALID for what is no job. */
function parseFollowed(ids: readonly string[]): Followed[] {
  if (ids.length < 1 || ids.length > greatestList)
    throw new DomainError('INVALID', `Follow 1 to ${greatestList} jobs, not ${ids.length}.`, { path: ['ids'] });
  return ids.map((text, index) => {
    const parsed = parseGlobalId(text);
    if (!parsed || !isJobNodeType(parsed.type))
      throw new DomainError('INVALID', 'This is no job that can be followed.', { path: ['ids', String(index)] });
    return { type: parsed.type, id: parsed.id };
  });
}

/** Seconds to the end, from the part done so far; null where that says nothing yet. */
function etaSeconds({ state, fraction, started_at }: JobRow): number | null {
  if (state !== 'RUNNING' || !started_at || fraction < 0.02) return null;
  const elapsed = (Date.now() - started_at.getTime()) / 1000;
  return Math.max(0, Math.round((elapsed * (1 - fraction)) / fraction));
}

export const resolvers = {
  Subscription: {
    jobChanged: {
      subscribe: (_: unknown, { ids, after }: { ids: string[]; after?: string | null }, context: Context) =>
        followJobs(context, parseFollowed(ids), after ?? undefined),
      resolve: async ({ cursor, type, id }: JobChange, _: unknown, context: Context) => ({
        cursor,
        job: await findNode(context, globalId(type, id)),
      }),
    },
  },
  Progress: {
    etaSeconds,
    queuedAt: ({ queued_at }: JobRow) => queued_at,
    startedAt: ({ started_at }: JobRow) => started_at,
    endedAt: ({ ended_at }: JobRow) => ended_at,
    failure: ({ failure_code, failure_message, failure_retryable }: JobRow) =>
      failure_code && { code: failure_code, message: failure_message ?? '', retryable: failure_retryable ?? false },
  },
};
