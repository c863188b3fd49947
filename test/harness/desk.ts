import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { randomUid, uids } from '#core/dicom/uid.ts';
import { type LabelVolume, transformPoint } from '#core/domain/geometry.ts';
import { type InstanceId, newId, type SeriesId } from '#core/domain/ids.ts';
import type { Caller } from '../../api/context.ts';
import { createJobWorker, type JobWorker } from './job-worker.ts';
import { done, grid, insertStudy, save, type TestStudy } from './reading.ts';
import { openReadingRoom, type ReadingRoom } from './reading-room.ts';
import type { Data, TestServices } from './services.ts';

export interface DeskTask {
  readonly taskId: string;
  readonly study: TestStudy;
}

/** A reading room whose jobs are done by a worker with the real stages. */
export interface Desk extends JobWorker {
  readonly t: TestServices;
  readonly room: ReadingRoom;
  /** @returns the protocol's id */
  publish(input: object): Promise<string>;
  /** A task each for new studies with a BRAVO, in the order of these priorities. */
  createTasks(protocolId: string, priorities: readonly number[]): Promise<DeskTask[]>;
  /** What the caller, by default the coordinator, sees of a task. */
  look(taskId: string, caller?: Caller): Promise<Data>;
  /** Saves and signs a label. @returns ids of its lesions */
  submit(
    reader: Caller,
    study: TestStudy,
    readId: string,
    label: LabelVolume,
    parentId?: string | null,
  ): Promise<string[]>;
  /** The time of all reads that nobody has signed is up, and the jobs that end them run. */
  timeIsUp(): Promise<void>;
}

const fields = `id state round unassignedReads priority reopenedReason protocol { id }
  reads { id kind state dueAt assisted reader { name } head { id draft } }
  groundTruth { id lesions { voxelCount } } agreements { edges { node { id kind lesions { id } } } }`;

/** @param issuer Of the members' tokens. */
export async function openDesk(t: TestServices, name: string, issuer?: string): Promise<Desk> {
  const room = await openReadingRoom(t, name, issuer);
  const { tenant, people } = room;
  const jobWorker = createJobWorker(t, tenant.tenantId);
  const publish: Desk['publish'] = async (input) =>
    (await done(t, people.admin, 'protocolPublish', { instructions: '', ...input }, 'protocol { id }')).protocol.id;
  const createTasks: Desk['createTasks'] = async (protocolId, priorities) => {
    const tasks: DeskTask[] = [];
    for (const priority of priorities) {
      const study = await insertStudy(t, tenant.tenantId, tenant.siteIds[0]);
      await insertBravo(jobWorker, room, study);
      const input = { studyIds: [study.globalId], protocolId, priority };
      const { tasks: made } = await done(t, people.coordinator, 'taskCreate', input, 'tasks { id }');
      tasks.push({ taskId: made[0].id, study });
    }
    return tasks;
  };
  const look: Desk['look'] = async (id, caller = people.coordinator) => {
    const { data, errors } = await t.ask(caller, `query ($id: ID!) { node(id: $id) { ... on Task { ${fields} } } }`, {
      id,
    });
    assert.deepEqual(errors, []);
    return data.node;
  };
  const submit: Desk['submit'] = async (reader, study, readId, label, parentId = null) => {
    const { id: revisionId, lesions } = await save(t, reader, study, readId, label, parentId);
    await done(t, reader, 'readSubmit', { readId, revisionId, noMetastasis: lesions.length === 0 }, 'read { id }');
    return lesions.map(({ id }: Data) => id);
  };
  const timeIsUp: Desk['timeIsUp'] = async () => {
    await jobWorker.inTenant((db) =>
      db
        .updateTable('read')
        .set({ due_at: sql<Date>`now() - interval '1 minute'` })
        .where('state', '<>', 'SUBMITTED')
        .execute(),
    );
    await jobWorker.work('EXPIRE');
  };
  return { ...jobWorker, t, room, publish, createTasks, look, submit, timeIsUp };
}

/** The images that labels of a study are drawn on, as rows: what a SEG refers to. */
export async function insertBravo({ inTenant }: JobWorker, { tenant }: ReadingRoom, study: TestStudy): Promise<void> {
  const series = { tenant_id: tenant.tenantId, id: newId<SeriesId>(), study_id: study.id };
  await inTenant(async (db) => {
    await db
      .insertInto('series')
      .values({
        ...{ ...series, series_instance_uid: randomUid(), modality: 'MR', role: 'BRAVO' },
        frame_of_reference_uid: randomUid(),
      })
      .execute();
    for (let k = 0; k < grid.size[2]; k++) {
      const metadata = {
        '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] },
        '00200032': { vr: 'DS', Value: transformPoint(grid.indexToLps, [0, 0, k]) },
      };
      await db
        .insertInto('instance')
        .values({
          ...{ tenant_id: tenant.tenantId, id: newId<InstanceId>(), series_id: series.id },
          ...{
            sop_instance_uid: randomUid(),
            sop_class_uid: '1.2.840.10008.5.1.4.1.1.4',
            transfer_syntax_uid: uids.explicitLittleEndian,
          },
          ...{ sha256: '0'.repeat(64), source_hash: 'x', size_bytes: 1, metadata: JSON.stringify(metadata) },
        })
        .execute();
    }
  });
}

/** Names of those who hold reads of a task. */
export const readersOf = ({ reads }: Data): string[] =>
  reads.filter(({ state }: Data) => state !== 'EXPIRED').map(({ reader }: Data) => reader.name);
