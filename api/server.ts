import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type ExecutionArgs, GraphQLError, type GraphQLSchema, validate } from 'graphql';
import type { Context as ServerContext } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Caller, Context, Services } from './context.ts';
import { dicomwebRoutes } from './dicomweb/routes.ts';
import { subscribeInTransactions } from './graphql/subscriptions.ts';
import { endWithResponse, transactionPlugin } from './graphql/transaction-plugin.ts';
import { authenticate, tenantHeader } from './identity/authenticate.ts';
import { TokenVerifier, Unauthenticated } from './identity/token.ts';
import { openRequest } from './request.ts';
import { buildSchema } from './schema.ts';
import type { WebConfig } from './web/config.ts';
import type { CookieAccess } from './web/cookie-access.ts';
import { addSecurityHeaders } from './web/security-headers.ts';
import { addWeb } from './web/web.ts';

/** The HTTP server, not yet listening; with `web` it also serves people's browsers. */
export async function createServer(services: Services, web?: WebConfig): Promise<FastifyInstance> {
  const verifier = new TokenVerifier(services.config.oidc.issuer, services.config.oidc.audience);
  const callerOf = ({ headers }: Pick<FastifyRequest, 'headers'>): Promise<Caller> => {
    const tenant = headers[tenantHeader];
    return authenticate(
      { database: services.database, verifier },
      { authorization: headers.authorization, tenant: Array.isArray(tenant) ? tenant[0] : tenant },
    );
  };
  const app = Fastify({ genReqId: () => randomUUID(), bodyLimit: 2 ** 20, forceCloseConnections: 'idle' });
  app.addHook('onResponse', async (request, reply) => {
    services.log.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
  addSecurityHeaders(app, services.config.publicUrl);
  addHealth(app, services);
  const access = web && (await addWeb(app, services.config, web, services.log));
  const schema = buildSchema();
  await addGraphql(app, services, schema, callerOf);
  addSubscriptions(app, services, schema, callerOf, access);
  await app.register(dicomwebRoutes, { prefix: '/dicomweb', services, callerOf });
  return app;
}

function addHealth(app: FastifyInstance, services: Services): void {
  app.get('/healthz', async () => ({ ok: true }));
  app.get('/readyz', async (_, reply) => {
    try {
      await services.database.ping();
      return { ok: true };
    } catch {
      return reply.code(503).send({ ok: false, why: 'the database does not answer' });
    }
  });
}

const unauthenticated = (error: Unauthenticated): GraphQLError =>
  new GraphQLError(error.message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });

async function addGraphql(
  app: FastifyInstance,
  services: Services,
  schema: GraphQLSchema,
  callerOf: (request: FastifyRequest) => Promise<Caller>,
): Promise<void> {
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: services.config.demo,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !services.config.demo,
    plugins: [transactionPlugin, fastifyApolloDrainPlugin(app)],
    formatError: (formatted, error) => {
      if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return formatted;
      services.log.error({ err: error }, 'an operation failed');
      return {
        message: 'The service failed; its operators can find why by the request id.',
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      };
    },
  });
  await apollo.start();
  await app.register(fastifyApollo(apollo), {
    context: async (request) => {
      try {
        return endWithResponse(await openRequest(services, await callerOf(request), request.id));
      } catch (error) {
        throw error instanceof Unauthenticated ? unauthenticated(error) : error;
      }
    },
  });
}

/** A WebSocket as graphql-ws tells of it. */
type Socket = ServerContext<Readonly<Record<string, unknown>>, Extra>;

/** Subscriptions by graphql-ws at the same path; the token comes in `connectionParams.authorization`, or a page's session by its cookie. */
function addSubscriptions(
  app: FastifyInstance,
  services: Services,
  schema: GraphQLSchema,
  callerOf: (request: Pick<FastifyRequest, 'headers'>) => Promise<Caller>,
  access: CookieAccess | undefined,
): void {
  const sockets = new WebSocketServer({ server: app.server, path: '/graphql', maxPayload: 2 ** 20 });
  const callerOfSocket = async ({ connectionParams: params, extra }: Socket): Promise<Caller> =>
    callerOf({
      headers: {
        authorization:
          access && !params?.authorization
            ? access.ofSocket(extra.request.headers)
            : String(params?.authorization ?? ''),
        ...(params?.[tenantHeader] ? { [tenantHeader]: String(params[tenantHeader]) } : {}),
      },
    });
  const server = useServer<Readonly<Record<string, unknown>>>(
    {
      schema,
      validate: (target, document) => validate(target, document),
      onConnect: async (socket) =>
        callerOfSocket(socket).then(
          () => true,
          () => false,
        ),
      context: (socket) => ({ caller: () => callerOfSocket(socket) }),
      subscribe: (args) => {
        const { caller } = (args as ExecutionArgs).contextValue as { caller: () => Promise<Caller> };
        return subscribeInTransactions(services, caller, args as ExecutionArgs);
      },
      execute: () => ({
        errors: [new GraphQLError('Only subscriptions travel by WebSocket.', { extensions: { code: 'BAD_REQUEST' } })],
      }),
    },
    sockets,
  );
  app.addHook('preClose', async () => {
    await server.dispose();
  });
}
