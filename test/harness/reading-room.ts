import assert from 'node:assert/strict';
import type { Caller } from '../../api/context.ts';
import { globalId } from '../../api/graphql/global-id.ts';
import { done, insertStudy, type TestStudy } from './reading.ts';
import { startServices, type TestServices } from './services.ts';
import { createTenant, type TestTenant } from './tenant.ts';

/** A study with its open task. */
export interface Case {
  readonly study: TestStudy;
  readonly taskId: string;
}

/** A tenant of two sites whose people read: the coordinator at the first site, Boris there, Clara at the second, Anna at both. */
export interface ReadingRoom {
  readonly t: TestServices;
  readonly tenant: TestTenant;
  /** Of two readers. */
  readonly protocolId: string;
  readonly people: Readonly<Record<'admin' | 'coordinator' | 'anna' | 'boris' | 'clara' | 'adjudicator', Caller>>;
  /** Makes a study at the first site with an OPEN task. */
  openTask(): Promise<Case>;
  /** Puts a read into the reader's queue and lets them begin it. @returns its id */
  begin(taskId: string, reader: Caller, kind?: 'DELINEATE' | 'CROSS_CHECK' | 'ADJUDICATE'): Promise<string>;
  /** State of a task as the caller sees it. */
  stateOf(caller: Caller, taskId: string): Promise<string>;
}

/** @param t Services to read with, new ones unless given. */
export async function openReadingRoom(t?: TestServices, name = 'Consortium', issuer?: string): Promise<ReadingRoom> {
  t ??= await startServices();
  const tenant = await createTenant(t.services.database, name, issuer);
  const [first, second] = tenant.siteIds;
  const people = {
    admin: await tenant.member('Admin', 'TENANT_ADMIN'),
    coordinator: await tenant.member('Coordinator', ['COORDINATOR', first]),
    anna: await tenant.member('Anna', 'READER'),
    boris: await tenant.member('Boris', ['READER', first]),
    clara: await tenant.member('Clara', ['READER', second]),
    adjudicator: await tenant.member('Adjudicator', 'ADJUDICATOR', 'READER'),
  };
  const { admin, coordinator } = people;
  const published = { name: 'Two readers', instructions: '' };
  const protocolId: string = (await done(t, admin, 'protocolPublish', published, 'protocol { id }')).protocol.id;

  const openTask = async (): Promise<Case> => {
    const study = await insertStudy(t, tenant.tenantId, first);
    const input = { studyIds: [study.globalId], protocolId };
    const { tasks } = await done(t, coordinator, 'taskCreate', input, 'tasks { id state round }');
    assert.deepEqual([tasks[0].state, tasks[0].round], ['OPEN', 1]);
    return { study, taskId: tasks[0].id };
  };
  const begin: ReadingRoom['begin'] = async (taskId, reader, kind = 'DELINEATE') => {
    const input = { taskIds: [taskId], kind, readerId: globalId('Member', reader.memberId) };
    const { reads } = await done(t, coordinator, 'readAssign', input, 'reads { id state }');
    assert.equal(reads[0].state, 'ASSIGNED');
    const { read } = await done(t, reader, 'readStart', { readId: reads[0].id }, 'read { state }');
    assert.equal(read.state, 'STARTED');
    return reads[0].id;
  };
  const stateOf: ReadingRoom['stateOf'] = async (caller, taskId) =>
    (await t.ask(caller, 'query ($id: ID!) { node(id: $id) { ... on Task { state } } }', { id: taskId })).data.node
      .state;
  return { t, tenant, protocolId, people, openTask, begin, stateOf };
}
