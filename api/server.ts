import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type ExecutionArgs, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import type { Context as ServerContext, SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Caller, Context, Services } from './context.ts';
import { dicomwebRoutes } from './dicomweb/routes.ts';
import { exportRoutes } from './export/routes.ts';
import { hideInternals } from './graphql/hide-internals.ts';
import { maxTokens, tellLimit, withinLimits } from './graphql/limits.ts';
import { subscribeInTransactions } from './graphql/subscriptions.ts';
import { admit, transactionPlugin } from './graphql/transaction-plugin.ts';
import { unauthenticated } from './graphql/unauthenticated.ts';
import { authenticate, tenantHeader } from './identity/authenticate.ts';
import { TokenVerifier, Unauthenticated } from './identity/token.ts';
import { buildSchema } from './schema.ts';
import type { WebConfig } from './web/config.ts';
import type { CookieAccess } from './web/cookie-access.ts';
import { addSecurityHeaders } from './web/security-headers.ts';
import { addWeb } from './web/web.ts';

/** The HTTP server, not yet listening; with `web` it also serves people's browsers. */
export async function createServer(services: Services, web?: WebConfig): Promise<FastifyInstance> {
  const verifier = new TokenVerifier(services.config.oidc.issuer, services.config.oidc.audience);
  const callers = new WeakMap<object, Caller>();
  const callerOf = async (request: Pick<FastifyRequest, 'headers'>): Promise<Caller> => {
    const tenant = request.headers[tenantHeader];
    const caller = await authenticate(
      { database: services.database, verifier },
      { authorization: request.headers.authorization, tenant: Array.isArray(tenant) ? tenant[0] : tenant },
    );
    callers.set(request, caller);
    return caller;
  };
  const app = Fastify({ genReqId: () => randomUUID(), bodyLimit: 2 ** 20, forceCloseConnections: 'idle' });
  app.addHook('onResponse', async (request, reply) => {
    // What a refused upload still sends: otherwise the next request on the connection would wait behind it.
    if (!request.raw.complete) request.raw.resume();
    const caller = callers.get(request);
    services.log.info(
      {
        requestId: request.id,
        tenantId: caller?.tenantId,
        memberId: caller?.memberId,
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
  await app.register(exportRoutes, { services, callerOf });
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
    validationRules: [withinLimits],
    parseOptions: { maxTokens },
    plugins: [
      transactionPlugin,
      fastifyApolloDrainPlugin(app),
      services.config.demo ? ApolloServerPluginLandingPageLocalDefault() : ApolloServerPluginLandingPageDisabled(),
    ],
    formatError: (formatted, error) => tellLimit(hideInternals(services.log, formatted, error)),
  });
  await apollo.start();
  await app.register(fastifyApollo(apollo), {
    context: async (request) => {
      try {
        return admit(services, await callerOf(request), request.id);
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
      onSubscribe: (_socket, _id, payload) => readOperation(schema, payload, services.config.demo),
      onError: (_socket, _id, _message, errors) => errors.map((error) => tellLimit(error.toJSON())),
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

/** What a message asks for; errors, not a closed connection, if it cannot be read or asks for too much. */
function readOperation(
  schema: GraphQLSchema,
  payload: SubscribePayload,
  demo: boolean,
): ExecutionArgs | GraphQLError[] {
  try {
    const document = parse(payload.query, { maxTokens });
    // Suggestions would tell the schema by and by.
    const errors = validate(schema, document, [...specifiedRules, withinLimits], { hideSuggestions: !demo });
    if (errors.length > 0) return [...errors];
    return { schema, document, operationName: payload.operationName, variableValues: payload.variables };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [error];
  }
}
