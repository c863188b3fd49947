import type { Change } from '../changes.ts';
import { type Context, scopeOf } from '../context.ts';
import { mayReach } from '../graphql/may-reach.ts';
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

/**
 * Present states first, then every change; ends when all have ended, or when the subscriber has left. Changes that follow closely are
 * told as one. What the caller may not reach is as what never was: nothing is told of it.
 */
export async function* followJobs(
  { services, caller, left }: Context,
  all: readonly Followed[],
  after: string | undefined,
): AsyncGenerator<JobChange, void, void> {
  const followed = all.filter(({ type }) => mayReach(caller, type));
  const seen: Seen = { ...decode(after) };
  const jobIds = new Set<string>();
  const bell = new Bell();
  const stop = services.changes.listen((change: Change | undefined) => {
    if (!change || (change.type === 'job' && jobIds.has(change.id)) || followed.some(({ id }) => id === change.id))
      bell.ring();
  });
  const leave = (): void => bell.ring();
  left?.addEventListener('abort', leave, { once: true });
  try {
    while (!left?.aborted) {
      bell.clear();
      const jobs = await services.database.inTenant(scopeOf(caller), (db) =>
        Promise.all(followed.map(({ type, id }) => findJob(db, type, id))),
      );
      for (const [index, job] of jobs.entries()) {
        if (!job || seen[job.id] === job.change_number) continue;
        jobIds.add(job.id);
        seen[job.id] = job.change_number;
        yield { ...followed[index]!, cursor: encode(seen) };
      }
      for (const job of jobs) if (job) jobIds.add(job.id);
      if (jobs.every((job) => !job || hasEnded(job))) return;
      await bell.wait(lookAgainMs);
    }
  } finally {
    stop();
    left?.removeEventListener('abort', leave);
  }
}

/** Wakes one who waits; rung before, it does not let them wait at all. */
class Bell {
  #rung = false;
  #wake: () => void = () => {};

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  clear(): void {
    this.#rung = false;
  }

  async wait(longestMs: number): Promise<void> {
    if (this.#rung) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, longestMs).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }
}
