import type { GraphQLSchema } from 'graphql';

/** Fields of Query, Mutation and Subscription that no resolver answers: the schema would promise what is not there. */
export function unanswered(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return roots.flatMap((type) =>
    Object.values(type?.getFields() ?? {})
      .filter((field) => !(type === schema.getSubscriptionType() ? field.subscribe : field.resolve))
      .map((field) => `${type!.name}.${field.name}`),
  );
}
