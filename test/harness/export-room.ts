import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '../../api/context.ts';
import { startApi, type TestApi } from './api-server.ts';
import { type Exportable, ExportableRows } from './exportable.ts';
import { type Data, type TestServices, testServices } from './services.ts';
import { createTenant, type TestTenant } from './tenant.ts';
import { unpack } from './unpacked.ts';

type Who = 'engineer' | 'approver' | 'auditor' | 'reader' | 'stranger';

/** An API with a frozen dataset of five studies of four patients at two sites, and people who may export it or not. */
export interface ExportRoom {
  readonly api: TestApi;
  readonly t: TestServices;
  readonly tenant: TestTenant;
  readonly rows: ExportableRows;
  readonly people: Readonly<Record<Who, Caller>>;
  readonly studies: Readonly<Record<'first' | 'second' | 'alone' | 'without' | 'none', Exportable>>;
  readonly datasetId: string;
  ask(who: Caller, text: string, variables?: Record<string, unknown>): Promise<Data>;
  /** @returns the id of another dataset of the same studies */
  freeze(name: string): Promise<string>;
  get(who: Who, path: string, signal?: AbortSignal): Promise<Response>;
  pathOf(format: string, id?: string): string;
  /** The files of an export, also written below `into`. */
  exported(format: string, into?: string): Promise<Map<string, Buffer>>;
  /** Exports of a dataset, newest first. */
  exportsOf(who?: Caller, id?: string): Promise<Data[]>;
  /** The newest export once it has ended. */
  endedExport(id?: string): Promise<Data>;
  stop(): Promise<void>;
}

export async function openExportRoom(): Promise<ExportRoom> {
  const api = await startApi();
  const t = testServices(api.services, api.stop);
  const tenant = await createTenant(api.services.database, 'Consortium', api.issuer);
  const other = await createTenant(api.services.database, 'Others', api.issuer);
  const people = {
    engineer: await tenant.member('Erna Engineer', 'ENGINEER'),
    approver: await tenant.member('Anna Approver', 'APPROVER'),
    auditor: await tenant.member('Axel Auditor', 'AUDITOR'),
    reader: await tenant.member('Rita Reader', 'READER', 'ENGINEER'),
    stranger: await other.member('Stranger', 'ENGINEER'),
  };
  const rows = new ExportableRows(api.services, tenant.tenantId);
  const [here, there] = tenant.siteIds;
  const first = await rows.add({
    ...{ siteId: here, pseudonym: 'P-AAAAAAAAAA', date: '2019-05-01' },
    lesions: [
      [2, 3, 1, 2],
      [12, 9, 3, 3],
    ],
  });
  const studies = {
    first,
    second: await rows.add({
      ...{ siteId: here, pseudonym: 'P-AAAAAAAAAA', subjectId: first.subjectId, date: '2019-08-09' },
      lesions: [[2, 3, 1, 1]],
    }),
    alone: await rows.add({
      ...{ siteId: there, pseudonym: 'P-BBBBBBBBBB', date: '2020-01-01', lesions: [[5, 5, 5, 2]] },
    }),
    without: await rows.add({
      ...{ siteId: there, pseudonym: 'P-CCCCCCCCCC', date: '2020-01-01', lesions: [[7, 2, 2, 3]] },
      roles: ['T1_PRE', 'T1_POST', 'BRAVO'],
    }),
    none: await rows.add({ siteId: here, pseudonym: 'P-DDDDDDDDDD', date: '2020-01-01', lesions: [] }),
  };
  const ask: ExportRoom['ask'] = async (who, text, variables) => {
    const { data, errors } = await t.ask(who, text, variables);
    assert.deepEqual(errors, []);
    return data;
  };
  const freeze: ExportRoom['freeze'] = async (name) => {
    const create = 'mutation ($name: String!) { datasetCreate(input: { name: $name }) { dataset { id } } }';
    const { id } = (await ask(people.engineer, create, { name })).datasetCreate.dataset;
    const input = `{ datasetId: "${id}", testPerGroup: 1, trainPerDevelopment: 1 }`;
    const { datasetFreeze } = await ask(
      people.engineer,
      `mutation { datasetFreeze(input: ${input}) { dataset { id } userErrors { message } } }`,
    );
    assert.deepEqual(datasetFreeze.userErrors, []);
    return id;
  };
  const datasetId = await freeze('The first one');
  const get: ExportRoom['get'] = async (who, path, signal) => {
    const authorization = `Bearer ${await api.token(people[who].memberId)}`;
    return fetch(`${api.address}${path}`, { headers: { authorization }, ...(signal ? { signal } : {}) });
  };
  const pathOf: ExportRoom['pathOf'] = (format, id = datasetId) => `/datasets/${id}/exports/${format}`;
  const exported: ExportRoom['exported'] = async (format, into) => {
    const response = await get('engineer', pathOf(format));
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'application/zip']);
    assert.match(response.headers.get('content-disposition')!, /^attachment; filename="The-first-one-[a-z-]+\.zip"$/);
    return unpack(Buffer.from(await response.arrayBuffer()), into);
  };
  const fields = 'id format state caseCount casesDone fileCount sizeBytes manifestSha256 message requestedBy { name }';
  const exportsOf: ExportRoom['exportsOf'] = async (who = people.auditor, id = datasetId) => {
    const text = `{ node(id: "${id}") { ... on Dataset { exports(first: 100) { edges { node { ${fields} } } } } } }`;
    return (await ask(who, text)).node.exports.edges.map(({ node }: Data) => node);
  };
  const endedExport: ExportRoom['endedExport'] = async (id) => {
    for (let n = 0; n < 100; n++) {
      const [newest] = await exportsOf(people.auditor, id);
      if (newest.state !== 'RUNNING') return newest;
      await sleep(50);
    }
    return assert.fail('the export does not end');
  };
  const found = { api, t, tenant, rows, people, studies, datasetId };
  return { ...found, ask, freeze, get, pathOf, exported, exportsOf, endedExport, stop: api.stop };
}
