/** The clients that others write programs and viewers with: dicomweb-client of npm, in a browser, and of PyPI. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import test, { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { type Part10, parsePart10 } from '#core/dicom/part10.ts';
import { relatedParts } from '../demo/multipart.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { type AnsweredStudy, openAnsweredStudy } from './harness/answered-study.ts';
import { dicomwebClients, pythonWith, requireTool } from './tools.ts';

const python = await pythonWith(dicomwebClients);
const browser = await requireTool('chromium');

let study: AnsweredStudy;
/** As our own tests read them. */
let files: Part10[];
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metloop-clients-'));
  study = await openAnsweredStudy(72, false);
  const whole = await study.get(`/studies/${study.uid}`, { accept: 'multipart/related; type="application/dicom"' });
  files = relatedParts(new Uint8Array(await whole.arrayBuffer()), whole.headers.get('content-type')!).map((file) =>
    parsePart10(file),
  );
});
after(async () => {
  await study?.intake.stop();
  await rm(folder, { recursive: true, force: true });
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const uidOf = ({ dataset }: Part10): string => dataset.requireText('SOPInstanceUID');
const pixelsOf = (some: readonly Part10[]): Record<string, string> =>
  Object.fromEntries(
    some.flatMap((file) =>
      file.dataset.has('PixelData') ? [[uidOf(file), sha256(file.dataset.bytes('PixelData')!)]] : [],
    ),
  );
const inSeries = (uid: string): Part10[] => files.filter(({ dataset }) => dataset.text('SeriesInstanceUID') === uid);

/** What a client reported, against the files. Stored are two slices of another study. */
interface Report {
  readonly study: string;
  readonly series: Readonly<Record<string, string>>;
  readonly first: string;
  readonly instances: readonly string[];
  readonly studyMetadata: number;
  readonly seriesMetadata: number;
  readonly studyPixels: Readonly<Record<string, string>>;
  readonly seriesPixels: Readonly<Record<string, string>>;
  readonly instance: string;
  readonly frame: string;
  readonly bulk: string;
  readonly picture: string;
  readonly stored: readonly string[];
}

function check(report: Report, sent: readonly Uint8Array[]): void {
  const modalities = ['MR', 'MR', 'MR', 'MR', 'MR', 'RTSTRUCT', 'SEG', 'SR'];
  assert.deepEqual(Object.values(report.series).sort(), modalities, 'four acquired, the map, and the other results');
  assert.equal(report.study, study.uid);
  const slices = inSeries(report.first);
  assert.deepEqual([...report.instances].sort(), slices.map(uidOf).sort());
  assert.deepEqual([report.studyMetadata, report.seriesMetadata], [files.length, slices.length]);
  assert.deepEqual(report.studyPixels, pixelsOf(files));
  assert.deepEqual(report.seriesPixels, pixelsOf(slices));
  const pixels = pixelsOf(slices)[report.instances[0]!];
  assert.deepEqual([report.instance, report.frame, report.bulk], [pixels, pixels, pixels]);
  assert.equal(report.picture, '89504e47', 'a PNG');
  assert.deepEqual([...report.stored].sort(), sent.map((bytes) => uidOf(parsePart10(bytes))).sort());
}

/** Two slices that are not stored yet. */
async function newSlices(label: string): Promise<Uint8Array[]> {
  const slices: Uint8Array[] = [];
  for await (const { bytes } of writePhantomStudy(study.phantom, { label })) if (slices.push(bytes) === 2) break;
  return slices;
}

test('dicomweb-client of PyPI searches, retrieves and stores', { skip: python.skip }, async () => {
  const slices = await newSlices('from Python');
  const paths = await Promise.all(
    slices.map(async (bytes, n) => {
      const path = join(folder, `${n}.dcm`);
      await writeFile(path, bytes);
      return path;
    }),
  );
  const { api, siteId, token } = study.intake;
  const script = join(import.meta.dirname, 'dicomweb-client.py');
  const child = spawn(python.path, [script, `${api.address}/dicomweb`, `sites/${siteId}`, study.uid, ...paths], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(token);
  const [said, complaint] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  assert.match(said, /^\{/, complaint);
  const { readable, refused, ...report } = JSON.parse(said);
  assert.deepEqual([readable, refused], ['MR', []]);
  check(report, slices);
});

test('dicomweb-client of npm, with which viewers are written, does so in a browser', {
  skip: browser.skip,
}, async () => {
  const slices = await newSlices('from a browser');
  const { api, siteId, token } = study.intake;
  const launched = await chromium.launch({ executablePath: browser.path, args: ['--no-sandbox'] });
  try {
    const page = await launched.newPage();
    // Any page of the same origin: the client is one of the browser's.
    await page.goto(`${api.address}/healthz`);
    const bundle = new URL(import.meta.resolve('dicomweb-client'));
    await page.evaluate(await readFile(bundle, 'utf8'));
    const input = {
      ...{ token, uid: study.uid, prefix: `sites/${siteId}`, address: `${api.address}/dicomweb` },
      slices: slices.map((bytes) => Buffer.from(bytes).toString('base64')),
    };
    check(await page.evaluate(askAll, input), slices);
  } finally {
    await launched.close();
  }
});

/** Runs in the page. */
async function askAll(input: { token: string; uid: string; prefix: string; address: string; slices: string[] }) {
  // biome-ignore lint/suspicious/noExplicitAny: the package's own types are of another version of itself
  type Any = any;
  const { DICOMwebClient } = (globalThis as Any).DICOMwebClient.api;
  const client = new DICOMwebClient({
    url: input.address,
    stowURLPrefix: input.prefix,
    headers: { Authorization: `Bearer ${input.token}` },
    verbose: false,
  });
  const hash = async (bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> =>
    [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))]
      .map((n) => n.toString(16).padStart(2, '0'))
      .join('');
  const value = (json: Any, tag: string) => json[tag].Value[0];
  /** Of an uncompressed file: pixel data are its last element, in explicit VR; its UID is in the meta information. */
  const pixels = async (parts: ArrayBuffer[]): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    for (const part of parts) {
      const text = new TextDecoder('latin1').decode(part);
      const length = (at: number) => new DataView(part).getUint16(at, true);
      const uidAt = text.indexOf('\x02\x00\x03\x00UI') + 8;
      const uid = text.slice(uidAt, uidAt + length(uidAt - 2)).replace(/\0/g, '');
      const at = Math.max(text.lastIndexOf('\xe0\x7f\x10\x00OW'), text.lastIndexOf('\xe0\x7f\x10\x00OB'));
      if (at < 0) continue;
      const size = new DataView(part).getUint32(at + 8, true);
      found[uid] = await hash(part.slice(at + 12, at + 12 + size));
    }
    return found;
  };
  const studyInstanceUID = input.uid;
  const [found] = await client.searchForStudies({ queryParams: { StudyInstanceUID: studyInstanceUID } });
  const series: Any[] = await client.searchForSeries({ studyInstanceUID });
  const seriesInstanceUID = value(
    series.find((one) => value(one, '00080060') === 'MR'),
    '0020000E',
  );
  const ofSeries = { studyInstanceUID, seriesInstanceUID };
  const listed: Any[] = await client.searchForInstances(ofSeries);
  const instances = listed.map((one) => value(one, '00080018'));
  const ofInstance = { ...ofSeries, sopInstanceUID: instances[0] };
  const [metadata] = await client.retrieveInstanceMetadata(ofInstance);
  const { BulkDataURI } = metadata['7FE00010'];
  const [frame] = await client.retrieveInstanceFrames({ ...ofInstance, frameNumbers: '1' });
  const [bulk] = await client.retrieveBulkData({ BulkDataURI });
  const [picture] = await client.retrieveInstanceRendered({ ...ofInstance, mediaTypes: [{ mediaType: 'image/png' }] });
  const instance = Object.values(await pixels([await client.retrieveInstance(ofInstance)]))[0]!;
  const datasets = input.slices.map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const answer = JSON.parse(await client.storeInstances({ datasets }));
  return {
    study: value(found, '0020000D'),
    series: Object.fromEntries(series.map((one) => [value(one, '0020000E'), value(one, '00080060')])),
    first: seriesInstanceUID,
    instances,
    studyMetadata: (await client.retrieveStudyMetadata({ studyInstanceUID })).length,
    seriesMetadata: (await client.retrieveSeriesMetadata(ofSeries)).length,
    studyPixels: await pixels(await client.retrieveStudy({ studyInstanceUID })),
    seriesPixels: await pixels(await client.retrieveSeries(ofSeries)),
    instance,
    frame: await hash(frame),
    bulk: await hash(bulk),
    picture: [...new Uint8Array(picture).slice(0, 4)].map((n) => n.toString(16).padStart(2, '0')).join(''),
    stored: answer['00081199'].Value.map((item: Any) => item['00081155'].Value[0]) as string[],
  };
}
