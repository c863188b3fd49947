import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '#core/domain/ids.ts';
import { objectKey } from '#core/storage/keys.ts';
import { globalId, localId } from '../api/graphql/global-id.ts';
import { type ExportRoom, openExportRoom } from './harness/export-room.ts';
import type { Data } from './harness/services.ts';
import { unpack } from './harness/unpacked.ts';

let room: ExportRoom;
before(async () => {
  room = await openExportRoom();
});
after(() => room?.stop());

test('whoever may not have it learns nothing: roles, tenants, drafts, readers under way', async () => {
  const status = async (who: keyof ExportRoom['people'], path: string): Promise<[number, Data]> => {
    const response = await room.get(who, path);
    return [response.status, await response.json()];
  };
  const before = (await room.exportsOf()).length;
  assert.equal((await status('approver', room.pathOf('bids')))[0], 403);
  assert.equal((await fetch(`${room.api.address}${room.pathOf('bids')}`)).status, 401);
  const absent = await status('engineer', room.pathOf('bids', globalId('Dataset', newId())));
  assert.equal(absent[0], 404);
  assert.deepEqual(await status('stranger', room.pathOf('bids')), absent);
  assert.deepEqual(await status('engineer', room.pathOf('bids', 'nonsense')), absent);
  assert.equal((await status('engineer', room.pathOf('zip')))[0], 404);
  const create = 'mutation { datasetCreate(input: { name: "Draft" }) { dataset { id exportUrl(format: BIDS) } } }';
  const draft = (await room.ask(room.people.engineer, create)).datasetCreate.dataset;
  assert.equal(draft.exportUrl, null);
  const [code, { code: reason }] = await status('engineer', room.pathOf('bids', draft.id));
  assert.deepEqual([code, reason], [409, 'WRONG_STATE']);
  // A reader of another study altogether: which ones are in the dataset is not told either.
  const blind = await room.rows.rows.study({ siteId: room.tenant.siteIds[0] });
  await room.rows.rows.blind(blind, room.people.reader.memberId);
  const refused = await status('reader', room.pathOf('bids'));
  assert.equal(refused[0], 409);
  assert.match(refused[1].message, /blind read/);
  assert.deepEqual(await room.exportsOf(room.people.reader), []);
  const head = await fetch(`${room.api.address}${room.pathOf('bids')}`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${await room.api.token(room.people.engineer.memberId)}` },
  });
  assert.equal(head.status, 404);
  assert.equal((await room.exportsOf()).length, before);
});

test('GraphQL says where to get it, and the audit trail who did', async () => {
  const text = `{ node(id: "${room.datasetId}") { ... on Dataset { exportUrl(format: DICOM_SEG) } } }`;
  const { exportUrl } = (await room.ask(room.people.auditor, text)).node;
  assert.equal(exportUrl, `http://127.0.0.1${room.pathOf('dicom-seg')}`);
  await room.exported('dicom-seg');
  await room.endedExport();
  const events = await room.rows.rows.inTenant((db) =>
    db
      .selectFrom('audit_event')
      .select(['action', 'member_id', 'object_id', 'changes'])
      .where('action', 'like', 'datasetExport%')
      .orderBy('number', 'desc')
      .limit(2)
      .execute(),
  );
  assert.deepEqual(
    events.map(({ action, member_id, object_id }) => [action, member_id, object_id]),
    ['datasetExportEnd', 'datasetExport'].map((action) => [
      action,
      room.people.engineer.memberId,
      localId('Dataset', room.datasetId, []) as string,
    ]),
  );
  const [end, begin] = events.map(({ changes }) => changes as Data);
  assert.deepEqual([begin.format, begin.cases, end.state], ['DICOM_SEG', 5, 'SUCCEEDED']);
  assert.equal(begin.exportId, end.exportId);
});

test('who hangs up ends it: nothing more is read, and it is told as cancelled', async () => {
  const gone = new AbortController();
  let reads = 0;
  const { objects } = room.api.services;
  const getVerified = objects.getVerified.bind(objects);
  let held: (() => void) | undefined;
  objects.getVerified = async (...given) => {
    reads++;
    // In the middle of the second case.
    if (reads === 60) await new Promise<void>((go) => (held = go));
    return getVerified(...given);
  };
  try {
    const response = await room.get('engineer', room.pathOf('dicom-seg'), gone.signal);
    const body = response.arrayBuffer();
    while (!held) await sleep(10);
    gone.abort();
    await assert.rejects(body);
    const ended = await room.endedExport();
    assert.deepEqual([ended.state, ended.manifestSha256], ['CANCELLED', null]);
    assert.ok(ended.casesDone < 5 && ended.fileCount > 0);
    held();
    await sleep(100);
    assert.equal(reads, 60);
  } finally {
    objects.getVerified = getVerified;
  }
});

test('a server sends two at once, and refuses a third until one has ended', async () => {
  const { objects } = room.api.services;
  const getVerified = objects.getVerified.bind(objects);
  let release = (): void => {};
  const released = new Promise<void>((go) => {
    release = go;
  });
  objects.getVerified = async (...given) => {
    const bytes = await getVerified(...given);
    // The dataset's own manifest is read before anything is sent.
    if (bytes[0] !== '{'.charCodeAt(0)) await released;
    return bytes;
  };
  try {
    const two = [
      await room.get('engineer', room.pathOf('dicom-seg')),
      await room.get('engineer', room.pathOf('dicom-seg')),
    ];
    const third = await room.get('engineer', room.pathOf('dicom-seg'));
    assert.deepEqual([two.map(({ status }) => status), third.status], [[200, 200], 503]);
    assert.ok(third.headers.get('retry-after'));
    release();
    for (const one of two) await one.arrayBuffer();
  } finally {
    release();
    objects.getVerified = getVerified;
  }
  await room.endedExport();
});

test('a study whose files are gone is left out and named; one that is damaged breaks the archive off', async () => {
  const { objects } = room.api.services;
  const key = (sha256: string): string => objectKey(room.tenant.tenantId, sha256);
  const id = await room.freeze('Later');
  await objects.delete(key(room.studies.alone.labelSha256));
  const response = await room.get('engineer', room.pathOf('nnunet', id));
  const files = await unpack(Buffer.from(await response.arrayBuffer()));
  const manifest = JSON.parse(files.get('Dataset500_Later/manifest.json')!.toString());
  assert.deepEqual(
    manifest.leftOut.map(({ studyId }: Data) => studyId),
    [room.studies.alone.studyId],
  );
  assert.ok(![...files.keys()].some((path) => path.includes('PBBBBBBBBBB')));
  const { numTraining } = JSON.parse(files.get('Dataset500_Later/dataset.json')!.toString());
  assert.equal(numTraining, [...files.keys()].filter((path) => path.includes('/labelsTr/')).length);

  // A file within a series: that it is gone shows in the middle of the study.
  await objects.delete(key(room.studies.without.images.T1_POST!.at(2)!));
  const broken = await room.get('engineer', room.pathOf('bids', id));
  assert.equal(broken.status, 200);
  await assert.rejects(broken.arrayBuffer());
  for (let n = 0; n < 100 && (await room.exportsOf(room.people.auditor, id))[0].state === 'RUNNING'; n++)
    await sleep(50);
  const [ended] = await room.exportsOf(room.people.auditor, id);
  assert.equal(ended.state, 'FAILED');
  assert.match(ended.message, /went while it was sent/);
});

test('an export whose server ended without a word is told as failed', async () => {
  const { tenantId: tenant_id } = room.tenant;
  const id = newId();
  await room.rows.rows.inTenant((db) =>
    db
      .insertInto('dataset_export')
      .values({
        ...{ tenant_id, id, dataset_id: localId('Dataset', room.datasetId, []), format: 'BIDS' },
        ...{ requested_by: room.people.engineer.memberId, case_count: 5, seen_at: new Date(Date.now() - 180_000) },
      } as never)
      .execute(),
  );
  const found = (await room.exportsOf()).find((one) => one.id === globalId('DatasetExport', id));
  assert.deepEqual([found.state, found.message], ['FAILED', 'The server that sent it has ended.']);
});
