import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { phantomIdentity, writePhantomStudy } from '../demo/phantom/study.ts';
import { type Intake, startIntake } from './harness/intake.ts';
import { assertNothingPlanted } from './harness/planted.ts';
import type { Data } from './harness/services.ts';

let intake: Intake;
before(async () => {
  intake = await startIntake();
});
after(() => intake.stop());

test('each request and job is one line that says who, where, how long, and never a word of a patient', async () => {
  const phantom = generatePhantom({ seed: 77, size: 48, group: 'ONE_TO_THREE' });
  const identity = phantomIdentity(phantom);
  const files: Uint8Array[] = [];
  for await (const { bytes } of writePhantomStudy(phantom)) files.push(bytes);
  const { uids, status } = await intake.store(files);
  assert.equal(status, 200);
  assert.equal((await intake.prepare(uids[0]!)).preparation.state, 'READY');
  // What goes wrong is logged too: cut files, and questions that hold a name or a number of a patient.
  await intake.store([files[0]!.subarray(0, 3000)]);
  const [name] = identity.planted;
  await intake.api.post(intake.token, { query: `{ studies(filter: { studyInstanceUid: "${name}" }) { edgs } }` });
  await intake.api.post(intake.token, { query: 'query ($a: Int!) { node(id: $a) { id } }', variables: { a: name } });
  await intake.api.post(intake.token, `{"query": "${name}`);
  const bearer = { headers: { authorization: `Bearer ${intake.token}` } };
  for (const path of [
    `studies?PatientName=${encodeURIComponent(name!)}`,
    `studies/${encodeURIComponent(name!)}/series`,
  ])
    await fetch(`${intake.api.address}/dicomweb/${path}`, bearer);
  await fetch(`${intake.api.address}/nowhere/${encodeURIComponent(name!)}`, bearer);

  const lines = await settled();
  assertNothingPlanted(intake.api.logLines, identity);
  const requests = lines.filter(({ msg }) => msg === 'request');
  assert.equal(requests.length, new Set(requests.map(({ requestId }) => requestId)).size);
  const served = requests.filter(({ route, status: code }) => /graphql|dicomweb/.test(route ?? '') && code !== 400);
  assert.ok(served.length >= 6, `${served.length} requests were logged`);
  for (const line of served) {
    assert.equal(line.tenantId, intake.tenantId, JSON.stringify(line));
    assert.match(line.memberId, /^[0-9a-f-]{36}$/);
    assert.ok(Number.isInteger(line.durationMs));
  }
  const jobs = lines.filter(({ msg }) => msg === 'job');
  assert.deepEqual(
    jobs.map(({ tenantId, kind, outcome }) => ({ tenantId, kind, outcome })),
    [{ tenantId: intake.tenantId, kind: 'PREPARE', outcome: 'SUCCEEDED' }],
  );
  assert.ok(jobs[0].durationMs > 0);
});

/** The lines so far; that of a request comes after its answer. */
async function settled(): Promise<Data[]> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return intake.api.logLines.map((line) => JSON.parse(line));
}
