import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GraphQLSchema, graphql } from 'graphql';
import { type DeliverySettings, readDeliverySettings } from '#core/delivery/settings.ts';
import { openQueue } from '#core/jobs/queues.ts';
import { openLog } from '#core/log.ts';
import { openFileStore } from '#core/storage/file-store.ts';
import { Changes } from '../../api/changes.ts';
import type { Caller, Services } from '../../api/context.ts';
import { openRequest } from '../../api/request.ts';
import { buildSchema } from '../../api/schema.ts';
import { startDatabase } from './database.ts';

/** Untyped: a test reads what it asked for. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is that of the query's text
export type Data = any;

export interface Answer {
  readonly data: Data;
  /** Codes of top-level errors; empty for an operation that was served. */
  readonly errors: readonly string[];
}

export interface TestServices {
  readonly services: Services;
  /** Serves one GraphQL operation in a transaction of its own, as the server does. */
  ask(caller: Caller, text: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** As `ask`, but nothing that it does is kept. */
  tryOut(caller: Caller, text: string, variables?: Record<string, unknown>): Promise<Answer>;
  stop(): Promise<void>;
}

/** The API's real parts, without HTTP: PostgreSQL, queue, a file object store in a temporary folder, schema. */
export async function startServices(options: { readonly delivery?: DeliverySettings } = {}): Promise<TestServices> {
  const { appUrl, database, stop: stopDatabase } = await startDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'metloop-objects-'));
  const queue = await openQueue(appUrl, { max: 2, supervise: false });
  const log = openLog('test', 'silent');
  const changes = new Changes(appUrl, log);
  const config = {
    databaseUrl: appUrl,
    publicUrl: 'http://127.0.0.1',
    oidc: { issuer: 'https://login.example', audience: 'metloop-api' },
    host: '127.0.0.1',
    port: 0,
    demo: false,
    logLevel: 'silent',
    delivery: options.delivery ?? readDeliverySettings({}),
  };
  const objects = await openFileStore(folder);
  const services: Services = { config, database, queue, objects, changes, log };
  const stop = async (): Promise<void> => {
    await changes.stop();
    await queue.stop({ graceful: false });
    await stopDatabase();
    await rm(folder, { recursive: true, force: true });
  };
  return testServices(services, stop);
}

/** These services, to be asked without HTTP. */
export function testServices(services: Services, stop: () => Promise<void>): TestServices {
  const schema = buildSchema();
  return {
    services,
    ask: (caller, text, variables) => ask(services, schema, caller, text, variables, /^\s*mutation\b/.test(text)),
    tryOut: (caller, text, variables) => ask(services, schema, caller, text, variables, false),
    stop,
  };
}

async function ask(
  services: Services,
  schema: GraphQLSchema,
  caller: Caller,
  source: string,
  variableValues: Record<string, unknown> | undefined,
  keep: boolean,
): Promise<Answer> {
  const { context, transaction } = await openRequest(services, caller);
  const { data, errors = [] } = await graphql({ schema, source, variableValues, contextValue: context });
  if (errors.length === 0 && keep) await transaction.commit();
  else await transaction.rollback();
  // As it arrives over the wire.
  const wire = data && JSON.parse(JSON.stringify(data));
  return {
    data: wire,
    errors: errors.map(({ message, extensions }) => `${extensions.code ?? 'INTERNAL'}: ${message}`),
  };
}
