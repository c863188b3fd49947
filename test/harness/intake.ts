import { serviceScope } from '#core/db/database.ts';
import type { JobId, TenantId } from '#core/domain/ids.ts';
import type { Role } from '#core/domain/roles.ts';
import { globalId, localId } from '../../api/graphql/global-id.ts';
import { provisionTenant } from '../../api/tenant/provision.ts';
import { type StowAnswer, studiesOf } from '../../demo/client.ts';
import { relatedBody } from '../../demo/multipart.ts';
import { runTicket } from '../../gpu-worker/jobs/run-job.ts';
import { createStages } from '../../gpu-worker/stages/stages.ts';
import { startApi, type TestApi } from './api-server.ts';
import type { Data } from './services.ts';

/** A whole API with one tenant of one site and a worker for preparations. */
export interface Intake {
  readonly api: TestApi;
  readonly tenantId: TenantId;
  /** Global id. */
  readonly siteId: string;
  /** Of the coordinator. */
  readonly token: string;
  /** Sends files by STOW-RS, as the coordinator unless told. */
  store(files: Iterable<Uint8Array>, token?: string): Promise<{ status: number; answer: StowAnswer; uids: string[] }>;
  /** Asks GraphQL as the coordinator. */
  ask(query: string, variables?: Record<string, unknown>): Promise<Data>;
  /** The study with this UID. */
  study(uid: string): Promise<Data>;
  /** Works on the study's queued preparation, if there is one. @returns the study afterwards */
  prepare(uid: string): Promise<Data>;
  stop(): Promise<void>;
}

const studyText = `query ($uid: String!) { studies(filter: { studyInstanceUid: $uid }) { edges { node {
  id missingRoles series { id seriesInstanceUid role roleReason roleSetByMember instanceCount }
  preparation { id state warnings progress { failure { code message retryable } } } } } } }`;

/** @param sizePixels Edge of a prepared slice. */
export async function startIntake(sizePixels = 48, options: Parameters<typeof startApi>[0] = {}): Promise<Intake> {
  const api = await startApi(options);
  const { services } = api;
  const members = (['COORDINATOR', 'AUDITOR'] as Role[]).map((role) => ({
    ...{ name: role, email: `${role}@example.org`, issuer: api.issuer, subject: role, grants: [{ role }] },
  }));
  const spec = { name: 'Consortium', preparedSizePixels: sizePixels, sites: ['Hospital'], members };
  const { tenantId, siteIds } = await provisionTenant(services.database, spec);
  const siteId = globalId('Site', siteIds.Hospital!);
  const token = await api.token('COORDINATOR');
  const stages = createStages();

  const store: Intake['store'] = async (files, bearer = token) => {
    const { contentType, body } = relatedBody(files);
    const response = await fetch(`${api.address}/dicomweb/sites/${siteId}/studies`, {
      method: 'POST',
      headers: { 'content-type': contentType, accept: 'application/dicom+json', authorization: `Bearer ${bearer}` },
      body: ReadableStream.from(body),
      duplex: 'half',
    });
    const answer = (await response.json()) as StowAnswer;
    return { status: response.status, answer, uids: [...studiesOf(answer)] };
  };
  const ask: Intake['ask'] = async (query, variables = {}) => {
    const { json } = await api.post(token, { query, variables });
    if (json.errors) throw new Error(JSON.stringify(json.errors));
    return json.data;
  };
  const study: Intake['study'] = async (uid) => (await ask(studyText, { uid })).studies.edges[0]?.node;
  const prepare: Intake['prepare'] = async (uid) => {
    const { preparation } = await study(uid);
    const preparationId = localId('Preparation', preparation.id, []);
    const { job_id } = await services.database.inTenant(serviceScope(tenantId), (db) =>
      db.selectFrom('preparation').select('job_id').where('id', '=', preparationId).executeTakeFirstOrThrow(),
    );
    const { database, objects, queue, log } = services;
    const worker = { database, objects, queue, log, stages: stages.byKind, draining: new AbortController().signal };
    await runTicket(worker, { tenantId, jobId: job_id as JobId });
    return study(uid);
  };
  const stop = async (): Promise<void> => {
    await stages.close();
    await api.stop();
  };
  return { api, tenantId, siteId, token, store, ask, study, prepare, stop };
}
