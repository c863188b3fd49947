import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import {
  type DocumentNode,
  getIntrospectionQuery,
  type OperationDefinitionNode,
  parse,
  TypeInfo,
  ValidationContext,
} from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { limits, type Measures, maxTokens, measure } from '../api/graphql/limits.ts';
import { buildSchema } from '../api/schema.ts';
import * as webQueries from '../web/app/api/queries.ts';
import * as trainingQueries from '../web/app/api/training-queries.ts';
import { startApi, type TestApi } from './harness/api-server.ts';
import { createTenant } from './harness/tenant.ts';

const root = join(import.meta.dirname, '..');
const schema = buildSchema();

function measureOf(document: DocumentNode): Measures {
  const context = new ValidationContext(schema, document, new TypeInfo(schema), () => undefined);
  return measure(
    context,
    document.definitions.find((one) => one.kind === 'OperationDefinition') as OperationDefinitionNode,
  );
}

let api: TestApi;
let token: string;
before(async () => {
  api = await startApi();
  const tenant = await createTenant(api.services.database, 'Limits', api.issuer);
  token = await api.token((await tenant.member('Reader', 'READER', 'COORDINATOR', 'ENGINEER')).memberId);
});
after(() => api.stop());

test('cost counts pages, stated lists and what a variable may be', () => {
  const cost = (text: string): number => measureOf(parse(text)).cost;
  assert.equal(cost('{ viewer { permissions } }'), 1);
  // The connection, edges, nodes.
  assert.equal(cost('{ studies(first: 10) { edges { node { id } } } }'), 10 * 3);
  assert.equal(cost('{ studies { edges { node { id } } } }'), 25 * 3);
  assert.equal(cost('query ($n: Int) { studies(first: $n) { edges { node { id } } } }'), 100 * 3);
  assert.equal(cost('{ studies(first: 2147483647) { edges { node { id } } } }'), 100 * 3);
  assert.equal(cost('{ nodes(ids: []) { id } }'), 100);
  const within = 'studies(first: 10) { edges { node { tasks(first: 10) { edges { node { id } } } } } }';
  assert.equal(cost(`{ ${within} }`), 10 * (3 + 10 * 3));
  const spread = `{ ...F ...F } fragment F on Query { ${within} }`;
  assert.equal(cost(spread), 2 * 10 * (3 + 10 * 3));
  assert.equal(measureOf(parse(spread)).depth, 7);
});

test('fragments that double at each step are measured at once, and refused', async () => {
  const steps = Array.from({ length: 60 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);
  const bomb = `{ ...F0 } ${steps.join(' ')} fragment F60 on Query { viewer { member { id } } }`;
  const began = performance.now();
  const { json } = await api.post(token, { query: bomb });
  assert.ok(performance.now() - began < 2000);
  assert.equal(json.errors[0].extensions.limit, 'cost');
  const circle = await api.post(token, { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' });
  assert.match(circle.json.errors[0].message, /itself/);
});

const tasksWithin =
  'tasks(first: 100) { edges { node { reads { revisions(first: 100) { edges { node { id } } } } } } }';
const excessive: Record<string, string> = {
  depth: `{ studies(first: 1) { edges { node { ${'tasks(first: 1) { edges { node { study { '.repeat(3)} id ${'} '.repeat(4 * 3 + 4)}`,
  cost: `{ studies(first: 100) { edges { node { ${tasksWithin} } } } }`,
  aliases: `{ ${Array.from({ length: 16 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
  directives: `{ viewer ${'@include(if: true) '.repeat(21)} { permissions } }`,
  tokens: `{ viewer { ${'permissions '.repeat(maxTokens)} } }`,
};

test('an operation above a limit is refused by name, and nothing of it is done', async () => {
  for (const [limit, query] of Object.entries(excessive)) {
    const { status, json } = await api.post(token, { query });
    assert.equal(status, 400, limit);
    const error = json.errors.find(
      ({ extensions }: { extensions: { code: string } }) => extensions.code === 'TOO_COSTLY',
    );
    assert.equal(error?.extensions.limit, limit, JSON.stringify(json.errors).slice(0, 300));
    assert.match(error.message, /ask for less/);
    assert.equal(json.data, undefined);
  }
});

test('subscriptions have the same limits, tell no names, and a bad one leaves the connection open', async () => {
  const client = createClient({
    url: `${api.address.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
    connectionParams: { authorization: `Bearer ${token}` },
  });
  const errorsOf = async (query: string): Promise<{ message: string; extensions?: { limit?: string } }[]> => {
    try {
      for await (const { errors } of client.iterate({ query })) return [...(errors ?? [])] as never;
      return [];
    } catch (errors) {
      assert.ok(Array.isArray(errors), String(errors));
      return errors;
    }
  };
  try {
    const job = (within: string): string => `subscription { jobChanged(ids: []) { ${within} } }`;
    const asked: Record<string, string> = {
      aliases: job(Array.from({ length: 16 }, (_, n) => `a${n}: cursor`).join(' ')),
      directives: job(`cursor ${'@include(if: true) '.repeat(21)}`),
      tokens: job('cursor '.repeat(maxTokens)),
      cost: job(`job { ... on Preparation { study { ${tasksWithin} } } }`),
    };
    for (const [limit, query] of Object.entries(asked)) {
      const errors = await errorsOf(query);
      assert.ok(
        errors.some(({ extensions }) => extensions?.limit === limit),
        `${limit}: ${JSON.stringify(errors).slice(0, 400)}`,
      );
    }
    for (const query of ['subscription {', job('cursr'), 'subscription { jobChangd(ids: []) { cursor } }']) {
      const errors = await errorsOf(query);
      assert.ok(errors.length > 0, query);
      assert.doesNotMatch(JSON.stringify(errors), /Did you mean/);
    }
    assert.match(JSON.stringify(await errorsOf('{ __schema { types { name } } }')), /Only subscriptions/);
  } finally {
    await client.dispose();
  }
});

test('what the web app, the viewer and the demonstration ask for is well within', () => {
  const greatest = { depth: 0, cost: 0, aliases: 0, directives: 0 };
  const texts = Object.values({ ...webQueries, ...trainingQueries }).filter(
    (text): text is string => typeof text === 'string' && /^\s*(query|mutation|\{)/.test(text),
  );
  assert.ok(texts.length >= 8, `${texts.length} queries of the web app`);
  const files = globSync(['web/app/**/*.{ts,tsx}', 'web/viewer/**/*.{ts,tsx}', 'demo/**/*.ts'], { cwd: root });
  for (const file of files) texts.push(...operationsIn(readFileSync(join(root, file), 'utf8')));
  let documents = 0;
  for (const text of texts) {
    const document = parse(text);
    const found = measureOf(document);
    for (const [name, greatestAllowed] of Object.entries(limits) as [keyof Measures, number][]) {
      assert.ok(found[name] <= greatestAllowed, `${name} is ${found[name]} in ${text}`);
      greatest[name] = Math.max(greatest[name], found[name]);
    }
    documents++;
  }
  assert.ok(documents >= 35, `${documents} operations were found`);
  assert.ok(greatest.cost > 1000 && greatest.depth > 5, JSON.stringify(greatest));
});

/** Operations written out in a source file, what is put into them left out. */
function operationsIn(source: string): string[] {
  const found: string[] = [];
  for (const [, , text = ''] of source.matchAll(
    /(['`])((?:query|mutation|subscription)?\s*(?:\([^)]*\)\s*)?\{(?:(?!\1).)*)\1/gs,
  )) {
    const document = text.replace(/\$\{[^}]*\}/g, ' ');
    try {
      parse(document);
      found.push(document);
    } catch {
      // Another text in braces.
    }
  }
  return found;
}

test('introspection passes where it is allowed', () => {
  const found = measureOf(parse(getIntrospectionQuery()));
  for (const name of Object.keys(limits) as (keyof Measures)[]) assert.ok(found[name] <= limits[name], name);
});

test('a browser that asks for /graphql gets no page to ask from', async () => {
  const response = await fetch(`${api.address}/graphql`, { headers: { accept: 'text/html' } });
  assert.equal(response.status, 400);
  assert.match(response.headers.get('content-type') ?? '', /json/);
});
