import { GraphQLError } from 'graphql';
import { DomainError } from '#core/domain/errors.ts';

/** PostgreSQL: the text holds a character, such as U+0000, that its encoding or its jsonb cannot hold. */
const unstorableText = new Set(['22021', '22P05']);

/** What the caller can mend, told as such; anything else as it is, to be hidden as a fault of the service. */
export function answerable(error: unknown): unknown {
  if (error instanceof DomainError) {
    const code = error.code === 'NOT_FOUND' ? 'NOT_FOUND' : 'BAD_USER_INPUT';
    return new GraphQLError(error.message, { extensions: { code, path: error.path } });
  }
  if (error instanceof Error && unstorableText.has(String((error as { code?: unknown }).code)))
    return new GraphQLError('A text holds a character that cannot be stored, such as U+0000.', {
      extensions: { code: 'BAD_USER_INPUT' },
      originalError: error,
    });
  return error;
}

/** A resolver whose errors are answerable ones. What is not a promise stays none. */
export const answering =
  <A extends readonly unknown[]>(resolver: (...args: A) => unknown) =>
  (...args: A): unknown => {
    try {
      const answer = resolver(...args);
      return answer instanceof Promise
        ? answer.catch((error: unknown) => {
            throw answerable(error);
          })
        : answer;
    } catch (error) {
      throw answerable(error);
    }
  };
