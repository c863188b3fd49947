import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import test, { after, before } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { decode } from 'fast-png';
import { parsePart10 } from '#core/dicom/part10.ts';
import { relatedParts } from '../api/dicomweb/multipart.ts';
import { type Archive, columns, openArchive, rows } from './harness/archive.ts';
import type { Data } from './harness/services.ts';

let archive: Archive;
before(async () => {
  archive = await openArchive();
});
after(() => archive?.api.stop());

type Who = Parameters<Archive['get']>[0];
const seriesPath = (): string => `/studies/${archive.study}/series/${archive.bravo.series}`;
const instancePath = (k = 0): string => `${seriesPath()}/instances/${archive.bravo.instances[k]}`;
const flairPath = (): string =>
  `/studies/${archive.study}/series/${archive.flair.series}/instances/${archive.flair.instance}`;
const resultPath = (): string =>
  `/studies/${archive.study}/series/${archive.result.series}/instances/${archive.result.instance}`;

interface Part {
  readonly type: string;
  readonly body: Buffer;
}
async function parts(response: Response): Promise<Part[]> {
  const found: Part[] = [];
  assert.equal(response.status, 200, response.url);
  for await (const { headers, body } of relatedParts(response.body as never, response.headers.get('content-type')!)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    found.push({ type: headers.get('content-type')!, body: Buffer.concat(chunks) });
  }
  return found;
}
const pixels = (k: number): Buffer =>
  Buffer.from(Uint16Array.from({ length: rows * columns }, (_, n) => 100 * k + n).buffer);
const explicit = '1.2.840.10008.1.2.1';
const rle = '1.2.840.10008.1.2.5';

test('studies, series and instances come as they were stored, in order', async () => {
  const { get, bravo, study } = archive;
  const series = await parts(await get('clinician', seriesPath()));
  assert.deepEqual(
    series.map(({ body }) => body),
    bravo.files.map((file) => Buffer.from(file)),
  );
  assert.equal(series[0]!.type, `application/dicom; transfer-syntax=${explicit}`);
  // Three slices, one and the answer of the version; the label of a read is not the clinician's.
  assert.equal((await parts(await get('clinician', `/studies/${study}`))).length, 5);
  assert.equal((await parts(await get('coordinator', `/studies/${study}`))).length, 6);
  const single = await get('clinician', instancePath(), { accept: 'application/dicom' });
  assert.deepEqual(Buffer.from(await single.arrayBuffer()), Buffer.from(bravo.files[0]!));
});

test('compressed images come decompressed, unless any transfer syntax is accepted', async () => {
  const { get } = archive;
  const [plain] = await parts(
    await get('clinician', flairPath(), { accept: 'multipart/related; type="application/dicom"' }),
  );
  assert.equal(plain!.type, `application/dicom; transfer-syntax=${explicit}`);
  const file = parsePart10(plain!.body);
  assert.deepEqual([file.transferSyntaxUid, Buffer.from(file.dataset.bytes('PixelData')!)], [explicit, pixels(0)]);
  for (const asked of ['*', rle]) {
    const accept = `multipart/related; type="application/dicom"; transfer-syntax=${asked}`;
    const [stored] = await parts(await get('clinician', flairPath(), { accept }));
    assert.equal(parsePart10(stored!.body).transferSyntaxUid, rle, asked);
  }
  const [octets] = await parts(
    await get('clinician', `${flairPath()}/frames/1`, { accept: 'multipart/related; type="application/octet-stream"' }),
  );
  assert.deepEqual([octets!.type, octets!.body], [`application/octet-stream; transfer-syntax=${explicit}`, pixels(0)]);
  const [coded] = await parts(
    await get('clinician', `${flairPath()}/frames/1`, { accept: 'multipart/related; type="image/dicom-rle"' }),
  );
  assert.equal(coded!.type, `image/dicom-rle; transfer-syntax=${rle}`);
});

test('what cannot be given is refused with what can', async () => {
  const { get } = archive;
  const asks = [
    [instancePath(), 'application/dicom; transfer-syntax=1.2.840.10008.1.2.4.90'],
    [seriesPath(), 'application/dicom'],
    [`${instancePath()}/frames/1`, 'image/jpeg'],
    [`${instancePath()}/rendered`, 'image/jpeg, image/png;q=0'],
    [`${instancePath()}/metadata`, 'application/dicom+xml'],
  ] as const;
  for (const [path, accept] of asks) {
    const response = await get('clinician', path, { accept });
    assert.equal(response.status, 406, accept);
    assert.match(((await response.json()) as Data).message, /available: .*\//, accept);
  }
  const lesser = 'image/jpeg;q=1, application/dicom;q=0.2, multipart/related;type="application/dicom";q=0.8';
  const chosen = await get('clinician', instancePath(), { accept: lesser });
  assert.match(chosen.headers.get('content-type')!, /^multipart\/related/);
});

test('metadata of every level name bulk data, are gzipped and known again by their tag', async () => {
  const { get, bravo, study } = archive;
  const response = await get('coordinator', `${seriesPath()}/metadata`);
  const list = (await response.json()) as Data[];
  assert.deepEqual(
    list.map((json) => json['00080018'].Value[0]),
    bravo.instances,
  );
  const address = `http://127.0.0.1/dicomweb${instancePath()}/bulkdata/7FE00010`;
  assert.deepEqual(list[0]['7FE00010'], { vr: 'OW', BulkDataURI: address });
  assert.deepEqual(list[0]['00083002'].Value, [explicit]);
  const etag = response.headers.get('etag')!;
  const again = await get('coordinator', `${seriesPath()}/metadata`, { 'if-none-match': etag });
  assert.deepEqual([again.status, await again.text()], [304, '']);
  assert.equal((await get('coordinator', `${seriesPath()}/metadata`, { 'if-none-match': '"x"' })).status, 200);
  assert.equal(((await (await get('coordinator', `/studies/${study}/metadata`)).json()) as Data[]).length, 6);
  const [seg] = (await (await get('coordinator', `${resultPath()}/metadata`)).json()) as Data[];
  assert.deepEqual([seg['00080060'].Value, seg['52009230'].Value.length > 0], [['SEG'], true]);
  const raw = await new Promise<Buffer>((resolve, reject) => {
    archive.api.token(archive.people.coordinator.memberId).then((token) => {
      const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' };
      const asked = httpRequest(
        `${archive.api.address}/dicomweb${seriesPath()}/metadata`,
        { headers },
        async (answer) => {
          assert.equal(answer.headers['content-encoding'], 'gzip');
          resolve(Buffer.concat(await answer.toArray()));
        },
      );
      asked.on('error', reject).end();
    }, reject);
  });
  assert.deepEqual(JSON.parse(gunzipSync(raw).toString()), list);
});

test('frames and bulk data are the pixels, whole and in ranges', async () => {
  const { get } = archive;
  assert.deepEqual((await parts(await get('clinician', `${instancePath(2)}/frames/1`)))[0]!.body, pixels(2));
  for (const wrong of ['0', '2', 'x', '1,5'])
    assert.equal((await get('clinician', `${instancePath()}/frames/${wrong}`)).status, 404, wrong);
  const path = `${instancePath(1)}/bulkdata/7FE00010`;
  const whole = await get('clinician', path, { accept: '*/*' });
  assert.equal(whole.headers.get('accept-ranges'), 'bytes');
  assert.deepEqual(Buffer.from(await whole.arrayBuffer()), pixels(1));
  const ranges = [
    ['bytes=10-19', 'bytes 10-19/384', pixels(1).subarray(10, 20)],
    ['bytes=380-999', 'bytes 380-383/384', pixels(1).subarray(380)],
    ['bytes=-4', 'bytes 380-383/384', pixels(1).subarray(380)],
  ] as const;
  for (const [range, told, expected] of ranges) {
    const some = await get('clinician', path, { range });
    assert.deepEqual([some.status, some.headers.get('content-range')], [206, told]);
    assert.deepEqual(Buffer.from(await some.arrayBuffer()), expected, range);
  }
  assert.equal((await get('clinician', path, { range: 'bytes=384-' })).status, 416);
  const stale = await get('clinician', path, { range: 'bytes=0-1', 'if-range': '"other"' });
  assert.equal(stale.status, 200);
  for (const wrong of ['00100010/x', '7FE00010/1', '00091001', 'etc'])
    assert.equal((await get('clinician', `${instancePath()}/bulkdata/${wrong}`)).status, 404, wrong);
});

test('pictures show the pixels by the window that is asked for', async () => {
  const { get, study } = archive;
  const picture = async (path: string, headers = {}) => {
    const response = await get('clinician', path, headers);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get('content-type'), 'image/png');
    return decode(new Uint8Array(await response.arrayBuffer()));
  };
  // Window 100, 200 of the file: value v is 255 ((v - 99.5) / 199 + 0.5).
  const own = await picture(`${instancePath()}/rendered`, { accept: 'image/png' });
  assert.deepEqual([own.width, own.height], [columns, rows]);
  assert.deepEqual(
    [...own.data.slice(0, 192)],
    Array.from({ length: 192 }, (_, v) => Math.round(255 * Math.min(1, Math.max(0, (v - 99.5) / 199 + 0.5)))),
  );
  const narrow = await picture(`${instancePath()}/frames/1/rendered?window=50,1,linear`);
  assert.deepEqual([narrow.data[49], narrow.data[50]], [0, 255]);
  const part = await picture(`${flairPath()}/rendered?viewport=8,8,4,2,4,4&window=0,400,linear-exact`);
  assert.deepEqual([part.width, part.height], [8, 8]);
  assert.equal(part.data[0], Math.round(255 * (36 / 400 + 0.5)));
  for (const path of [`${instancePath()}/thumbnail`, `${seriesPath()}/thumbnail`, `/studies/${study}/thumbnail`]) {
    const { width, height } = await picture(path);
    assert.deepEqual([width, height], [128, 96], path);
  }
  assert.equal((await parts(await get('clinician', `${seriesPath()}/rendered`))).length, 3);
  const seg = decode((await parts(await get('clinician', `${resultPath()}/rendered`)))[0]!.body);
  assert.equal([...seg.data].filter((value) => value > 0).length, 4);
  for (const wrong of [
    'window=1',
    'window=1,0',
    'window=1,2,cubic',
    'viewport=0,5',
    'viewport=9999,9999',
    'viewport=5,5,10,10,10,10',
  ])
    assert.equal((await get('clinician', `${instancePath()}/rendered?${wrong}`)).status, 400, wrong);
});

test('another site, another tenant and a blind reader are given nothing that is hidden from them', async () => {
  const { get, study, label } = archive;
  const labelPath = `/studies/${study}/series/${label.series}/instances/${label.instance}`;
  const below = (path: string, frames = true): string[] =>
    [
      '',
      '/metadata',
      '/rendered',
      '/thumbnail',
      ...(frames ? ['/frames/1', '/frames/1/rendered', '/bulkdata/7FE00010'] : []),
    ].map((end) => path + end);
  const images = [...below(`/studies/${study}`, false), ...below(seriesPath(), false), ...below(instancePath())];
  const secrets = [labelPath, resultPath()].flatMap((path) => [
    ...below(path),
    ...below(path.replace(/\/instances.*/, ''), false),
  ]);
  const body = async (who: Who, path: string) => {
    const response = await get(who, path);
    return [response.status, await response.text()];
  };
  const absent = await body('coordinator', '/studies/1.2.3');
  assert.equal(absent[0], 404);
  for (const who of ['elsewhere', 'stranger'] as const)
    for (const path of [...images, ...secrets]) assert.deepEqual(await body(who, path), absent, `${who} ${path}`);
  for (const path of secrets) assert.deepEqual(await body('blind', path), absent, `blind ${path}`);
  for (const path of [labelPath, resultPath()]) assert.equal((await get('coordinator', path)).status, 200);
  // The study as a whole is given to the blind reader without them, also where another has just been given all.
  for (const end of ['', '/metadata']) {
    assert.ok((await (await get('coordinator', `/studies/${study}${end}`)).text()).includes(label.instance));
    const text = await (await get('blind', `/studies/${study}${end}`)).text();
    for (const secret of [label.series, label.instance, archive.result.series]) assert.ok(!text.includes(secret), end);
  }
  const anonymous = await fetch(`${archive.api.address}/dicomweb${instancePath()}`);
  assert.equal(anonymous.status, 401);
});

test('nothing more is read once the client has hung up', async () => {
  const { api, people, tenant } = archive;
  const { objects } = api.services;
  const reads: string[] = [];
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const original = objects.getVerified.bind(objects);
  objects.getVerified = async (key, sha256) => {
    reads.push(key);
    if (reads.length === 2) await held;
    return original(key, sha256);
  };
  const token = await api.token(people.coordinator.memberId);
  const abort = new AbortController();
  const response = await fetch(`${api.address}/dicomweb/studies/${archive.study}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  await response.body!.getReader().read();
  while (reads.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  abort.abort();
  await new Promise((resolve) => setTimeout(resolve, 200));
  release();
  await new Promise((resolve) => setTimeout(resolve, 200));
  objects.getVerified = original;
  assert.equal(reads.length, 2, `of six objects of tenant ${tenant.tenantId}`);
});
