import { useEffect, useState } from 'preact/hooks';
import { type FollowedJob, followJobs } from './api/follow-jobs.ts';

/** The most that one subscription follows. */
const mostFollowed = 100;
const running = new Set(['QUEUED', 'RUNNING', 'PENDING']);

/** Those of some jobs that are under way, as they change; `reload` is called when all have ended. */
export function useJobs(
  all: readonly ({ readonly id: string; readonly state: string } | null | undefined)[],
  reload: () => Promise<void>,
): ReadonlyMap<string, FollowedJob> {
  const [jobs, setJobs] = useState<ReadonlyMap<string, FollowedJob>>(new Map());
  const ids = all
    .flatMap((job) => (job && running.has(job.state) ? job.id : []))
    .slice(0, mostFollowed)
    .sort()
    .join(' ');
  useEffect(() => {
    if (!ids) return setJobs(new Map());
    return followJobs(
      ids.split(' '),
      (job) => setJobs((before) => new Map(before).set(job.id, job)),
      () => void reload(),
    );
  }, [ids, reload]);
  return jobs;
}
