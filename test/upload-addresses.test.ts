/** Files sent one by one to signed addresses, by whoever can do no more than PUT. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import test, { after, before } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { serviceScope } from '#core/db/database.ts';
import type { UploadId } from '#core/domain/ids.ts';
import type { Role } from '#core/domain/roles.ts';
import { globalId, localId } from '../api/graphql/global-id.ts';
import { provisionTenant } from '../api/tenant/provision.ts';
import { addressKeyOf, claimOf, sealAddress, type UploadAddress } from '../api/upload/address.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { type Intake, startIntake } from './harness/intake.ts';
import type { Data } from './harness/services.ts';

const phantom = generatePhantom({ seed: 31, size: 48 });
let intake: Intake;
let database: pg.Client;
before(async () => {
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

async function filesOf(label: string): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  for await (const { bytes } of writePhantomStudy(phantom, { label })) files.push(Uint8Array.from(bytes));
  return files;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const createText = `mutation ($input: UploadCreateInput!) { uploadCreate(input: $input) { upload { id endedAt } userErrors { code path } } }`;
const presignText = `mutation ($input: UploadPresignInput!) { uploadPresign(input: $input) {
  upload { receivedFiles receivedBytes storedInstances } targets { sha256 state url expiresAt refusal { code message } } userErrors { code path message } } }`;
const completeText = `mutation ($input: UploadCompleteInput!) { uploadComplete(input: $input) {
  upload { endedAt receivedFiles storedInstances } userErrors { code path } } }`;

async function create(key: string): Promise<string> {
  const input = { siteId: intake.siteId, idempotencyKey: key };
  const { uploadCreate } = await intake.ask(createText, { input });
  assert.deepEqual(uploadCreate.userErrors, []);
  return uploadCreate.upload.id;
}

interface Target {
  readonly sha256: string;
  readonly state: 'AWAITED' | 'STORED' | 'REFUSED';
  readonly url: string | null;
  readonly refusal: { code: string; message: string } | null;
}

/** Targets of any number of files, asked for by hundreds. */
async function presign(uploadId: string, files: readonly Uint8Array[]): Promise<Target[]> {
  const targets: Target[] = [];
  for (let n = 0; n < files.length; n += 100) {
    const announced = files.slice(n, n + 100).map((file) => ({ sha256: sha256(file), sizeBytes: file.length }));
    const { uploadPresign } = await intake.ask(presignText, { input: { uploadId, files: announced } });
    assert.deepEqual(uploadPresign.userErrors, []);
    targets.push(...uploadPresign.targets);
  }
  return targets;
}

async function put(url: string, bytes: Uint8Array | string, address = intake.api.address): Promise<Data> {
  const response = await fetch(address + new URL(url).pathname, { method: 'PUT', body: Buffer.from(bytes) });
  return { status: response.status, ...((await response.json()) as object) };
}

async function putAll(targets: readonly Target[], files: readonly Uint8Array[], atOnce = 4): Promise<number[]> {
  const statuses: number[] = [];
  const waiting = [...targets.entries()].filter(([, { url }]) => url);
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      statuses.push((await put(next[1].url!, files[next[0]]!)).status);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return statuses;
}

const count = async (table: string): Promise<number> =>
  (await database.query(`select count(*)::int as n from ${table}`)).rows[0].n;

test('a study is sent file by file, resumed, stored once, and prepared when the upload is completed', async () => {
  const files = await filesOf('whole');
  const uploadId = await create('first upload');
  assert.equal(await create('first upload'), uploadId, 'the same key finds the upload again');
  const targets = await presign(uploadId, files);
  assert.ok(targets.every(({ state, url }) => state === 'AWAITED' && url?.startsWith('http')));
  const half = Math.floor(files.length / 2);
  assert.ok((await putAll(targets.slice(0, half), files)).every((status) => status === 200));

  // A new client that knows the key alone.
  const again = await presign(await create('first upload'), files);
  assert.deepEqual(
    again.map(({ state, url }) => [state, url === null]),
    files.map((_, n) => (n < half ? ['STORED', true] : ['AWAITED', false])),
  );
  // Addresses of the first time are still good, also twice at once.
  const late = targets[half]!.url!;
  const twice = await Promise.all([put(late, files[half]!), put(late, files[half]!), put(late, files[half]!)]);
  assert.ok(twice.every(({ status, state }) => status === 200 && state === 'STORED'));
  assert.equal((await put(targets[0]!.url!, files[0]!)).status, 200, 'a replay changes nothing');
  assert.ok((await putAll(again, files)).every((status) => status === 200));

  assert.equal(await count('instance'), files.length);
  assert.equal(await count('preparation'), 0, 'nothing is prepared before its end');
  const { uploadComplete } = await intake.ask(completeText, { input: { uploadId } });
  assert.deepEqual(
    [uploadComplete.upload.receivedFiles, uploadComplete.upload.storedInstances],
    [files.length, files.length],
  );
  const { rows } = await database.query('select role from series order by role');
  assert.deepEqual(
    rows.map(({ role }) => role),
    ['BRAVO', 'FLAIR', 'T1_POST', 'T1_PRE'],
  );
  assert.equal(await count('preparation'), 1);

  const ended = await put(targets.at(-1)!.url!, files.at(-1)!);
  assert.equal(ended.status, 200, 'it has arrived, which stays true');
  const closed = await intake.ask(completeText, { input: { uploadId } });
  assert.deepEqual(closed.uploadComplete.userErrors, [{ code: 'WRONG_STATE', path: ['uploadId'] }]);
  // What STOW-RS sends of the same is a repeat.
  const { status } = await intake.store(files.slice(0, 5));
  assert.deepEqual([status, await count('instance')], [200, files.length]);
});

test('other bytes, too few, too many and refused ones', async () => {
  const [file, other] = (await filesOf('spoiled')) as [Uint8Array, Uint8Array];
  const before = await count('instance');
  const uploadId = await create('spoiled upload');
  const changed = Uint8Array.from(file);
  changed[changed.length - 1]! ^= 1;
  const secondary = Buffer.from(
    Buffer.from(other).toString('latin1').replaceAll('1.2.840.10008.5.1.4.1.1.4\0', '1.2.840.10008.5.1.4.1.1.7\0'),
    'latin1',
  );
  const [target, refused] = (await presign(uploadId, [file, secondary])) as [Target, Target];
  const answers: readonly [Uint8Array | string, number, string][] = [
    [changed, 400, 'WRONG_HASH'],
    [other.subarray(0, 100), 400, 'WRONG_SIZE'],
    [Buffer.concat([file, Buffer.alloc(1)]), 400, 'WRONG_SIZE'],
    ['', 400, 'WRONG_SIZE'],
  ];
  for (const [bytes, status, code] of answers)
    assert.deepEqual((({ status, code }) => ({ status, code }))((await put(target.url!, bytes)) as never), {
      status,
      code,
    });
  assert.deepEqual((await presign(uploadId, [file]))[0]!.state, 'AWAITED', 'none of them counts as the file');

  const { status, code, state } = await put(refused.url!, secondary);
  assert.deepEqual([status, code, state], [422, 'UNSUPPORTED_CLASS', 'REFUSED']);
  assert.equal((await put(refused.url!, secondary)).status, 422, 'and again');
  const [known, told] = await presign(uploadId, [file, secondary]);
  assert.deepEqual([known!.state, told!.state, told!.refusal!.code], ['AWAITED', 'REFUSED', 'UNSUPPORTED_CLASS']);
  assert.equal(await count('instance'), before);
  const { rows } = await database.query(
    'select received_files, stored_instances, refused_files from upload where id = $1',
    [localId('Upload', uploadId, [])],
  );
  assert.deepEqual(rows, [{ received_files: 1, stored_instances: 0, refused_files: 1 }]);
  const counted = await database.query('select count(*)::int as n from refusal where upload_id = $1', [
    localId('Upload', uploadId, []),
  ]);
  assert.equal(counted.rows[0].n, 1, 'refused once, though it came twice');
});

/** Sends a file that was noted as stored, or as refused, after its first bytes had come. */
async function putLate(target: Target, bytes: Uint8Array, uploadId: string, refusal?: string): Promise<Data> {
  const body = async function* () {
    yield bytes.subarray(0, 10);
    await setTimeout(500);
    const sealed = claimOf(target.url!.split('/').at(-1)!);
    const refusalId = refusal ? crypto.randomUUID() : null;
    const id = localId('Upload', uploadId, []);
    if (refusal)
      await database.query(
        `insert into refusal (tenant_id, id, upload_id, code, message) values ($1, $2, $3, $4, 'of another request')`,
        [intake.tenantId, refusalId, id, refusal],
      );
    await database.query(
      `insert into upload_arrival (tenant_id, upload_id, file_key, size_bytes, study_id, refusal_id)
       values ($1, $2, $3, $4, case when $5::uuid is null then (select id from study limit 1) end, $5)`,
      [intake.tenantId, id, sealed.fileKey, bytes.length, refusalId],
    );
    yield bytes.subarray(10);
  };
  const response = await fetch(intake.api.address + new URL(target.url!).pathname, {
    method: 'PUT',
    body: ReadableStream.from(body()),
    duplex: 'half',
  });
  return { status: response.status, ...((await response.json()) as object) };
}

test('of a file that comes twice at once both senders are told what became of the first', async () => {
  const [file, other] = (await filesOf('twice at once')) as [Uint8Array, Uint8Array];
  const broken = other.slice(0, 2000);
  const before = await count('instance');
  const uploadId = await create('twice at once');
  const [good, bad] = (await presign(uploadId, [file, broken])) as [Target, Target];
  const refused = await putLate(good, file, uploadId, 'NOT_DEIDENTIFIED');
  assert.deepEqual([refused.status, refused.code, refused.message], [422, 'NOT_DEIDENTIFIED', 'of another request']);
  assert.equal(await count('instance'), before);
  const stored = await putLate(bad, broken, uploadId);
  assert.deepEqual([stored.status, stored.state], [200, 'STORED']);
  const states = (await presign(uploadId, [file, broken])).map(({ state }) => state);
  assert.deepEqual(states, ['REFUSED', 'STORED']);
});

test('a label is refused at an address, which is remembered', async () => {
  const [file] = (await filesOf('label')) as [Uint8Array];
  const uidIs = (length: string, uid: string): string => `\x08\0\x16\0UI${length}\0${uid}`;
  const label = Buffer.from(
    Buffer.from(file)
      .toString('latin1')
      .replace(uidIs('\x1a', '1.2.840.10008.5.1.4.1.1.4\0'), uidIs('\x1c', '1.2.840.10008.5.1.4.1.1.66.4')),
    'latin1',
  );
  const uploadId = await create('a label at an address');
  const [target] = (await presign(uploadId, [label])) as [Target];
  for (let n = 0; n < 2; n++) {
    const { status, code } = await put(target.url!, label);
    assert.deepEqual([status, code], [422, 'UNSUPPORTED_CLASS']);
  }
  const [known] = await presign(uploadId, [label]);
  assert.deepEqual([known!.state, known!.refusal?.message], ['REFUSED', 'A label is sent by STOW-RS.']);
});

const keyOf = async (tenantId: string): Promise<Buffer> =>
  addressKeyOf(
    (await database.query('select deidentification_key from tenant_secret where tenant_id = $1', [tenantId])).rows[0]
      .deidentification_key,
  );

test('an address that was changed, has expired, or is of another tenant, upload or a member who left is refused with the reason', async () => {
  const [file] = (await filesOf('addresses')) as [Uint8Array];
  const before = await count('instance');
  const uploadId = await create('addressed upload');
  const [{ url }] = (await presign(uploadId, [file])) as [Target];
  const sealed = url!.split('/').at(-1)!;
  assert.ok(!sealed.includes(sha256(file)) && !Buffer.from(sealed.split('.')[0]!, 'base64url').includes(sha256(file)));
  const claim = claimOf(sealed);
  const key = await keyOf(intake.tenantId);
  const sealedAs = (change: Partial<UploadAddress>, by = key): string => sealAddress(by, { ...claim, ...change });
  const members = [
    {
      name: 'C',
      email: 'c@other.example',
      issuer: intake.api.issuer,
      subject: 'other',
      grants: [{ role: 'COORDINATOR' as Role }],
    },
  ];
  const other = await provisionTenant(intake.api.services.database, {
    ...{ name: 'Other', preparedSizePixels: 48, sites: ['Clinic'], members },
  });
  const otherKey = await keyOf(other.tenantId);
  const [text, signature] = sealed.split('.') as [string, string];
  const shifted = Buffer.from(
    JSON.stringify(JSON.parse(Buffer.from(text, 'base64url').toString()).with(5, file.length + 1)),
  );
  const cases: readonly [why: string, address: string, status: number, code?: string][] = [
    ['expired', sealedAs({ expiresAt: new Date(Date.now() - 1) }), 403, 'ADDRESS_EXPIRED'],
    ['another size under the old signature', `${shifted.toString('base64url')}.${signature}`, 403, 'ADDRESS_INVALID'],
    ['no signature', text, 403, 'ADDRESS_INVALID'],
    ['a further part', `${sealed}.x`, 403, 'ADDRESS_INVALID'],
    ['signed by another tenant', sealedAs({}, otherKey), 403, 'ADDRESS_INVALID'],
    ['said to be of another tenant', sealedAs({ tenantId: other.tenantId }), 403, 'ADDRESS_INVALID'],
    // What only a thief of the other tenant's key could sign.
    ["of another tenant's upload", sealedAs({ tenantId: other.tenantId }, otherKey), 404],
    ['of an upload that is not', sealedAs({ uploadId: crypto.randomUUID() as UploadId }), 404],
    ['of another site', sealedAs({ siteId: other.siteIds.Clinic! }), 404],
    ['nonsense', 'nonsense', 403, 'ADDRESS_INVALID'],
  ];
  for (const [why, address, status, code] of cases) {
    const answer = await put(`http://x/dicomweb/uploads/${address}`, file);
    assert.deepEqual([answer.status, answer.code], [status, code], why);
    assert.ok(answer.message.length > 10, why);
  }
  const scope = serviceScope(intake.tenantId);
  const suspend = (state: 'ACTIVE' | 'SUSPENDED'): Promise<unknown> =>
    intake.api.services.database.inTenant(scope, (db) =>
      db.updateTable('member').set({ state }).where('id', '=', claim.memberId).execute(),
    );
  await suspend('SUSPENDED');
  assert.equal((await put(url!, file)).status, 404);
  await suspend('ACTIVE');
  assert.equal(await count('instance'), before);
  const audit = await intake.api.post(await intake.api.token('other'), {
    query: presignText,
    variables: { input: { uploadId, files: [{ sha256: sha256(file), sizeBytes: 1 }] } },
  });
  assert.deepEqual(audit.json.data.uploadPresign.userErrors[0].code, 'NOT_FOUND');
  await intake.ask(completeText, { input: { uploadId } });
  assert.deepEqual((({ status, code }) => [status, code])((await put(url!, file)) as never), [409, 'UPLOAD_ENDED']);
  const lines = intake.api.logLines.join('\n');
  assert.ok(!lines.includes(sealed) && !lines.includes(sha256(file)), 'no log has an address or a hash');
});

/** Sends so many bytes of a file and breaks the connection. */
async function sendUpTo(url: string, bytes: Uint8Array, count: number): Promise<void> {
  const request = httpRequest(intake.api.address + new URL(url).pathname, {
    method: 'PUT',
    headers: { 'content-length': bytes.length },
  });
  const closed = new Promise<void>((resolve) => request.on('close', resolve));
  request.on('error', () => {});
  request.write(bytes.subarray(0, count), () => request.destroy());
  await closed;
}

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

test('a line that breaks and an API that is killed leave each file whole or absent, and the rest is sent again', async () => {
  const files = (await filesOf('interrupted')).slice(0, 100);
  const before = await count('instance');
  const uploadId = await create('interrupted upload');
  const targets = await presign(uploadId, files);
  await sendUpTo(targets[0]!.url!, files[0]!, 1000);
  const { child, address } = await startProcess();
  const gone = once(child, 'exit');
  let acknowledged = 0;
  const sending = Promise.all(
    targets.slice(0, 60).map(async ({ url }, n) => {
      const answer = await put(url!, files[n]!, address).catch(() => undefined);
      if (answer?.status === 200 && ++acknowledged === 10) child.kill('SIGKILL');
    }),
  );
  await Promise.all([gone, sending]);
  const stored = (await count('instance')) - before;
  assert.ok(
    stored >= acknowledged && acknowledged >= 10 && stored < 60,
    `${acknowledged} acknowledged, ${stored} stored`,
  );
  const again = await presign(uploadId, files);
  assert.equal(again.filter(({ state }) => state === 'STORED').length, stored, 'told exactly');
  assert.ok((await putAll(again, files)).every((status) => status === 200));
  assert.equal((await count('instance')) - before, files.length);
  const { rows } = await database.query('select sha256 from instance');
  const objects = (await readdir(intake.api.objectsFolder, { recursive: true })).map((path) => path.split('/').at(-1));
  assert.ok(rows.every((row) => objects.includes(row.sha256)));
  const input = { uploadId };
  assert.equal((await intake.ask(completeText, { input })).uploadComplete.upload.storedInstances, files.length);
});

test('only senders open uploads, at their own sites, and only their owner gets addresses', async () => {
  const auditor = await intake.api.token('AUDITOR');
  const input = { siteId: intake.siteId, idempotencyKey: 'of an auditor' };
  const answer = await intake.api.post(auditor, { query: createText, variables: { input } });
  assert.ok(answer.json.errors?.length > 0 || answer.json.data.uploadCreate.userErrors.length > 0);
  const none = await intake.ask(presignText, {
    input: { uploadId: globalId('Upload', crypto.randomUUID()), files: [{ sha256: '0'.repeat(64), sizeBytes: 1 }] },
  });
  assert.equal(none.uploadPresign.userErrors[0].code, 'NOT_FOUND');
  const uploadId = await create('sizes of files');
  for (const sizeBytes of [0, 2 ** 30 + 1]) {
    const { uploadPresign } = await intake.ask(presignText, {
      input: { uploadId, files: [{ sha256: '0'.repeat(64), sizeBytes }] },
    });
    assert.deepEqual(uploadPresign.userErrors[0].code, 'INVALID');
  }
});
