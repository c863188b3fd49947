import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Log } from '#core/log.ts';

const internal = 'INTERNAL_SERVER_ERROR';

/** An error as it is told: what is no fault of the caller is logged, and told without a word of the inside. */
export function hideInternals(log: Log, formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  if ((formatted.extensions?.code ?? internal) !== internal) return formatted;
  log.error({ err: error }, 'an operation failed');
  const message = 'The service failed; its operators can find why by the request id.';
  return { message, extensions: { code: internal } };
}

/** As `hideInternals`, for errors that Apollo Server does not see. */
export function toldError(log: Log, error: unknown): GraphQLError {
  const known =
    error instanceof GraphQLError ? error : new GraphQLError('unexpected', { originalError: error as Error });
  // Of a document or of variables that do not fit the schema: GraphQL's own words, without a code.
  if (known.extensions.code === undefined && !known.originalError) return known;
  const { message, extensions = {} } = hideInternals(log, known.toJSON(), known.originalError ?? known);
  return new GraphQLError(message, { extensions, ...(known.path ? { path: known.path } : {}) });
}
