/** The forms in which images come: compressed, zipped, addressed to one study. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { decode } from 'fast-png';
import { ZipFile } from 'yazl';
import { parsePart10 } from '#core/dicom/part10.ts';
import { readMrInstance } from '#core/dicom/read.ts';
import { uids } from '#core/dicom/uid.ts';
import { relatedBody, relatedParts } from '../demo/multipart.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { type Intake, startIntake } from './harness/intake.ts';
import type { Data } from './harness/services.ts';

const phantom = generatePhantom({ seed: 41, size: 48 });
let intake: Intake;
before(async () => {
  intake = await startIntake();
});
after(() => intake?.stop());

async function study(label: string): Promise<Buffer[]> {
  const files: Buffer[] = [];
  for await (const { bytes } of writePhantomStudy(phantom, { label })) files.push(Buffer.from(bytes));
  return files;
}

async function post(path: string, contentType: string, body: Uint8Array | string, token = intake.token) {
  const response = await fetch(`${intake.api.address}/dicomweb${path}`, {
    method: 'POST',
    headers: { 'content-type': contentType, authorization: `Bearer ${token}` },
    body: body as Uint8Array<ArrayBuffer>,
  });
  const answer = (await response.json()) as Data;
  const values = (tag: string): Data[] => answer[tag]?.Value ?? [];
  return { status: response.status, answer, stored: values('00081199'), failed: values('00081198') };
}
async function stow(path: string, files: Iterable<Uint8Array>) {
  const { contentType, body } = relatedBody(files);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return post(path, contentType, Buffer.concat(chunks));
}
const address = (item: Data): string => item['00081190'].Value[0];
const get = (url: string, accept = '*/*'): Promise<Response> =>
  fetch(`${intake.api.address}${new URL(url).pathname}${new URL(url).search}`, {
    headers: { authorization: `Bearer ${intake.token}`, accept },
  });
async function firstPart(response: Response): Promise<Uint8Array> {
  assert.equal(response.status, 200, response.url);
  const [part] = relatedParts(new Uint8Array(await response.arrayBuffer()), response.headers.get('content-type')!);
  return part!;
}

async function zipOf(files: readonly Buffer[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [n, file] of files.entries()) zip.addBuffer(file, `export/IM${n}`);
  zip.addBuffer(Buffer.alloc(3000, 'viewer'), 'export/viewer.exe');
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

interface Oracle {
  readonly cases: readonly { readonly name: string; readonly file: string; readonly pixels: readonly number[] }[];
  readonly lossy: Readonly<Record<string, string>>;
}
const oracle = JSON.parse(
  readFileSync(new URL('../core/dicom/pixels/decode.oracle.json', import.meta.url), 'utf8'),
) as Oracle;

/** An image of the oracle under UIDs of its own, since all of it stand under the same ones. */
function image(name: string): Buffer {
  const file = Buffer.from(
    (oracle.cases.find((one) => one.name === name) ?? { file: oracle.lossy[name]! }).file,
    'base64',
  );
  const uid = `1.2.3.${[...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 10, 0)}`;
  for (let at = file.indexOf('1.2.3.4'); at >= 0; at = file.indexOf('1.2.3.4', at + 1)) file.write(uid, at);
  return file;
}

test('a compressed image is stored as it came, and given back so, uncompressed, and as a picture', async () => {
  for (const name of ['JPEG 2000, unsigned 12', 'JPEG-LS, unsigned 16']) {
    const file = image(name);
    const { status, stored, answer } = await stow(`/sites/${intake.siteId}/studies`, [file]);
    assert.equal(status, 200, JSON.stringify(answer));
    const { pixels } = oracle.cases.find((one) => one.name === name)!;
    for (const [accept, syntax] of [
      ['multipart/related; type="application/dicom"; transfer-syntax=*', parsePart10(file).transferSyntaxUid],
      ['multipart/related; type="application/dicom"', uids.explicitLittleEndian],
    ] as const) {
      const back = await firstPart(await get(address(stored[0]!), accept));
      assert.equal(parsePart10(back).transferSyntaxUid, syntax, name);
      assert.deepEqual([...readMrInstance(back).frames[0]!.pixels], pixels, name);
    }
    const picture = await get(`${address(stored[0]!)}/rendered?window=2048,4096,linear-exact`, 'image/png');
    const { data } = decode(new Uint8Array(await picture.arrayBuffer()));
    assert.deepEqual(
      [...data],
      pixels.map((value) => Math.round(255 * Math.min(1, value / 4096))),
      name,
    );
  }
});

test('a lossy image is refused with its UIDs, the reason of the standard and a sentence', async () => {
  const { status, failed } = await stow(`/sites/${intake.siteId}/studies`, [image('JPEG extended')]);
  assert.equal(status, 409);
  assert.equal(failed[0]!['00081197'].Value[0], 0xc122, 'the transfer syntax is not supported');
  assert.match(failed[0]!['00000902'].Value[0], /^UNREADABLE: The transfer syntax 1\.2\.840\.10008\.1\.2\.4\.51/);
  // A stream that betrays its transfer syntax is told only when the whole file was read, so its UIDs are known.
  const lying = await stow(`/sites/${intake.siteId}/studies`, [image('irreversible JPEG 2000 that says lossless')]);
  assert.equal(lying.failed[0]!['00081197'].Value[0], 0xc122);
  assert.match(lying.failed[0]!['00081155'].Value[0], /^1\.2\.3\.\d$/);
});

test('a zip archive is stored as its files would be, and either may repeat the other', async () => {
  const files = await study('zipped');
  const path = `/sites/${intake.siteId}/zip`;
  const zip = await zipOf(files);
  const first = await post(path, 'application/zip', zip);
  assert.deepEqual([first.status, first.stored.length, first.failed.length], [200, files.length, 0]);
  const uid = /studies\/([\d.]+)/.exec(address(first.stored[0]!))![1]!;
  assert.equal((await intake.study(uid)).series.length, 4);
  assert.equal((await stow(`/sites/${intake.siteId}/studies`, files)).status, 200);
  assert.equal((await post(path, 'application/x-zip-compressed', zip)).stored.length, files.length);
  const spoiled = await post(
    path,
    'application/zip',
    await zipOf([files[0]!.subarray(0, files[0]!.length - 9), files[1]!]),
  );
  assert.deepEqual([spoiled.status, spoiled.stored.length, spoiled.failed.length], [202, 1, 1]);
});

test('archives that are none, or come from who may not send, are refused', async () => {
  const path = `/sites/${intake.siteId}/zip`;
  const zip = await zipOf(await study('refused'));
  assert.equal((await post(path, 'application/zip', 'no archive')).status, 415);
  assert.equal((await post(path, 'application/octet-stream', zip)).status, 415);
  const empty = await post(path, 'application/zip', await zipOf([]));
  assert.deepEqual([empty.status, empty.answer.message], [400, 'The archive holds no DICOM file.']);
  assert.equal((await post(path, 'application/zip', zip, await intake.api.token('AUDITOR'))).status, 404);
  assert.equal((await post('/sites/nonsense/zip', 'application/zip', zip)).status, 404);
  assert.equal((await post(path, 'application/zip', zip, 'nonsense')).status, 401);
});

test('files sent to one study must belong to it, by the UID as sent or as stored', async () => {
  const [one, other] = [await study('mine'), await study('another')];
  const sites = `/sites/${intake.siteId}/studies`;
  const sentUid = parsePart10(one[0]!).dataset.text('StudyInstanceUID')!;
  const mixed = await stow(`${sites}/${sentUid}`, [one[0]!, other[0]!]);
  assert.deepEqual([mixed.status, mixed.stored.length], [202, 1]);
  assert.match(mixed.failed[0]!['00000902'].Value[0], /^UID_CONFLICT: The file belongs to another study/);
  const storedUid = /studies\/([\d.]+)/.exec(address(mixed.stored[0]!))![1]!;
  assert.equal(mixed.answer['00081190'].Value[0], `http://127.0.0.1/dicomweb/studies/${storedUid}`);
  assert.equal((await stow(`${sites}/${storedUid}`, [one[1]!])).status, 200);
  assert.equal((await stow(`${sites}/${storedUid}`, [other[0]!])).status, 409);
  const both = await stow(sites, [one[2]!, other[0]!]);
  assert.deepEqual([both.status, both.answer['00081190']], [200, undefined], 'of two studies there is no one address');
});
