import { GraphQLError, type GraphQLFieldResolver } from 'graphql';
import { inSavepoint } from '#core/db/database.ts';
import { DomainError } from '#core/domain/errors.ts';
import { type Context, hasRole } from '../context.ts';
import type { Policy } from '../policy.ts';
import { answering } from './answer-errors.ts';
import { toUserError } from './user-error.ts';

type Resolver = GraphQLFieldResolver<unknown, Context>;
type SubscriptionResolver = { subscribe: Resolver; resolve?: Resolver };
export type RootResolvers = Readonly<Record<string, unknown>>;

/**
 * Puts each operation behind its entry of the policy, and each mutation into a savepoint of its own.
 * @throws Error at start-up for an operation without an entry, and for an entry without an operation.
 */
export function guard(
  root: { Query: RootResolvers; Mutation: RootResolvers; Subscription: RootResolvers },
  policy: Policy,
): typeof root {
  const operations = [...Object.keys(root.Query), ...Object.keys(root.Mutation), ...Object.keys(root.Subscription)];
  const unguarded = operations.filter((name) => !Object.hasOwn(policy, name));
  const idle = Object.keys(policy).filter((name) => !operations.includes(name));
  if (unguarded.length > 0) throw new Error(`no policy says who may call ${unguarded.join(', ')}`);
  if (idle.length > 0) throw new Error(`the policy names ${idle.join(', ')}, which no resolver answers`);
  const wrap = <T>(resolvers: RootResolvers, wrapOne: (name: string, resolver: T) => T): RootResolvers =>
    Object.fromEntries(Object.entries(resolvers).map(([name, resolver]) => [name, wrapOne(name, resolver as T)]));
  const permit =
    (name: string, resolver: Resolver): Resolver =>
    (source, args, context, info) => {
      refuseUnlessPermitted(name, policy, context);
      return resolver(source, args, context, info);
    };
  return {
    Query: wrap<Resolver>(root.Query, (name, resolver) => permit(name, answering(resolver))),
    Mutation: wrap<Resolver>(root.Mutation, (name, resolver) => permit(name, answering(undoIfRefused(resolver)))),
    Subscription: wrap<SubscriptionResolver>(root.Subscription, (name, { subscribe, ...rest }) => ({
      ...rest,
      subscribe: permit(name, answering(subscribe)),
    })),
  };
}

/** The names of the operations that the caller may call. */
export const permissions = (policy: Policy, { caller }: Context): string[] =>
  Object.entries(policy).flatMap(([name, roles]) => (roles === 'ANY' || hasRole(caller, ...roles) ? [name] : []));

function refuseUnlessPermitted(name: string, policy: Policy, { caller }: Context): void {
  const roles = policy[name];
  if (roles === 'ANY' || (roles && hasRole(caller, ...roles))) return;
  throw new GraphQLError(`${name} needs one of the roles ${roles?.join(', ')}.`, { extensions: { code: 'FORBIDDEN' } });
}

/** A mutation with user errors has changed nothing, though others of the same operation may have. */
const undoIfRefused =
  (resolver: Resolver): Resolver =>
  async (source, args, context, info) => {
    try {
      const payload = await inSavepoint(
        context.db,
        async () => (await resolver(source, args, context, info)) as object,
      );
      return { ...payload, userErrors: [] };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { userErrors: [toUserError(error)] };
    } finally {
      context.loaders.clear();
    }
  };
