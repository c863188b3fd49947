import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import pg from 'pg';
import { serviceScope } from '#core/db/database.ts';
import { newId, type SiteId } from '#core/domain/ids.ts';
import { lockStudy } from '#core/preparing/preparation-store.ts';
import type { Caller } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { UploadSession } from '../api/upload/service.ts';
import { relatedBody } from '../demo/multipart.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { phantomIdentity, phantomUids, type StudyOptions, writePhantomStudy } from '../demo/phantom/study.ts';
import { startApi, type TestApi } from './harness/api-server.ts';
import type { Data } from './harness/services.ts';
import { createTenant, type TestTenant } from './harness/tenant.ts';

const phantoms = [generatePhantom({ seed: 11, size: 48 }), generatePhantom({ seed: 12, size: 48 })] as const;

let api: TestApi;
let tenant: TestTenant;
let coordinator: Caller;
let superuser: pg.Client;
before(async () => {
  api = await startApi();
  tenant = await createTenant(api.services.database, 'Consortium', api.issuer);
  await api.services.database.inTenant(serviceScope(tenant.tenantId), (db) =>
    db
      .insertInto('tenant_secret')
      .values({ tenant_id: tenant.tenantId, deidentification_key: Buffer.alloc(32, 5) })
      .execute(),
  );
  coordinator = await tenant.member('Coordinator', ['COORDINATOR', tenant.siteIds[0]]);
  const url = new URL(api.superuserUrl);
  url.pathname = new URL(api.ownerUrl).pathname;
  superuser = new pg.Client({ connectionString: url.href, options: '-c search_path=metloop' });
  await superuser.connect();
});
after(async () => {
  await superuser?.end();
  await api?.stop();
});

/** The files of a phantom's study. */
async function filesOf(which: 0 | 1, options: StudyOptions = {}): Promise<Buffer[]> {
  const files: Buffer[] = [];
  for await (const { bytes } of writePhantomStudy(phantoms[which], options)) files.push(Buffer.from(bytes));
  return files;
}

interface Stored {
  readonly status: number;
  readonly stored: Data[];
  readonly failed: { readonly reason: number; readonly text: string }[];
  readonly body: Data;
}

async function store(
  files: Iterable<Uint8Array>,
  options: { path?: string; caller?: Caller; contentType?: string } = {},
): Promise<Stored> {
  const { contentType, body } = relatedBody(files);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const response = await fetch(`${api.address}/dicomweb${options.path ?? '/studies'}`, {
    method: 'POST',
    headers: {
      'content-type': options.contentType ?? contentType,
      authorization: `Bearer ${await api.token((options.caller ?? coordinator).memberId)}`,
    },
    body: Buffer.concat(chunks),
  });
  const answer = (await response.json()) as Data;
  const failed = (answer['00081198']?.Value ?? []).map((one: Data) => ({
    reason: one['00081197'].Value[0],
    text: one['00000902'].Value[0],
  }));
  return { status: response.status, stored: answer['00081199']?.Value ?? [], failed, body: answer };
}

const tables = ['subject', 'study', 'series', 'instance', 'preparation', 'job', 'upload', 'refusal'] as const;
async function counts(): Promise<Record<(typeof tables)[number], number>> {
  const { rows } = await superuser.query(
    `select ${tables.map((name) => `(select count(*)::int from ${name}) as "${name}"`).join(', ')}`,
  );
  return rows[0];
}
async function objectFiles(): Promise<string[]> {
  const all = await readdir(api.objectsFolder, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** A copy of a file with bytes that were changed; both texts have the same length. */
function replaced(file: Buffer, from: string, to: string): Buffer {
  assert.equal(from.length, to.length);
  const copy = Buffer.from(file);
  let at = copy.indexOf(from, 0, 'latin1');
  assert.ok(at >= 0, `${from} is in the file`);
  for (; at >= 0; at = copy.indexOf(from, at + 1, 'latin1')) copy.write(to, at, 'latin1');
  return copy;
}

const mrImage = '1.2.840.10008.5.1.4.1.1.4\0';
const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7\0';

test('a whole study is stored, recognized, and its preparation queued once', async () => {
  const files = await filesOf(0);
  const { status, stored, failed } = await store(files);
  assert.deepEqual([status, stored.length, failed.length], [200, files.length, 0]);
  const now = await counts();
  assert.deepEqual(now, {
    ...{ subject: 1, study: 1, series: 4, instance: files.length },
    ...{ preparation: 1, job: 1, upload: 1, refusal: 0 },
  });
  const { rows } = await superuser.query('select role, role_set_by_member from series order by role');
  assert.deepEqual(
    rows.map(({ role }) => role),
    ['BRAVO', 'FLAIR', 'T1_POST', 'T1_PRE'],
  );
  const { rows: uploads } = await superuser.query('select * from upload');
  assert.equal(uploads[0].received_files, files.length);
  assert.equal(uploads[0].stored_instances, files.length);
  assert.equal(uploads[0].received_bytes, String(files.reduce((sum, { length }) => sum + length, 0)));
  assert.ok(uploads[0].ended_at);
  assert.equal((await objectFiles()).length, files.length, 'an object a file');
});

test('a repeat answers 200 and changes nothing', async () => {
  const files = await filesOf(0);
  const before = await counts();
  const objects = (await objectFiles()).length;
  const { status, stored } = await store(files.toReversed());
  assert.deepEqual([status, stored.length], [200, files.length]);
  assert.deepEqual(await counts(), { ...before, upload: before.upload + 1 });
  assert.equal((await objectFiles()).length, objects);
});

test('other bytes under a known UID are refused with the reason, and leave nothing', async () => {
  const [file, other] = await filesOf(0);
  const changed = Buffer.from(file!);
  changed[changed.length - 1]! ^= 1;
  const before = await counts();
  const objects = (await objectFiles()).length;
  const alone = await store([changed]);
  assert.equal(alone.status, 409);
  assert.equal(alone.failed[0]!.reason, 0x0111);
  assert.match(alone.failed[0]!.text, /^UID_CONFLICT: /);
  const beside = await store([changed, other!]);
  assert.deepEqual([beside.status, beside.stored.length, beside.failed.length], [202, 1, 1]);
  assert.deepEqual(await counts(), { ...before, upload: before.upload + 2, refusal: before.refusal + 2 });
  assert.equal((await objectFiles()).length, objects, 'refused bytes are not kept');
});

test("a file that belongs to another patient's study or to another study's series is refused, in one request as in two", async () => {
  const uid = phantomUids(phantoms[1], { label: 'mixed' }).series.BRAVO;
  const [first, second, third] = (await filesOf(1, { label: 'mixed' })).filter((file) => file.includes(uid));
  const patientId = String(phantomIdentity(phantoms[1], { label: 'mixed' }).elements['00100020']!.value);
  const stranger = replaced(second!, patientId, `${patientId.slice(0, -1)}${(Number(patientId.at(-1)) + 1) % 10}`);
  const together = await store([first!, stranger]);
  const series = await superuser.query('select count(*)::int as n from instance');
  assert.deepEqual([together.status, together.stored.length], [202, 1], JSON.stringify(together.failed));
  assert.match(together.failed[0]!.text, /^UID_CONFLICT/);
  assert.equal((await store([stranger])).status, 409);
  assert.equal((await superuser.query('select count(*)::int as n from instance')).rows[0].n, series.rows[0].n);
  assert.equal((await store([third!])).status, 200);
});

test('what is no acceptable image is refused by its kind, and nothing of it is kept', async () => {
  const [file] = await filesOf(1, { label: 'refused' });
  const whole = file!;
  const cases: readonly (readonly [string, Buffer, RegExp, number])[] = [
    ['no DICOM', Buffer.from('a letter about FAKEPATIENT'), /^UNREADABLE/, 0xc000],
    ['nothing', Buffer.alloc(0), /^UNREADABLE/, 0xc000],
    ['truncated', whole.subarray(0, whole.length - 100), /^UNREADABLE/, 0xc000],
    ['truncated in the header', whole.subarray(0, 300), /^OUT_OF_BOUNDS/, 0xc000],
    ['secondary capture', replaced(whole, mrImage, secondaryCapture), /^UNSUPPORTED_CLASS/, 0x0122],
    ['a saved screen', replaced(whole, 'ORIGINAL\\PRIMARY\\OTHER', 'DERIVED\\SCREEN SAVE\\XY'), /^BURNED_IN/, 0xa900],
    [
      'a name as transfer syntax',
      replaced(whole, '1.2.840.10008.1.2.1\0', 'FAKEPATIENT^NAME^XXX'),
      /^UNREADABLE/,
      0xc122,
    ],
    [
      'zeroes as transfer syntax',
      replaced(whole, '1.2.840.10008.1.2.1\0', '1.2\0\0\0\0.1\0\0\0\0.1\0\0\0\0\0'),
      /^UNREADABLE/,
      0xc122,
    ],
  ];
  const before = await counts();
  const objects = (await objectFiles()).length;
  for (const [what, bytes, text, reason] of cases) {
    const { status, failed } = await store([bytes]);
    assert.equal(status, 409, what);
    assert.equal(failed[0]!.reason, reason, what);
    assert.match(failed[0]!.text, text, what);
    assert.doesNotMatch(failed[0]!.text, /FAKEPATIENT/, what);
  }
  const expected = { ...before, upload: before.upload + cases.length, refusal: before.refusal + cases.length };
  assert.deepEqual(await counts(), expected);
  assert.equal((await objectFiles()).length, objects);
  const { rows } = await superuser.query('select code, message from refusal');
  for (const { message } of rows) assert.match(message, /^[A-Z(].*\.$/, 'a sentence');
});

test('a body that breaks off keeps what came whole, nothing else, and a repeat completes it', async () => {
  const files = await filesOf(1, { label: 'cut' });
  const before = await counts();
  const { contentType, body } = relatedBody(files);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  // Ten files and the half of the eleventh: two chunks a file, its headers and itself.
  const head = Buffer.concat([...chunks.slice(0, 21), chunks[21]!.subarray(0, chunks[21]!.length / 2)]);
  const authorization = `Bearer ${await api.token(coordinator.memberId)}`;
  await new Promise<void>((resolve) => {
    const request = httpRequest(`${api.address}/dicomweb/studies`, {
      method: 'POST',
      headers: { 'content-type': contentType, authorization, 'transfer-encoding': 'chunked' },
    });
    request.on('error', () => {});
    request.on('close', resolve);
    request.write(head);
    const wait = async (): Promise<void> => {
      while ((await counts()).instance < before.instance + 10) await new Promise((done) => setTimeout(done, 20));
      request.destroy();
    };
    void wait();
  });
  let now = await counts();
  for (let n = 0; n < 100 && now.instance < before.instance + 10; n++) {
    await new Promise((done) => setTimeout(done, 20));
    now = await counts();
  }
  assert.equal(now.instance, before.instance + 10);
  assert.equal(now.study, before.study + 1);
  const dangling = await superuser.query(
    'select 1 from series e where not exists (select from instance i where i.series_id = e.id)',
  );
  assert.equal(dangling.rowCount, 0, 'no series without an image');
  const { status, stored } = await store(files);
  assert.deepEqual([status, stored.length], [200, files.length]);
  assert.equal((await counts()).instance, before.instance + files.length);
  // The upload that broke off has ended too.
  for (let n = 0; n < 100; n++) {
    const { rows } = await superuser.query('select count(*)::int as n from upload where ended_at is null');
    if (rows[0].n === 0) break;
    assert.ok(n < 99, 'every upload has ended');
    await new Promise((done) => setTimeout(done, 20));
  }
});

/** Of the series of the newest study. */
const newestRoles = async (): Promise<string[]> => {
  const newest = '(select id from study order by created_at desc limit 1)';
  const { rows } = await superuser.query(`select role from series where study_id = ${newest} order by role`);
  return rows.map(({ role }) => role);
};

test('a study that is sent in several requests at once is prepared once, with every role recognized', async () => {
  const files = await filesOf(0, { label: 'at once' });
  const before = await counts();
  // Series by series, so that each request knows its own only.
  const shares = [0, 1, 2, 3].map((n) => files.filter((_, index) => index % 4 === n));
  const answers = await Promise.all(shares.map((share) => store(share)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  const now = await counts();
  assert.deepEqual(now, {
    ...before,
    ...{ study: before.study + 1, series: before.series + 4, instance: before.instance + files.length },
    ...{ preparation: before.preparation + 1, job: before.job + 1, upload: before.upload + 4 },
  });
  assert.deepEqual(await newestRoles(), ['BRAVO', 'FLAIR', 'T1_POST', 'T1_PRE']);
});

test('files are stored while another request recognizes the sequences of their study', {
  timeout: 30_000,
}, async () => {
  const files = await filesOf(0, { label: 'recognized' });
  const session = await UploadSession.open(api.services, coordinator, tenant.siteIds[0]);
  await session.receive(new Uint8Array(files[0]!));
  await api.services.database.inTenant(serviceScope(tenant.tenantId), async (db) => {
    const newest = await db.selectFrom('study').select('id').orderBy('created_at', 'desc').executeTakeFirstOrThrow();
    await lockStudy(db, newest.id);
    // Of another series, and of the same one.
    for (const n of [1, 4]) assert.equal((await session.receive(new Uint8Array(files[n]!))).stored, true);
  });
});

test('files whose request died before its end are recognized and prepared when they are sent again, once', async () => {
  const files = await filesOf(0, { label: 'died' });
  const before = await counts();
  const session = await UploadSession.open(api.services, coordinator, tenant.siteIds[0]);
  for (const file of files) assert.equal((await session.receive(new Uint8Array(file))).stored, true);
  // The process ends here: nobody calls finish().
  assert.equal((await counts()).preparation, before.preparation);
  for (let n = 0; n < 2; n++) {
    assert.equal((await store(files)).status, 200);
    const now = await counts();
    assert.deepEqual([now.instance, now.preparation], [before.instance + files.length, before.preparation + 1]);
    // As if it had been prepared meanwhile.
    await superuser.query(
      'update job set started_at = now() where id = (select job_id from preparation order by created_at desc limit 1)',
    );
    await superuser.query(`update preparation set state = 'FAILED' where state = 'QUEUED'`);
  }
  assert.deepEqual(await newestRoles(), ['BRAVO', 'FLAIR', 'T1_POST', 'T1_PRE']);
});

test('a preparation that a worker is about to begin is not taken for one that will see the new files', async () => {
  const files = await filesOf(0, { label: 'late', without: ['FLAIR'] });
  assert.equal((await store(files)).status, 200);
  const { rows } = await superuser.query('select id, study_id from preparation order by created_at desc limit 1');
  await superuser.query('begin');
  await superuser.query("update preparation set state = 'RUNNING' where id = $1", [rows[0].id]);
  const known = new Set(files.map((file) => file.toString('latin1')));
  const late = (await filesOf(0, { label: 'late' })).filter((file) => !known.has(file.toString('latin1')));
  const sending = store(late);
  await new Promise((done) => setTimeout(done, 1000));
  await superuser.query('commit');
  assert.notEqual((await sending).status, 500);
  const { rows: all } = await superuser.query(
    'select number, state from preparation where study_id = $1 order by number',
    [rows[0].study_id],
  );
  assert.deepEqual(all, [
    { number: 1, state: 'RUNNING' },
    { number: 2, state: 'QUEUED' },
  ]);
});

test('where and what the caller may upload is decided before anything is kept', async () => {
  const files = (await filesOf(1, { label: 'where' })).slice(0, 2);
  const before = await counts();
  const site = (id: SiteId): string => `/sites/${globalId('Site', id)}/studies`;
  const [here, there] = tenant.siteIds;
  const foreign = await createTenant(api.services.database, 'Foreign', api.issuer);
  const both = await tenant.member('Both', ['COORDINATOR', here], ['CLINICIAN', there]);
  const reader = await tenant.member('Reader', ['READER', here]);
  const answers = [
    await store(files, { path: site(there) }),
    await store(files, { path: site(newId()) }),
    await store(files, { path: site(foreign.siteIds[0]) }),
    await store(files, { path: '/sites/nonsense/studies' }),
    await store(files, { path: site(here), caller: reader }),
  ];
  for (const { status, body } of answers) {
    assert.equal(status, 404);
    assert.deepEqual(body, answers[0]!.body, 'the same answer for what is hidden and what never was');
  }
  const unsaid = await store(files, { caller: both });
  assert.equal(unsaid.status, 400);
  assert.match(unsaid.body.message, /which site/);
  for (const contentType of ['application/dicom', 'multipart/related', 'multipart/form-data; boundary=x', 'text/plain'])
    assert.equal((await store(files, { contentType })).status, 415, contentType);
  assert.deepEqual(await counts(), before);
  assert.equal((await store(files, { caller: both, path: site(there) })).status, 200);
});

test('nothing by which a patient could be recognized is anywhere: objects, tables, queue or logs', async () => {
  const planted = new Set<string>(['FAKEPATIENT']);
  for (const [index, label] of [
    [0, ''],
    [0, 'at once'],
    [0, 'late'],
    [0, 'died'],
    [1, 'mixed'],
    [1, 'cut'],
    [1, 'refused'],
    [1, 'where'],
  ] as const)
    for (const text of phantomIdentity(phantoms[index], { label }).planted) planted.add(text);
  assert.ok(planted.size > 40);
  const { rows } = await superuser.query<{ name: string }>(
    "select c.oid::regclass::text as name from pg_class c where relkind = 'r' and relnamespace in ('metloop'::regnamespace, 'pgboss'::regnamespace)",
  );
  const haystacks: [string, Buffer][] = [['the log', Buffer.from(api.logLines.join(''))]];
  for (const { name } of rows) {
    const { rows: texts } = await superuser.query<{ text: string }>(`select t::text as text from ${name} t`);
    haystacks.push([name, Buffer.from(texts.map(({ text }) => text).join('\n'))]);
  }
  for (const file of await objectFiles()) haystacks.push([file, await readFile(file)]);
  assert.ok(api.logLines.length > 10 && haystacks.length > 300);
  // Names stand in files by one of two encodings, and their parts by themselves.
  const needles = [...planted]
    .flatMap((text) => [text, ...text.split(/[\^ ,]/)])
    .filter((text) => text.length > 4 && !/^\d{1,7}$/.test(text));
  const harmless = /^(Fake|Hospital|Department|Known|since|operation|prefers)$/;
  for (const needle of new Set(needles.filter((text) => !harmless.test(text))))
    for (const encoding of ['utf8', 'latin1'] as const)
      for (const [where, bytes] of haystacks)
        assert.equal(bytes.indexOf(Buffer.from(needle, encoding)), -1, `"${needle}" is in ${where}`);
});
