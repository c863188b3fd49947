/** Results sent to Orthanc, and by workers that are killed or told to stop in the middle. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Orthanc, startOrthanc } from '../bench/peers/orthanc.ts';
import { startApi, type TestApi } from './harness/api-server.ts';
import { type DeliveryDesk, deliverySettings, openDeliveryDesk } from './harness/delivery-desk.ts';
import { type TestServices, testServices } from './harness/services.ts';
import { type StowReceiver, startStowReceiver, stored } from './harness/stow-receiver.ts';
import { requireTool } from './tools.ts';

const program = await requireTool('Orthanc');
let api: TestApi;
let t: TestServices;
let desk: DeliveryDesk;
let receiver: StowReceiver;
before(async () => {
  api = await startApi({ delivery: deliverySettings });
  t = testServices(api.services, api.stop);
  desk = await openDeliveryDesk(t);
  receiver = await startStowReceiver();
});
after(async () => {
  await receiver?.stop();
  await api?.stop();
});

/** The files that Orthanc has of a study, by SOP instance UID. */
async function held({ address }: Orthanc, studyInstanceUid: string): Promise<Map<string, Buffer>> {
  const query = JSON.stringify({ Level: 'Instance', Query: { StudyInstanceUID: studyInstanceUid }, Expand: true });
  const found = await fetch(`${address}/tools/find`, { method: 'POST', body: query });
  const instances = (await found.json()) as { ID: string; MainDicomTags: { SOPInstanceUID: string } }[];
  const files = await Promise.all(
    instances.map(async ({ ID, MainDicomTags }): Promise<[string, Buffer]> => {
      const file = await fetch(`${address}/instances/${ID}/file`);
      return [MainDicomTags.SOPInstanceUID, Buffer.from(await file.arrayBuffer())];
    }),
  );
  return new Map(files);
}

test('Orthanc stores every kind of result as it was written, and once, however often it is sent', {
  skip: program.skip,
}, async () => {
  const orthanc = await startOrthanc(program.path);
  try {
    const answer = await desk.answer();
    const destination = await desk.destination(orthanc.dicomweb);
    for (let times = 0; times < 2; times++) {
      const { delivery } = await desk.push(answer, destination.id);
      await desk.work(delivery.id);
      const { state, lastStatus, message } = await desk.look(delivery.id);
      assert.deepEqual([state, lastStatus, message], ['DELIVERED', 200, null]);
      const files = await held(orthanc, answer.studyInstanceUid);
      assert.equal(files.size, 4);
      for (const [kind, { sopInstanceUid, bytes }] of answer.files)
        assert.ok(files.get(sopInstanceUid)?.equals(bytes), kind);
    }
    // A service of Orthanc's own that is no STOW-RS.
    const wrong = await desk.destination(`${orthanc.address}/patients`);
    const { delivery } = await desk.push(answer, wrong.id);
    await desk.work(delivery.id);
    assert.deepEqual(
      [(await desk.look(delivery.id)).state, (await desk.look(delivery.id)).lastStatus],
      ['FAILED', 405],
    );
  } finally {
    await orthanc.stop();
  }
});

test('a receiver that does not answer keeps no other delivery waiting; its worker is killed, and the next one sends the same again', async () => {
  const destination = await desk.destination(receiver.address);
  receiver.answer('HANG', stored);
  const worker = spawn(
    process.execPath,
    [join(import.meta.dirname, '../bin/start.mjs'), 'worker', '--queues', 'deliver'],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        ...{ DATABASE_URL: api.appUrl, METLOOP_STORE_DIR: api.objectsFolder, DESTINATION_HOSTS: '127.0.0.0/8' },
      },
    },
  );
  const { delivery } = await desk.push(await desk.answer(), destination.id);
  for (let tries = 0; receiver.received.length === 0 && tries < 300; tries++) await sleep(100);
  assert.equal(receiver.received.length, 1, 'the worker sent it');
  const { delivery: other } = await desk.push(await desk.answer(), destination.id);
  for (let tries = 0; (await desk.look(other.id)).state === 'PENDING' && tries < 300; tries++) await sleep(100);
  assert.deepEqual([(await desk.look(other.id)).state, receiver.received.length], ['DELIVERED', 2]);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  const jobId = await desk.jobOf(delivery.id);
  const job = () =>
    desk.rows.inTenant((db) => db.selectFrom('job').selectAll().where('id', '=', jobId).executeTakeFirstOrThrow());
  assert.deepEqual([(await job()).state, (await job()).attempt], ['RUNNING', 1]);
  // Nobody takes it while the lease runs.
  await desk.work(delivery.id);
  assert.equal(receiver.received.length, 2);
  await desk.rows.inTenant((db) =>
    db
      .updateTable('job')
      .set({ lease_until: new Date(Date.now() - 1000) })
      .where('id', '=', jobId)
      .execute(),
  );
  await desk.work(delivery.id);
  assert.deepEqual([(await desk.look(delivery.id)).state, (await desk.look(delivery.id)).attempts], ['DELIVERED', 2]);
  assert.deepEqual(receiver.received[2]!.parts, receiver.received[0]!.parts);
});

test('a worker that is told to stop gives the delivery back at once, and it is not counted against its job', async () => {
  const destination = await desk.destination(receiver.address);
  receiver.answer('HANG');
  const { delivery } = await desk.push(await desk.answer(), destination.id);
  const draining = new AbortController();
  setTimeout(() => draining.abort(), 150);
  await desk.work(delivery.id, { draining: draining.signal });
  const jobId = await desk.jobOf(delivery.id);
  const { state, max_attempts } = await desk.rows.inTenant((db) =>
    db.selectFrom('job').selectAll().where('id', '=', jobId).executeTakeFirstOrThrow(),
  );
  assert.deepEqual([state, max_attempts, (await desk.look(delivery.id)).state], ['QUEUED', 4, 'PENDING']);
  receiver.answer(stored);
  await desk.work(delivery.id);
  assert.equal((await desk.look(delivery.id)).state, 'DELIVERED');
});
