import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import dicomParser from 'dicom-parser';
import { type PointLps, transformPoint } from '#core/domain/geometry.ts';
import { generatePhantom } from './phantom.ts';
import { phantomIdentity, phantomUids, type StudyFile, type StudyOptions, writePhantomStudy } from './study.ts';

type Dataset = Record<string, unknown>;
/** dcmjs has no types; this is the part used here. */
const dcmjs: {
  data: {
    DicomMessage: { readFile(bytes: ArrayBuffer): { dict: Dataset } };
    DicomMetaDictionary: { naturalizeDataset(dict: Dataset): Dataset };
  };
} = createRequire(import.meta.url)('dcmjs');

const phantom = generatePhantom({ seed: 8, size: 48, lesionCount: 3 });

async function filesOf(options: StudyOptions = {}): Promise<StudyFile[]> {
  const files: StudyFile[] = [];
  for await (const file of writePhantomStudy(phantom, options)) files.push(file);
  return files;
}

const files = await filesOf();
const parsed = files.map(({ bytes }) => dicomParser.parseDicom(bytes));

test('one file a slice, every instance once, in one study and four series of one frame of reference', () => {
  const slices = phantom.series.reduce((sum, { volume }) => sum + volume.grid.size[2], 0);
  assert.equal(files.length, slices);
  assert.equal(new Set(files.map(({ name }) => name)).size, slices);
  assert.equal(new Set(parsed.map((d) => d.string('x00080018'))).size, slices);
  const uids = phantomUids(phantom);
  assert.deepEqual([...new Set(parsed.map((d) => d.string('x0020000d')))], [uids.study]);
  assert.deepEqual([...new Set(parsed.map((d) => d.string('x00200052')))], [uids.frameOfReference]);
  assert.deepEqual(new Set(parsed.map((d) => d.string('x0020000e'))), new Set(Object.values(uids.series)));
  for (const d of parsed) assert.match(d.string('x00080018')!, /^2\.25\.[1-9][0-9]{30,38}$/);
});

test('the tags place every pixel where the grid does, and hold its value', () => {
  for (const { sequence, volume } of phantom.series) {
    const uid = phantomUids(phantom).series[sequence];
    const own = parsed.filter((d) => d.string('x0020000e') === uid);
    const [columns, rows, slices] = volume.grid.size;
    assert.equal(own.length, slices);
    const found = new Set<number>();
    for (const d of own) {
      const decimals = (tag: string): number[] => d.string(tag)!.split('\\').map(Number);
      const [position, orientation, spacing] = ['x00200032', 'x00200037', 'x00280030'].map(decimals) as [
        number[],
        number[],
        number[],
      ];
      const slice = Array.from({ length: slices }, (_, k) => k).find(
        (k) =>
          Math.hypot(...transformPoint(volume.grid.indexToLps, [0, 0, k]).map((v, axis) => v - position[axis]!)) < 1e-3,
      );
      assert.ok(slice !== undefined, `${sequence}: no slice of the grid at ${position.join(', ')}`);
      found.add(slice);
      // DICOM PS3.3, equation C.7.6.2.1-1.
      const [i, j] = [columns - 3, 7];
      const byTags = [0, 1, 2].map(
        (axis) => position[axis]! + orientation[axis]! * spacing[1]! * i + orientation[3 + axis]! * spacing[0]! * j,
      );
      const byGrid: PointLps = transformPoint(volume.grid.indexToLps, [i, j, slice]);
      assert.ok(Math.hypot(...byTags.map((v, axis) => v - byGrid[axis]!)) < 1e-3);
      const pixels = d.elements.x7fe00010!;
      assert.equal(pixels.length, columns * rows * 2);
      const view = new DataView(d.byteArray.buffer, d.byteArray.byteOffset + pixels.dataOffset, pixels.length);
      for (let n = 0; n < columns * rows; n++)
        if (view.getInt16(2 * n, true) !== volume.data[slice * columns * rows + n])
          assert.fail(`${sequence}, slice ${slice}, pixel ${n} differs`);
    }
    assert.equal(found.size, slices);
  }
});

test('files are mixed and instance numbers of some series do not follow the slices', () => {
  const series = parsed.map((d) => d.string('x0020000e'));
  assert.ok(series.filter((uid, n) => uid !== series[n - 1]).length > files.length / 3);
  const orders = Object.values(phantomUids(phantom).series).map((uid) => {
    const own = parsed.filter((d) => d.string('x0020000e') === uid);
    const byPlace = own
      .sort((a, b) => Number(a.string('x00201041')) - Number(b.string('x00201041')))
      .map((d) => Number(d.string('x00200013')));
    assert.deepEqual(
      [...byPlace].sort((a, b) => a - b),
      own.map((_, n) => n + 1),
    );
    return byPlace.every((n, at) => at === 0 || n > byPlace[at - 1]!) ? 'along' : 'otherwise';
  });
  assert.ok(orders.includes('along') && orders.includes('otherwise'), orders.join());
});

test('dcmjs reads the names, the nested sequences and the protocol', () => {
  const read = (sequence: 'BRAVO' | 'T1_PRE' | 'FLAIR'): Dataset => {
    const at = parsed.findIndex((d) => d.string('x0020000e') === phantomUids(phantom).series[sequence]);
    const { dict } = dcmjs.data.DicomMessage.readFile(Uint8Array.from(files[at]!.bytes).buffer);
    return dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict);
  };
  const bravo = read('BRAVO');
  assert.match(String((bravo.PatientName as Dataset[])[0]!.Alphabetic), /^FAKE.*øé\^/);
  assert.equal(bravo.RepetitionTime, 8.24);
  assert.equal(bravo.EchoTime, 3.24);
  assert.equal(bravo.InversionTime, 400);
  assert.equal(bravo.FlipAngle, 13);
  assert.equal(bravo.MRAcquisitionType, '3D');
  assert.ok(bravo.ContrastBolusAgent);
  const request = (bravo.RequestAttributesSequence as Dataset[])[0]!;
  const verifying = (request.VerifyingObserverSequence as Dataset[])[0]!;
  assert.match(JSON.stringify(verifying.VerifyingObserverName), /Fake/);
  const [pre, flair] = [read('T1_PRE'), read('FLAIR')];
  assert.equal(pre.ContrastBolusAgent, undefined);
  assert.equal(pre.RepetitionTime, 602);
  assert.deepEqual([flair.RepetitionTime, flair.EchoTime, flair.InversionTime], [6000, 136, 1700]);
});

test('every planted identifier is in every file', () => {
  const { planted } = phantomIdentity(phantom);
  assert.ok(planted.length > 30);
  for (const { bytes } of files) {
    const text = Buffer.from(bytes).toString('latin1');
    for (const identifier of planted) assert.ok(text.includes(identifier), identifier);
  }
});

test('a study is the same each time; a label makes another of the same patient; a sequence can be left out', async () => {
  const again = await filesOf();
  assert.ok(
    again.every(({ name, bytes }, n) => name === files[n]!.name && Buffer.compare(bytes, files[n]!.bytes) === 0),
  );
  const later = (await filesOf({ label: 'follow-up', tesla: 1.5, vendor: 'SIEMENS', without: ['FLAIR'] })).map(
    ({ bytes }) => dicomParser.parseDicom(bytes),
  );
  assert.equal(new Set(later.map((d) => d.string('x0020000e'))).size, 3);
  assert.equal(later[0]!.string('x00100020'), parsed[0]!.string('x00100020'));
  assert.notEqual(later[0]!.string('x0020000d'), parsed[0]!.string('x0020000d'));
  assert.equal(later[0]!.string('x00080070'), 'SIEMENS');
});
