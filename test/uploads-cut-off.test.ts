/** Uploads that end at any byte, by a lost connection or the death of the API: each file is wholly there or absent, and a repeat completes. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { parsePart10 } from '#core/dicom/part10.ts';
import { objectKey } from '#core/storage/keys.ts';
import { relatedBody } from '../demo/multipart.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { type Intake, startIntake } from './harness/intake.ts';

const phantom = generatePhantom({ seed: 21, size: 48 });
const seed = (Date.now() & 0xffff) + 1;
let state = seed;
const random = (): number => (state = Math.imul(state, 48271) >>> 0) / 2 ** 32;

let intake: Intake;
let database: pg.Client;
before(async () => {
  process.stdout.write(`seed ${seed}\n`);
  intake = await startIntake();
  const url = new URL(intake.api.superuserUrl);
  url.pathname = new URL(intake.api.ownerUrl).pathname;
  database = new pg.Client({ connectionString: url.href, options: '-c search_path=metloop' });
  await database.connect();
});
after(async () => {
  await database?.end();
  await intake?.stop();
});

async function study(label: string): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  for await (const { bytes } of writePhantomStudy(phantom, { label })) files.push(Uint8Array.from(bytes));
  return files;
}

async function bodyOf(files: readonly Uint8Array[]): Promise<{ contentType: string; bytes: Buffer }> {
  const { contentType, body } = relatedBody(files);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { contentType, bytes: Buffer.concat(chunks) };
}

/** Sends so many bytes of a request and then breaks the connection, or waits for the answer where all are sent. */
async function sendUpTo(address: string, body: { contentType: string; bytes: Buffer }, count: number): Promise<void> {
  const request = httpRequest(`${address}/dicomweb/sites/${intake.siteId}/studies`, {
    method: 'POST',
    headers: {
      ...{ 'content-type': body.contentType, 'content-length': body.bytes.length },
      authorization: `Bearer ${intake.token}`,
    },
  });
  const closed = new Promise<void>((resolve) => request.on('close', resolve));
  request.on('error', () => {});
  request.on('response', (response) => response.resume());
  if (count < body.bytes.length) request.write(body.bytes.subarray(0, count), () => request.destroy());
  else request.end(body.bytes);
  await closed;
}

const rowsOf = async (): Promise<{ sha256: string; size_bytes: string; sop_instance_uid: string }[]> =>
  (await database.query('select sha256, size_bytes, sop_instance_uid from instance')).rows;

/** Every instance that there is can be read whole, and every series has one. */
async function checkWhole(): Promise<number> {
  const rows = await rowsOf();
  for (const { sha256, size_bytes, sop_instance_uid } of rows) {
    const bytes = await intake.api.services.objects.getVerified(objectKey(intake.tenantId, sha256), sha256);
    assert.equal(bytes.length, Number(size_bytes));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
    assert.equal(parsePart10(bytes).dataset.text('SOPInstanceUID'), sop_instance_uid);
  }
  const empty = await database.query(
    'select 1 from series e where not exists (select from instance i where i.series_id = e.id)',
  );
  assert.equal(empty.rowCount, 0, 'no series without an image');
  return rows.length;
}

/** Uploads that the API has begun and not ended; those of a killed one stay. */
async function settled(): Promise<void> {
  for (let n = 0; n < 2400; n++) {
    const { rows } = await database.query('select count(*)::int as n from upload where ended_at is null');
    if (rows[0].n === 0) return;
    await sleep(25);
  }
  assert.fail('an upload did not end');
}

test('a connection that breaks at a random byte leaves whole files alone, and a repeat completes them', async () => {
  const files = await study('cut');
  const body = await bodyOf(files);
  let last = 0;
  for (let n = 0; n < 8; n++) {
    await sendUpTo(intake.api.address, body, Math.floor(random() * body.bytes.length));
    await settled();
    const now = await checkWhole();
    assert.ok(now >= last, 'nothing that was stored is lost');
    last = now;
  }
  const { status, answer } = await intake.store(files);
  assert.equal(status, 200, `seed ${seed}`);
  assert.equal(answer['00081199']?.Value.length, files.length);
  assert.equal(await checkWhole(), files.length);
});

/** Another process of the API over the same database and store. */
async function startProcess(): Promise<{ child: ChildProcess; address: string }> {
  const { appUrl, issuer, objectsFolder } = intake.api;
  const child = spawn(process.execPath, [fileURLToPath(new URL('./api-process.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: appUrl,
      OIDC_ISSUER: issuer,
      METLOOP_STORE_DIR: objectsFolder,
      PUBLIC_URL: 'http://127.0.0.1',
    },
  });
  let text = '';
  while (!text.includes('\n')) text += (await once(child.stdout!, 'data'))[0];
  return { child, address: `http://127.0.0.1:${/listening on (\d+)/.exec(text)![1]}` };
}

test('an API that is killed while it stores leaves whole files alone, and another one completes them', async () => {
  const files = await study('killed');
  const body = await bodyOf(files);
  const before = await checkWhole();
  const reached: number[] = [];
  for (let n = 0; n < 3; n++) {
    const { child, address } = await startProcess();
    const gone = once(child, 'exit');
    const sending = sendUpTo(address, body, body.bytes.length);
    // Once some files are stored, at a moment of no one's choosing.
    const from = (await rowsOf()).length;
    while ((await rowsOf()).length < Math.min(from + 3, before + files.length) && child.exitCode === null)
      await sleep(2);
    await sleep(random() * 60);
    child.kill('SIGKILL');
    await Promise.all([gone, sending]);
    reached.push((await checkWhole()) - before);
  }
  assert.ok(reached[0]! > 0 && reached.some((count) => count < files.length), `killed while storing: ${reached}`);
  const { status } = await intake.store(files);
  assert.equal(status, 200, `seed ${seed}`);
  assert.equal(await checkWhole(), before + files.length);
  const { rows } = await database.query(
    'select count(*)::int as n from preparation p join study s on s.id = p.study_id and s.tenant_id = p.tenant_id group by s.id',
  );
  assert.ok(rows.length === 2 && rows.every(({ n }) => n >= 1), 'each study is prepared');
});
