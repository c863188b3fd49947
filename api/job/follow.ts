import { EventEmitter, once } from 'node:events';
import type { Change } from '../changes.ts';
import { type Context, scopeOf } from '../context.ts';
import type { JobRow } from '../graphql/rows.ts';
import { findJob, type JobNodeType } from './store.ts';

/** One followed thing. */
export interface Followed {
  readonly type: JobNodeType;
  readonly id: string;
}

/** What a subscriber is sent: which one changed, and where to go on after. */
export interface JobChange extends Followed {
  readonly cursor: string;
}

type Seen = Record<string, number>;

const encode = (seen: Seen): string => Buffer.from(JSON.stringify(seen)).toString('base64url');

/** What a cursor says was seen; nothing if it is none of ours, so that the present states are sent again. */
function decode(cursor: string | undefined): Seen {
  try {
    const seen: unknown = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString('utf8'));
    return typeof seen === 'object' && seen !== null ? (seen as Seen) : {};
  } catch {
    return {};
  }
}

const hasEnded = ({ state }: JobRow): boolean => state !== 'QUEUED' && state !== 'RUNNING';
/** A lost notification is made good after this long. */
const lookAgainMs = 10_000;

/** Present states first, then every change; ends when all have ended. Changes that follow closely are told as one. */
export async function* followJobs(
  { services, caller }: Context,
  followed: readonly Followed[],
  after: string | undefined,
): AsyncGenerator<JobChange, void, void> {
  const seen: Seen = { ...decode(after) };
  const wake = new EventEmitter();
  const jobIds = new Set<string>();
  let dirty = true;
  const stop = services.changes.listen((change: Change | undefined) => {
    if (change && !(change.type === 'job' && jobIds.has(change.id)) && !followed.some(({ id }) => id === change.id))
      return;
    dirty = true;
    wake.emit('changed');
  });
  try {
    for (;;) {
      dirty = false;
      const jobs = await services.database.inTenant(scopeOf(caller), (db) =>
        Promise.all(followed.map(({ type, id }) => findJob(db, type, id))),
      );
      for (const [index, job] of jobs.entries()) {
        if (!job || seen[job.id] === job.change_number) continue;
        jobIds.add(job.id);
        seen[job.id] = job.change_number;
        yield { ...followed[index]!, cursor: encode(seen) };
      }
      if (jobs.every((job) => !job || hasEnded(job))) return;
      if (!dirty)
        await Promise.race([once(wake, 'changed'), new Promise((resolve) => setTimeout(resolve, lookAgainMs).unref())]);
    }
  } finally {
    stop();
  }
}
