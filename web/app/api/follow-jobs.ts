import type { FormattedExecutionResult } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { graphql } from './graphql.ts';
import { type JobProgress, progressFields } from './queries.ts';

/** A job as it is now. */
export interface FollowedJob {
  readonly id: string;
  readonly state: string;
  readonly progress: JobProgress;
}

let client: Client | undefined;

/** One socket for the page. Its cookie is taken when it is opened, so a session that ends soon is renewed by a request before that. */
const shared = (): Client =>
  (client ??= createClient({
    url: async () => {
      // A failure is left to the socket, which is refused then and tried again: the client waits for ever on an address that fails.
      await graphql('{ viewer { expiresAt } }').catch(() => {});
      return `${location.origin.replace(/^http/, 'ws')}/graphql`;
    },
    retryAttempts: 20,
    shouldRetry: () => true,
  }));

const subscription = `subscription ($ids: [ID!]!) { jobChanged(ids: $ids) { job {
  id progress { ${progressFields} }
  ... on Preparation { preparationState: state }
  ... on Segmentation { segmentationState: state }
  ... on TrainingRun { runState: state }
  ... on Delivery { deliveryState: state }
} } }`;

interface Event {
  readonly jobChanged: {
    readonly job: {
      id: string;
      progress: JobProgress;
      preparationState?: string;
      segmentationState?: string;
      runState?: string;
      deliveryState?: string;
    };
  };
}

/** Until every subscription on a socket whose access token has ended is over, so that the next one opens a new socket. */
const beginAgainMs = 1000;

/**
 * Calls `onChange` with each change of some jobs until all have ended; `onEnd` then, and when it cannot be followed any more. An access
 * token ends long before a training does: the jobs are then followed with the next one.
 */
export function followJobs(
  ids: readonly string[],
  onChange: (job: FollowedJob) => void,
  onEnd: () => void,
): () => void {
  let unsubscribe = (): void => {};
  let again: ReturnType<typeof setTimeout> | undefined;
  let left = false;
  const begin = (): void => {
    let expired = false;
    const complete = (): void => {
      if (expired && !left) again = setTimeout(begin, beginAgainMs);
      else onEnd();
    };
    const next = ({ data, errors }: FormattedExecutionResult<Event>): void => {
      expired = errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED') ?? false;
      if (data) onChange(jobOf(data));
    };
    unsubscribe = shared().subscribe<Event>(
      { query: subscription, variables: { ids } },
      { next, error: onEnd, complete },
    );
  };
  begin();
  return () => {
    left = true;
    clearTimeout(again);
    unsubscribe();
  };
}

function jobOf({ jobChanged: { job } }: Event): FollowedJob {
  const { id, progress, preparationState, segmentationState, runState, deliveryState } = job;
  return { id, progress, state: preparationState ?? segmentationState ?? runState ?? deliveryState ?? '' };
}
