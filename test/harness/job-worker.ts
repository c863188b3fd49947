import { type Db, serviceScope } from '#core/db/database.ts';
import type { TenantId } from '#core/domain/ids.ts';
import type { JobKind } from '#core/jobs/contract.ts';
import { runTicket, type WorkerServices } from '../../gpu-worker/jobs/run-job.ts';
import { createStages } from '../../gpu-worker/stages/stages.ts';
import type { TestServices } from './services.ts';

/** A worker with the real stages that runs what waits when it is told to. */
export interface JobWorker {
  readonly worker: WorkerServices;
  inTenant<T>(body: (db: Db) => Promise<T>): Promise<T>;
  /** Runs what waits of a kind, all at once, whether its time has come or not. @returns how many jobs */
  work(kind: JobKind, services?: WorkerServices): Promise<number>;
}

export function createJobWorker({ services }: TestServices, tenantId: TenantId): JobWorker {
  const { database, objects, queue, log } = services;
  const stages = createStages().byKind;
  const worker = { database, objects, queue, log, stages, draining: new AbortController().signal };
  const inTenant: JobWorker['inTenant'] = (body) => database.inTenant(serviceScope(tenantId), body);
  const work: JobWorker['work'] = async (kind, by = worker) => {
    const waiting = await inTenant((db) =>
      db.selectFrom('job').select('id').where('kind', '=', kind).where('state', '=', 'QUEUED').execute(),
    );
    await Promise.all(waiting.map(({ id }) => runTicket(by, { tenantId, jobId: id })));
    return waiting.length;
  };
  return { worker, inTenant, work };
}
