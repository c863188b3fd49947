import { GraphQLError } from 'graphql';
import type { Unauthenticated } from '../identity/token.ts';

export const unauthenticated = ({ message }: Unauthenticated): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
