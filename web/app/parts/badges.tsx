import type { JobProgress } from '../api/queries.ts';
import { inWords } from './words.ts';

const tones: Readonly<Record<string, string>> = {
  READY: 'good', COMPLETED: 'good', SUCCEEDED: 'good', ACCEPTED: 'good', APPROVED: 'good', LIVE: 'good', SUBMITTED: 'good', DELIVERED: 'good',
  RUNNING: 'busy', QUEUED: 'busy', DELINEATING: 'busy', CROSS_CHECKING: 'busy', ADJUDICATING: 'busy', STARTED: 'busy', IN_REVIEW: 'busy', PENDING: 'busy',
  NEEDS_REVIEW: 'warn', RETURNED: 'warn', CANDIDATE: 'warn', ASSIGNED: 'warn', OPEN: 'warn',
  FAILED: 'bad', REJECTED: 'bad', ROLLED_BACK: 'bad',
}; // biome-ignore format: a table

/** How a state is coloured. */
export const toneOf = (state: string): string => tones[state] ?? '';

/** A state, told by word and by colour. */
export const State = ({ state }: { state: string }) => <span class={`state ${toneOf(state)}`}>{inWords(state)}</span>;

/** The state of a job, with how far it is while it runs and why it failed. */
export function JobState({ state, progress }: { state: string; progress: JobProgress }) {
  const running = state === 'RUNNING';
  return (
    <span class="job">
      <State state={state} />
      {running && (
        <>
          <progress max={1} value={progress.fraction} aria-label={progress.step ?? 'progress'} />
          <span class="faint">{progress.step}</span>
        </>
      )}
      {progress.failure && <span class="bad-text">{progress.failure.message}</span>}
    </span>
  );
}
