/** A study against programs of others: Orthanc takes from us and gives to us by DICOMweb, dcentvfy compares its files. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import type { Dataset } from '#core/dicom/dataset.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { type Orthanc, startOrthanc } from '../bench/peers/orthanc.ts';
import { relatedBody, relatedParts } from '../demo/multipart.ts';
import { phantomIdentity, writePhantomStudy } from '../demo/phantom/study.ts';
import { type AnsweredStudy, openAnsweredStudy } from './harness/answered-study.ts';
import { differences } from './harness/dicom-json-differences.ts';
import type { Data } from './harness/services.ts';
import { requireTool } from './tools.ts';

const tool = await requireTool('Orthanc');
const dcentvfy = await requireTool('dcentvfy');
const { skip } = tool;

let study: AnsweredStudy;
let orthanc: Orthanc;
before(async () => {
  if (skip !== false && dcentvfy.skip !== false) return;
  study = await openAnsweredStudy(71);
  if (skip === false) orthanc = await startOrthanc(tool.path);
});
after(async () => {
  await orthanc?.stop();
  await study?.intake.stop();
});

const anyFile = 'multipart/related; type="application/dicom"; transfer-syntax=*';
const filesOf = async (response: Response): Promise<Uint8Array[]> => {
  assert.equal(response.status, 200, response.url);
  return relatedParts(new Uint8Array(await response.arrayBuffer()), response.headers.get('content-type') ?? '');
};
const fromOrthanc = async (path: string, accept = 'application/dicom+json'): Promise<Response> =>
  fetch(`${orthanc.dicomweb}${path}`, { headers: { accept } });
/** Its own interface. */
const ask = async (path: string, body?: string | object, method = body ? 'POST' : 'GET'): Promise<Data> => {
  const text = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${orthanc.address}${path}`, { method, ...text });
  assert.equal(response.status, 200, `${path}: ${response.status} ${await response.clone().text()}`);
  return response.json();
};
const sorted = (files: readonly Uint8Array[]): string[] =>
  files.map((file) => Buffer.from(file).toString('base64')).sort();

/** Sends files into Orthanc by STOW-RS. It takes no part whose Content-Type has parameters, as ours have: parts are made anew. */
async function storeInOrthanc(files: readonly Uint8Array[]): Promise<void> {
  const { contentType, body } = relatedBody(files);
  const headers = { 'content-type': contentType, accept: 'application/dicom+json' };
  const response = await fetch(`${orthanc.dicomweb}/studies`, {
    ...{ method: 'POST', headers, duplex: 'half' },
    body: ReadableStream.from(body),
  });
  const answer = (await response.json()) as Data;
  assert.deepEqual([response.status, answer['00081199'].Value.length], [200, files.length]);
}

/** What only one of the two says of an instance, and where they say it in other words. */
const saidByOneAlone = [
  // Ours says in which transfer syntax the file lies (PS3.18 section 8.7.3).
  'AvailableTransferSyntaxUID: only the first',
  // Addresses of the pixels: each names its own.
  'PixelData: BulkDataURI',
  'FloatPixelData: BulkDataURI',
];

test('what differs is seen, within items too', () => {
  const item = (...values: number[]) => ({
    vr: 'SQ',
    Value: values.map((one) => ({ '00080104': { vr: 'LO', Value: [one] } })),
  });
  const first = { '00100010': { vr: 'PN' }, '00081140': item(1, 2), '00280010': { vr: 'US', Value: [3] } };
  const second = { '00081140': item(1, 3), '00280010': { vr: 'SS', Value: [3] }, '00091001': { vr: 'UN' } };
  assert.deepEqual(differences(first, second), [
    ...['ReferencedImageSequence.CodeMeaning: value', '00091001: only the second'],
    ...['PatientName: only the first', 'Rows: vr'],
  ]);
  assert.deepEqual(differences(first, { ...first, '00081140': item(1) }), ['ReferencedImageSequence: items']);
});

test('a study retrieved from us is in Orthanc file by file, with the same metadata attribute by attribute', {
  skip,
}, async () => {
  const files = await filesOf(await study.get(`/studies/${study.uid}`, { accept: anyFile }));
  await storeInOrthanc(files);
  const back = await filesOf(await fromOrthanc(`/studies/${study.uid}`, anyFile));
  assert.deepEqual(sorted(back), sorted(files));

  const [ours, theirs] = await Promise.all([
    study.get(`/studies/${study.uid}/metadata`).then((response) => response.json() as Promise<Data[]>),
    fromOrthanc(`/studies/${study.uid}/metadata`).then((response) => response.json() as Promise<Data[]>),
  ]);
  assert.equal(ours.length, files.length);
  const uidOf = (json: Data): string => json['00080018'].Value[0];
  const byUid = new Map(theirs.map((json) => [uidOf(json), json]));
  const modalities = new Set<string>();
  for (const json of ours) {
    modalities.add(json['00080060'].Value[0]);
    const found = differences(json, byUid.get(uidOf(json))!).filter((one) => !saidByOneAlone.includes(one));
    assert.deepEqual(found, [], uidOf(json));
  }
  assert.deepEqual([...modalities].sort(), ['MR', 'RTSTRUCT', 'SEG', 'SR']);
});

test('segmentation, map, measurements and contours come back from Orthanc to the last byte', { skip }, async () => {
  assert.deepEqual(
    study.results.map(({ kind }) => kind),
    ['SEG', 'PROBABILITY_MAP', 'MEASUREMENTS', 'CONTOURS'],
  );
  for (const { kind, identity, bytes } of study.results) {
    const path = `/studies/${study.uid}/series/${identity.seriesInstanceUid}/instances/${identity.sopInstanceUid}`;
    const [back] = await filesOf(await fromOrthanc(path, anyFile));
    assert.ok(Buffer.from(bytes).equals(back!), kind);
    const [sent] = await filesOf(await study.get(path, { accept: anyFile }));
    assert.ok(Buffer.from(bytes).equals(sent!), kind);
  }
});

test('Orthanc finds and fetches the study by its own client', { skip }, async () => {
  const { intake, uid } = study;
  const headers = { Authorization: `Bearer ${intake.token}` };
  await orthanc.addServer('metloop', `${intake.api.address}/dicomweb/`, headers);
  const known: string[] = await ask('/studies');
  for (const id of known) await ask(`/studies/${id}`, undefined, 'DELETE');
  const found: Data[] = await ask('/dicom-web/servers/metloop/qido', {
    Uri: '/studies',
    Arguments: { StudyInstanceUID: uid },
  });
  assert.deepEqual(
    found.map((json) => json['0020000D'].Value),
    [uid],
  );
  await ask('/dicom-web/servers/metloop/retrieve', { Resources: [{ Study: uid }], Synchronous: true });
  const files = await filesOf(await study.get(`/studies/${uid}`, { accept: anyFile }));
  assert.deepEqual(sorted(await filesOf(await fromOrthanc(`/studies/${uid}`, anyFile))), sorted(files));
});

/** Kept by de-identification: how a slice was acquired and where it lies. */
const kept = [
  ...['Modality', 'ScanningSequence', 'SequenceVariant', 'MRAcquisitionType', 'SliceThickness', 'RepetitionTime'],
  ...['EchoTime', 'FlipAngle', 'MagneticFieldStrength', 'PatientPosition', 'SeriesNumber', 'InstanceNumber'],
  ...['ImagePositionPatient', 'ImageOrientationPatient', 'Rows', 'Columns', 'PixelSpacing', 'BitsAllocated'],
  ...['BitsStored', 'HighBit', 'PixelRepresentation', 'PhotometricInterpretation', 'WindowCenter', 'WindowWidth'],
];
const placeOf = (dataset: Dataset): string => `${dataset.number('SeriesNumber')}/${dataset.number('InstanceNumber')}`;

test('a study that Orthanc sends us is stored with its pixels and without its names', { skip }, async () => {
  const { intake, phantom } = study;
  const options = { label: 'by way of Orthanc' };
  const originals: Uint8Array[] = [];
  for await (const { bytes } of writePhantomStudy(phantom, options)) originals.push(bytes);
  await storeInOrthanc(originals);
  const [{ ID: id }] = await ask('/tools/find', {
    Level: 'Study',
    Expand: true,
    Query: { StudyInstanceUID: parsePart10(originals[0]!).dataset.requireText('StudyInstanceUID') },
  });
  const headers = { Authorization: `Bearer ${intake.token}` };
  await orthanc.addServer('site', `${intake.api.address}/dicomweb/sites/${intake.siteId}`, headers);
  await ask('/dicom-web/servers/site/stow', { Resources: [id], Synchronous: true });

  const found = (await (await study.get('/studies')).json()) as Data[];
  const uids = found.map((json) => json['0020000D'].Value[0]).filter((uid) => uid !== study.uid);
  assert.equal(uids.length, 1);
  const response = await study.get(`/studies/${uids[0]}`, { accept: anyFile });
  const stored = (await filesOf(response)).map((file) => parsePart10(file).dataset);
  assert.equal(stored.length, originals.length);
  const byPlace = new Map(stored.map((dataset) => [placeOf(dataset), dataset]));
  for (const bytes of originals) {
    const { dataset } = parsePart10(bytes);
    const ours = byPlace.get(placeOf(dataset))!;
    for (const name of [...kept, 'PixelData'])
      assert.ok(Buffer.from(ours.bytes(name)!).equals(dataset.bytes(name)!), `${name} of ${placeOf(dataset)}`);
    for (const name of ['SOPInstanceUID', 'SeriesInstanceUID', 'StudyInstanceUID', 'PatientID', 'PatientName'])
      assert.notEqual(ours.text(name), dataset.text(name), name);
  }
  const { planted } = phantomIdentity(phantom, options);
  const text = await (await study.get(`/studies/${uids[0]}/metadata`)).text();
  for (const word of planted.filter((one) => one.length >= 5 && !/^\d+$/.test(one)))
    assert.ok(!text.toLowerCase().includes(word.toLowerCase()), word);
});

/** What dcentvfy says of the files: lines, without the names of the files. */
async function compared(files: readonly Uint8Array[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-entities-'));
  try {
    const paths = files.map((_, n) => join(folder, `${n}.dcm`));
    await Promise.all(files.map((file, n) => writeFile(paths[n]!, file)));
    const { stdout, stderr } = await promisify(execFile)(dcentvfy.path, paths);
    return `${stdout}${stderr}`.split('\n').flatMap((line) => line.replace(/ for file .*/, '') || []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What dcentvfy says that is no difference: its own lists put Accession Number into another entity for one class of objects than for the others. */
const known = [
  'Warning - Different information entities for attribute - Element=<AccessionNumber> IE <Study> versus <Series>',
];

test('what is said of patient, study, series and frame of reference is the same in all files of a study', {
  skip: dcentvfy.skip,
}, async () => {
  const files = await filesOf(await study.get(`/studies/${study.uid}`, { accept: anyFile }));
  const said = new Set(await compared(files));
  assert.deepEqual(
    [...said].filter((line) => !known.includes(line)),
    [],
  );
  // It does compare.
  const spoiled = Buffer.from(files[1]!);
  const id = parsePart10(spoiled).dataset.requireText('PatientID');
  spoiled.write('X', spoiled.indexOf(id), 'latin1');
  assert.match((await compared([files[0]!, spoiled])).join(), /PatientID/);
});
