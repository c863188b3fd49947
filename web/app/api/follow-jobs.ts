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
      await graphql('{ viewer { expiresAt } }');
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

/** Calls `onChange` with each change of some jobs until all have ended; `onEnd` then, and when it cannot be followed any more. */
export function followJobs(
  ids: readonly string[],
  onChange: (job: FollowedJob) => void,
  onEnd: () => void,
): () => void {
  return shared().subscribe<Event>(
    { query: subscription, variables: { ids } },
    {
      next: ({ data }) => {
        if (!data) return;
        const { id, progress, preparationState, segmentationState, runState, deliveryState } = data.jobChanged.job;
        const state = preparationState ?? segmentationState ?? runState ?? deliveryState ?? '';
        onChange({ id, progress, state });
      },
      error: onEnd,
      complete: onEnd,
    },
  );
}
