import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { buildSchema, GraphQLEnumType } from 'graphql';
import pg from 'pg';
import { errorCodes } from '#core/domain/errors.ts';
import { lifecycle, statesBefore } from '#core/domain/lifecycle.ts';
import { oversightRoles, roles, siteRoles } from '#core/domain/roles.ts';
import { sequences } from '#core/domain/sequence.ts';
import { failureCodes, jobKinds, queueNames, queueOf } from '#core/jobs/contract.ts';
import { startDatabase, type TestDatabase } from './harness/database.ts';

let server: TestDatabase;
/** Values that a column's check admits, by `table.column`. */
const checks = new Map<string, string[]>();
before(async () => {
  server = await startDatabase();
  const client = new pg.Client({ connectionString: server.ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ column: string; definition: string }>(
      `select c.relname || '.' || a.attname as column, pg_get_constraintdef(k.oid) as definition
       from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
       where k.connamespace = 'metloop'::regnamespace and k.contype = 'c' and cardinality(k.conkey) = 1`,
    );
    for (const { column, definition } of rows) {
      const list = /^CHECK \(\((?:"?\w+"?) = ANY \(ARRAY\[(.*)\]\)\)\)$/.exec(definition)?.[1];
      if (list)
        checks.set(
          column,
          [...list.matchAll(/'(\w+)'/g)].map(([, value]) => value!),
        );
    }
  } finally {
    await client.end();
  }
});
after(() => server?.stop());

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../schema.graphql'), 'utf8'));
function enumValues(name: string): string[] {
  const type = schema.getType(name);
  assert.ok(type instanceof GraphQLEnumType, `${name} is an enum of schema.graphql`);
  return type.getValues().map(({ value }) => value);
}
const sorted = (values: Iterable<string>): string[] => [...values].sort();

test('the states of lifecycle.ts are those of the SQL checks', () => {
  assert.equal(Object.keys(lifecycle).length, 12);
  for (const [column, steps] of Object.entries(lifecycle))
    assert.deepEqual(sorted(checks.get(column) ?? []), sorted(Object.keys(steps)), column);
  // A rollout's stage is told once for all sites and once for each.
  for (const column of ['rollout_site.stage', 'rollout_step.stage'])
    assert.deepEqual(sorted(checks.get(column) ?? []), sorted(Object.keys(lifecycle['rollout.stage'])), column);
});

test('every column of states that SQL checks is in lifecycle.ts', () => {
  const stateful = [...checks.keys()].filter((column) => /\.(state|stage)$/.test(column));
  const known = [...Object.keys(lifecycle), 'rollout_site.stage', 'rollout_step.stage', 'member.state'];
  assert.deepEqual(sorted(stateful), sorted(known));
});

test('the states of lifecycle.ts are those of schema.graphql', () => {
  const types = {
    'preparation.state': 'PreparationState',
    'task.state': 'TaskState',
    'read.state': 'ReadState',
    'dataset.state': 'DatasetState',
    'dataset_export.state': 'ExportState',
    'training_run.state': 'RunState',
    'evaluation.state': 'RunState',
    'job.state': 'RunState',
    'model_version.state': 'ModelVersionState',
    'rollout.stage': 'RolloutStage',
    'segmentation.state': 'SegmentationState',
    'delivery.state': 'DeliveryState',
  } satisfies Record<keyof typeof lifecycle, string>;
  // No operation leads there, so the schema does not promise them.
  const unreached = ['SHADOW', 'CANARY'];
  for (const [column, type] of Object.entries(types)) {
    const states = Object.keys(lifecycle[column as keyof typeof lifecycle]);
    const offered = states.filter((state) => type !== 'RolloutStage' || !unreached.includes(state));
    assert.deepEqual(sorted(enumValues(type)), sorted(offered), `${type} is ${column}`);
  }
});

test('each state can be reached and steps lead to known states', () => {
  for (const [column, steps] of Object.entries(lifecycle)) {
    const [start, ...others] = Object.keys(steps);
    const targets = new Set(Object.values<readonly string[]>(steps).flat());
    for (const target of targets) assert.ok(Object.hasOwn(steps, target), `${column}: ${target}`);
    if (column === 'rollout.stage') continue;
    for (const state of others) assert.ok(targets.has(state), `${column}: ${state} can never be reached from ${start}`);
  }
  // From OPEN only a round whose label is imported.
  assert.deepEqual(statesBefore('task.state', 'ACCEPTED'), ['OPEN', 'CROSS_CHECKING', 'ADJUDICATING']);
  assert.deepEqual(statesBefore('task.state', 'OPEN'), ['DELINEATING']);
});

test('closed lists are the same in TypeScript, GraphQL and SQL', () => {
  const lists: readonly (readonly [readonly string[], { graphql?: string; sql?: string }])[] = [
    [roles, { graphql: 'Role', sql: 'member_role.role' }],
    [errorCodes, { graphql: 'ErrorCode' }],
    [failureCodes, { graphql: 'FailureCode' }],
    [jobKinds, { sql: 'job.kind' }],
    [[...sequences, 'OTHER'], { graphql: 'SeriesRole', sql: 'series.role' }],
  ];
  for (const [values, { graphql, sql }] of lists) {
    if (graphql) assert.deepEqual(sorted(enumValues(graphql)), sorted(values), graphql);
    if (sql) assert.deepEqual(sorted(checks.get(sql) ?? []), sorted(values), sql);
  }
  const pairs = {
    RefusalCode: 'refusal.code',
    MemberState: 'member.state',
    Sex: 'subject.sex',
    Subset: 'subject.subset',
    LesionGroup: 'dataset_case.lesion_group',
    ReadKind: 'read.kind',
    AssignmentRule: 'protocol.assignment',
    CheckKind: 'protocol.check_kind',
    PreparationDecision: 'preparation.judgement',
    ExportFormat: 'dataset_export.format',
  };
  for (const [graphql, sql] of Object.entries(pairs))
    assert.deepEqual(sorted(enumValues(graphql)), sorted(checks.get(sql) ?? []), `${graphql} is ${sql}`);
  for (const role of [...siteRoles, ...oversightRoles]) assert.ok(roles.includes(role));
  assert.deepEqual(sorted(new Set(Object.values(queueOf))), sorted(queueNames), 'every queue has a kind of job');
});
