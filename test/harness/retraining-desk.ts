import assert from 'node:assert/strict';
import type { Caller } from '../../api/context.ts';
import { createJobWorker, type JobWorker } from './job-worker.ts';
import { LearningRows } from './learning.ts';
import { codes, mutate } from './mutate.ts';
import { boxes, done, save } from './reading.ts';
import { openReadingRoom, type ReadingRoom } from './reading-room.ts';
import type { Data, TestServices } from './services.ts';

/** The plan by which studies of the reading room are prepared. */
const planHash = '0'.repeat(64);

/** A tenant in which labels are accepted by the real comparison, and whose retraining is run by the real stage. */
export interface RetrainingDesk extends JobWorker {
  readonly room: ReadingRoom;
  readonly rows: LearningRows;
  readonly engineer: Caller;
  /** Patients of each group of lesion counts with accepted labels, as rows. */
  cohort(perGroup: number): Promise<void>;
  /** Two readers find nothing in a new study; its comparison waits. */
  readTwice(): Promise<void>;
  /** As `readTwice`, each accepted one after the other. */
  acceptLabels(count: number): Promise<void>;
  set(input: object, caller?: Caller): Promise<Data>;
  pause(paused: boolean, caller?: Caller): Promise<Data>;
  /** What the caller sees of `retraining`. */
  look(caller?: Caller): Promise<Data>;
}

const fields = `policy { number afterAcceptedLabels warmStart seed testPerGroup trainPerDevelopment plan { width epochs sequences } setBy { name } }
  paused acceptedLabels lastOutcome { kind message acceptedLabels trainingRun { id } }
  trainingRuns { edges { node {
    id state startedBy { name } retrainingPolicy { number } warmStart { number } plan { width epochs sequences }
    dataset { id name state manifestSha256 cases(first: 100) { edges { node { subset study { id } } } } } } } }`;

export async function openRetrainingDesk(t: TestServices, name: string): Promise<RetrainingDesk> {
  const room = await openReadingRoom(t, name);
  const { tenant, people } = room;
  const engineer = await tenant.member('Engineer', 'ENGINEER', 'APPROVER');
  const { worker, inTenant, work } = createJobWorker(t, tenant.tenantId);
  const rows = new LearningRows(t.services.database, tenant.tenantId);
  const cohort = async (perGroup: number): Promise<void> => {
    for (const lesionCount of [2, 6, 14])
      for (let n = 0; n < perGroup; n++) await rows.accepted({ siteId: tenant.siteIds[0], lesionCount, planHash });
  };
  const readTwice = async (): Promise<void> => {
    const { study, taskId } = await room.openTask();
    for (const reader of [people.anna, people.boris]) {
      const readId = await room.begin(taskId, reader);
      const { id: revisionId } = await save(t, reader, study, readId, boxes());
      await done(t, reader, 'readSubmit', { readId, revisionId, noMetastasis: true }, 'read { id }');
    }
  };
  const acceptLabels = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      await readTwice();
      assert.equal(await work('COMPARE'), 1);
    }
  };
  const set = (input: object, caller = engineer): Promise<Data> =>
    mutate(
      t,
      caller,
      'retrainingSet',
      { testPerGroup: 1, trainPerDevelopment: 2, ...input },
      `retraining { ${fields} }`,
    );
  const pause = (paused: boolean, caller = engineer): Promise<Data> =>
    mutate(t, caller, 'retrainingPause', { paused }, 'retraining { paused acceptedLabels }');
  const look = async (caller = engineer): Promise<Data> => {
    const { data, errors } = await t.ask(caller, `{ retraining { ${fields} } }`);
    assert.deepEqual(errors, []);
    return data.retraining;
  };
  return { room, rows, engineer, worker, inTenant, cohort, readTwice, work, acceptLabels, set, pause, look };
}

/** The payload of a mutation that must change something. */
export function changed(payload: Data): Data {
  assert.equal(payload.errors, undefined, String(payload.errors));
  assert.deepEqual(codes(payload), [], payload.userErrors[0]?.message);
  return payload;
}
