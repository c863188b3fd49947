import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import * as agreementPolicy from './agreement/policy.ts';
import * as agreement from './agreement/resolvers.ts';
import * as annotationPolicy from './annotation/policy.ts';
import * as annotation from './annotation/resolvers.ts';
import * as auditPolicy from './audit/policy.ts';
import * as audit from './audit/resolvers.ts';
import * as commentPolicy from './comment/policy.ts';
import * as comment from './comment/resolvers.ts';
import type { Context } from './context.ts';
import * as crosscheckPolicy from './crosscheck/policy.ts';
import * as crosscheck from './crosscheck/resolvers.ts';
import * as datasetPolicy from './dataset/policy.ts';
import * as dataset from './dataset/resolvers.ts';
import * as defacingPolicy from './defacing/policy.ts';
import * as defacing from './defacing/resolvers.ts';
import * as deidentifyPolicy from './deidentify/policy.ts';
import * as deidentify from './deidentify/resolvers.ts';
import * as deliveryPolicy from './delivery/policy.ts';
import * as delivery from './delivery/resolvers.ts';
import * as evaluation from './evaluation/resolvers.ts';
import * as exported from './export/resolvers.ts';
import { answering } from './graphql/answer-errors.ts';
import { guard, permissions, type RootResolvers } from './graphql/guard.ts';
import { scalars } from './graphql/scalars.ts';
import { unanswered } from './graphql/unanswered.ts';
import { userErrorResolvers } from './graphql/user-error-resolvers.ts';
import * as jobPolicy from './job/policy.ts';
import * as job from './job/resolvers.ts';
import * as modelVersionPolicy from './model-version/policy.ts';
import * as modelVersion from './model-version/resolvers.ts';
import type { Policy } from './policy.ts';
import * as preparationPolicy from './preparation/policy.ts';
import * as preparation from './preparation/resolvers.ts';
import * as protocolPolicy from './protocol/policy.ts';
import * as protocol from './protocol/resolvers.ts';
import * as retrainingPolicy from './retraining/policy.ts';
import * as retraining from './retraining/resolvers.ts';
import * as rolloutPolicy from './rollout/policy.ts';
import * as rollout from './rollout/resolvers.ts';
import * as segmentationPolicy from './segmentation/policy.ts';
import * as segmentation from './segmentation/resolvers.ts';
import * as studyPolicy from './study/policy.ts';
import * as study from './study/resolvers.ts';
import * as taskPolicy from './task/policy.ts';
import * as task from './task/resolvers.ts';
import * as tenantPolicy from './tenant/policy.ts';
import * as tenant from './tenant/resolvers.ts';
import * as trainingPolicy from './training/policy.ts';
import * as training from './training/resolvers.ts';
import * as uploadPolicy from './upload/policy.ts';
import * as upload from './upload/resolvers.ts';

type Domain = { readonly resolvers: Readonly<Record<string, object>> };

/** Along the flow; a domain may call the services of those before it. */
const domains: readonly Domain[] = [
  tenant,
  job,
  study,
  deidentify,
  preparation,
  defacing,
  upload,
  protocol,
  task,
  annotation,
  comment,
  crosscheck,
  agreement,
  dataset,
  exported,
  training,
  retraining,
  evaluation,
  modelVersion,
  rollout,
  segmentation,
  delivery,
  audit,
];

export const policy: Policy = Object.assign(
  {},
  tenantPolicy.policy,
  jobPolicy.policy,
  studyPolicy.policy,
  deidentifyPolicy.policy,
  defacingPolicy.policy,
  preparationPolicy.policy,
  uploadPolicy.policy,
  protocolPolicy.policy,
  taskPolicy.policy,
  annotationPolicy.policy,
  commentPolicy.policy,
  crosscheckPolicy.policy,
  agreementPolicy.policy,
  datasetPolicy.policy,
  trainingPolicy.policy,
  retrainingPolicy.policy,
  modelVersionPolicy.policy,
  rolloutPolicy.policy,
  segmentationPolicy.policy,
  deliveryPolicy.policy,
  auditPolicy.policy,
);

/**
 * The executable schema: schema.graphql, answered by the domains' resolvers behind their policies.
 * @throws Error for an operation that has no resolver or no policy, and for a resolver or a policy of none.
 */
export function buildSchema(): GraphQLSchema {
  const typeDefs = readFileSync(join(import.meta.dirname, '../schema.graphql'), 'utf8');
  const merged: Record<string, Record<string, unknown>> = {};
  const own = { Viewer: { permissions: (_: unknown, __: unknown, context: Context) => permissions(policy, context) } };
  for (const { resolvers } of [...domains, { resolvers: userErrorResolvers }, { resolvers: own }]) {
    for (const [type, fields] of Object.entries(resolvers)) merged[type] = { ...merged[type], ...fields };
  }
  const { Query = {}, Mutation = {}, Subscription = {}, ...types } = merged;
  const root = guard({ Query, Mutation, Subscription } satisfies Record<string, RootResolvers>, policy);
  const schema = makeExecutableSchema({
    typeDefs,
    resolvers: { ...mapFields(types, answering), ...root, ...scalars } as never,
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
  const missing = unanswered(schema);
  if (missing.length > 0) throw new Error(`schema.graphql promises ${missing.join(', ')}, which no resolver answers`);
  return schema;
}

type Fields = Readonly<Record<string, unknown>>;

const mapFields = (types: Readonly<Record<string, Fields>>, map: (resolver: () => unknown) => unknown) =>
  Object.fromEntries(
    Object.entries(types).map(([type, fields]) => [
      type,
      Object.fromEntries(
        Object.entries(fields).map(([name, one]) => [
          name,
          typeof one === 'function' ? map(one as () => unknown) : one,
        ]),
      ),
    ]),
  );
