import { givenPlan } from '#core/learning/retraining-store.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { givenPlanOf } from '../graphql/given-plan.ts';
import { mayReach } from '../graphql/may-reach.ts';
import { pausePolicy, setPolicy } from './service.ts';
import { policiesByNumber, readRetraining } from './store.ts';

export const resolvers = {
  Query: { retraining: async (_, __, { db }) => (await readRetraining(db)) ?? null },
  Mutation: {
    retrainingSet: async (_, { input: { replaces, plan, ...choice } }, context) => ({
      // The schema fills in what is left out.
      retraining: await setPolicy(context, {
        ...(choice as Required<typeof choice>),
        plan: givenPlanOf(plan),
        replaces: replaces ?? null,
      }),
    }),
    retrainingPause: async (_, { input: { paused } }, context) => ({ retraining: await pausePolicy(context, paused) }),
  },
  Retraining: {
    policy: ({ policy_number }, _, { loaders }) => loaders.list(policiesByNumber).load(String(policy_number)),
    acceptedLabels: ({ accepted_labels }) => accepted_labels,
    lastOutcome: (row) => (row.outcome ? row : null),
  },
  RetrainingOutcome: {
    kind: ({ outcome }) => outcome!,
    message: ({ outcome_message }) => outcome_message!,
    acceptedLabels: ({ outcome_labels }) => outcome_labels!,
    at: ({ outcome_at }) => outcome_at!,
    trainingRun: ({ outcome_run_id }, _, { loaders, caller }) =>
      outcome_run_id && mayReach(caller, 'TrainingRun') ? loaders.need('training_run', outcome_run_id) : null,
  },
  RetrainingPolicy: {
    afterAcceptedLabels: ({ after_accepted_labels }) => after_accepted_labels,
    plan: (row) => givenPlan(row) as never,
    warmStart: ({ warm_start }) => warm_start,
    testPerGroup: ({ test_per_group }) => test_per_group,
    trainPerDevelopment: ({ train_per_development }) => train_per_development,
    setBy: ({ set_by }, _, { loaders }) => loaders.need('member', set_by),
    setAt: ({ set_at }) => set_at,
  },
  TrainingRun: {
    retrainingPolicy: ({ retraining_policy_number }, _, { loaders }) =>
      retraining_policy_number === null ? null : loaders.list(policiesByNumber).load(String(retraining_policy_number)),
  },
} satisfies Resolvers;
