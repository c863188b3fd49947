import { randomBytes } from 'node:crypto';
import { parseHostRules } from '#core/delivery/host-rules.ts';
import type { DeliverySettings } from '#core/delivery/settings.ts';
import type { StowLimits } from '#core/delivery/stow-request.ts';
import type { DeliveryId, JobId, ModelVersionId } from '#core/domain/ids.ts';
import type { Caller } from '../../api/context.ts';
import { globalId } from '../../api/graphql/global-id.ts';
import { runTicket, type WorkerServices } from '../../gpu-worker/jobs/run-job.ts';
import { deliverStage } from '../../gpu-worker/stages/deliver.ts';
import { createJobWorker } from './job-worker.ts';
import { LearningRows, rowId } from './learning.ts';
import { mutate } from './mutate.ts';
import type { Data, TestServices } from './services.ts';
import { storeAnswer } from './stored-answer.ts';
import { createTenant, type TestTenant } from './tenant.ts';

/** A service that may send to this machine alone, and can keep secrets. */
export const deliverySettings: DeliverySettings = { hosts: parseHostRules('127.0.0.0/8'), key: randomBytes(32) };

/** Short, so that a test sees them end. */
export const testLimits: StowLimits = { silenceMs: 400, wholeMs: 1500, answerBytes: 4096 };

type Answer = Awaited<ReturnType<typeof storeAnswer>>;

/** A tenant with an answer to send, its people, and a worker that sends when it is told to. */
export interface DeliveryDesk {
  readonly tenant: TestTenant;
  readonly rows: LearningRows;
  readonly versionId: ModelVersionId;
  readonly people: Readonly<Record<'admin' | 'clinician' | 'clinicianAtB' | 'coordinator' | 'engineer', Caller>>;
  answer(): Promise<Answer>;
  /** @returns the payload's destination */
  destination(url: string, more?: object): Promise<Data>;
  push(answer: Answer, destinationId: string, more?: object, caller?: Caller): Promise<Data>;
  /** One try of the delivery's newest job, whether its time has come or not. */
  work(deliveryId: string, services?: Partial<WorkerServices>): Promise<void>;
  look(deliveryId: string, caller?: Caller): Promise<Data>;
  readonly worker: WorkerServices;
  jobOf(deliveryId: string): Promise<JobId>;
}

const deliveryFields = `id state attempts lastStatus message nextAttemptAt deliveredAt
  items { kind failureReason failure } progress { attempt failure { code message } }`;

let count = 0;

export async function openDeliveryDesk(t: TestServices, issuer?: string): Promise<DeliveryDesk> {
  const tenant = await createTenant(t.services.database, `Tenant ${++count}`, issuer);
  const rows = new LearningRows(t.services.database, tenant.tenantId);
  const [siteA, siteB] = tenant.siteIds;
  const people = {
    admin: await tenant.member('admin', 'TENANT_ADMIN'),
    clinician: await tenant.member('clinician', ['CLINICIAN', siteA]),
    clinicianAtB: await tenant.member('clinician-b', ['CLINICIAN', siteB]),
    coordinator: await tenant.member('coordinator', ['COORDINATOR', siteA]),
    engineer: await tenant.member('engineer', 'ENGINEER'),
  };
  const versionId = await rows.approvedVersion(1, people.engineer.memberId);
  const { worker: plain } = createJobWorker(t, tenant.tenantId);
  const worker = { ...plain, stages: { ...plain.stages, DELIVER: deliverStage(deliverySettings, testLimits) } };
  const jobOf = async (deliveryId: string): Promise<JobId> => {
    const id = rowId<DeliveryId>(deliveryId);
    const row = await rows.inTenant((db) =>
      db.selectFrom('delivery').select('job_id').where('id', '=', id).executeTakeFirstOrThrow(),
    );
    return row.job_id;
  };
  return {
    ...{ tenant, rows, versionId, people, worker, jobOf },
    answer: async () => {
      const study = await rows.study({ siteId: siteA });
      return storeAnswer(t, tenant.tenantId, { study, versionId, requestedBy: people.clinician.memberId });
    },
    destination: async (url, more = {}) => {
      const input = { name: `PACS ${++count}`, siteId: globalId('Site', siteA), url, ...more };
      const fields = 'destination { id name url hasToken etag }';
      const { destination, userErrors } = await mutate(t, people.admin, 'destinationCreate', input, fields);
      if (!destination) throw new Error(JSON.stringify(userErrors));
      return destination;
    },
    push: (answer, destinationId, more = {}, caller = people.clinician) => {
      const of = { segmentationId: globalId('Segmentation', answer.id), destinationId };
      const input = { ...of, results: [...answer.files.keys()], idempotencyKey: `push-key-${++count}`, ...more };
      return mutate(t, caller, 'segmentationPush', input, `delivery { ${deliveryFields} }`);
    },
    work: async (deliveryId, services = {}) =>
      runTicket({ ...worker, ...services }, { tenantId: tenant.tenantId, jobId: await jobOf(deliveryId) }),
    look: async (deliveryId, caller = people.clinician) => {
      const text = `query ($id: ID!) { node(id: $id) { ... on Delivery { ${deliveryFields} } } }`;
      return (await t.ask(caller, text, { id: deliveryId })).data.node;
    },
  };
}
