import assert from 'node:assert/strict';
import test from 'node:test';
import type { Grid } from '../domain/geometry.ts';
import type { SourceSeries } from './derived-series.ts';
import { readHeader } from './header.ts';
import { parsePart10 } from './part10.ts';
import { readMrInstance } from './read.ts';
import { writeMr } from './write-mr.ts';
import { writeParametricMap } from './write-parametric-map.ts';

// An oblique grid with three spacings.
const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const grid: Grid = {
  size: [6, 5, 4],
  indexToLps: [0.75 * c, -1.25 * s, 0, -20, 0.75 * s, 1.25 * c, 0, 7, 0, 0, 2, 3, 0, 0, 0, 1],
};
const source: SourceSeries = {
  studyInstanceUid: '1.2.1', seriesInstanceUid: '1.2.2', frameOfReferenceUid: '1.2.3', sopInstanceUids: ['1.2.4.1', '1.2.4.2', '1.2.4.3', '1.2.4.4'],
  patient: { id: 'P-1', sex: 'F', age: '061Y' }, study: { date: '20200101', description: 'MR HEAD' },
}; // biome-ignore format: a table
const identity = {
  seriesInstanceUid: '1.2.5',
  seriesNumber: 101,
  seriesDescription: 'FLAIR on BRAVO',
  contentDate: '20260102',
  contentTime: '030405',
  softwareVersion: '1',
};

test('a derived MR series has the voxels, the geometry and the acquisition of its volume', () => {
  const data = Int16Array.from({ length: 120 }, (_, n) => n * 273 - 16384);
  const parameters = {
    seriesInstanceUid: '9',
    imageType: ['ORIGINAL'],
    scanningSequence: ['SE', 'IR'],
    sequenceVariant: ['SK'],
    scanOptions: [],
    echoTimeMs: 119,
    instanceCount: 4,
  };
  const files = writeMr({
    volume: { grid, data },
    source,
    frameOfReferenceUid: '1.2.9',
    identity,
    derivation: 'Resampled',
    parameters,
  });
  const instances = files.map(readMrInstance);
  assert.deepEqual(
    instances.flatMap(({ frames }) => [...frames[0]!.pixels]),
    [...data],
  );
  assert.equal(new Set(instances.map(({ sopInstanceUid }) => sopInstanceUid)).size, 4);
  instances.forEach(({ frames: [frame], frameOfReferenceUid }, k) => {
    assert.equal(frameOfReferenceUid, '1.2.9');
    assert.deepEqual(frame!.pixelSpacingMm, [1.25, 0.75]);
    for (const [n, cosine] of [c, s, 0, -s, c, 0].entries())
      assert.ok(Math.abs(frame!.imageOrientation[n]! - cosine) < 1e-9);
    assert.deepEqual(frame!.imagePosition, [-20, 7, 3 + 2 * k]);
  });
  const header = readHeader(files[2]!);
  assert.deepEqual(
    [header.instanceNumber, header.series.number, header.patient.id, header.study.instanceUid],
    [3, 101, 'P-1', '1.2.1'],
  );
  assert.deepEqual(header.parameters.scanningSequence, ['SE', 'IR']);
  assert.equal(header.parameters.imageType[0], 'DERIVED');
  const again = writeMr({
    volume: { grid, data },
    source,
    frameOfReferenceUid: '1.2.9',
    identity,
    derivation: 'Resampled',
    parameters,
  });
  assert.deepEqual(again, files);
});

test('a slice names the images that it was made from, and the series where these are many', () => {
  const parameters = {
    seriesInstanceUid: '9',
    imageType: [],
    scanningSequence: [],
    sequenceVariant: [],
    scanOptions: [],
    instanceCount: 4,
  };
  const volume = { grid, data: new Int16Array(120) };
  const write = (content: Pick<Parameters<typeof writeMr>[0], 'source' | 'sourceSlices'>) =>
    writeMr({ volume, frameOfReferenceUid: '1.2.9', identity, derivation: 'Resampled', parameters, ...content }).map(
      (file) => parsePart10(file).dataset,
    );
  const named = (content: Parameters<typeof write>[0]) =>
    write(content).map((dataset) =>
      dataset
        .items('SourceImageSequence')
        .map((item) => [item.text('ReferencedSOPInstanceUID'), ...item.numbers('ReferencedFrameNumber')]),
    );
  assert.deepEqual(named({ source, sourceSlices: [[0, 0], [1, 2], null, [3, 3]] }), [
    [['1.2.4.1']],
    [['1.2.4.2'], ['1.2.4.3']],
    [],
    [['1.2.4.4']],
  ]);
  const enhanced = { ...source, sopInstanceUids: Array(4).fill('1.2.8'), frameNumbers: [4, 3, 2, 1] };
  assert.deepEqual(
    named({
      source: enhanced,
      sourceSlices: [
        [0, 1],
        [1, 3],
        [0, 3],
        [2, 2],
      ],
    }),
    [[['1.2.8', 4, 3]], [['1.2.8', 3, 2, 1]], [['1.2.8']], [['1.2.8', 2]]],
  );
  const across = { ...source, sopInstanceUids: Array.from({ length: 160 }, (_, n) => `1.2.4.${n + 1}`) };
  assert.deepEqual(named({ source: across, sourceSlices: Array(4).fill([0, 159]) }), [[], [], [], []]);
  for (const dataset of write({ source: across, sourceSlices: Array(4).fill([0, 159]) })) {
    const [related] = dataset.items('RelatedSeriesSequence');
    assert.equal(related!.text('SeriesInstanceUID'), source.seriesInstanceUid);
    assert.equal(related!.items('PurposeOfReferenceCodeSequence')[0]!.text('CodeMeaning'), 'Same Anatomy');
  }
});

test('a parametric map holds every float, with its source and its unit', () => {
  const data = Float32Array.from({ length: 120 }, (_, n) => Math.fround(Math.sin(n) ** 2));
  const { dataset } = parsePart10(
    writeParametricMap({ map: { grid, data }, source, identity: { ...identity, sopInstanceUid: '1.2.6' } }),
  );
  assert.deepEqual(new Float32Array(Uint8Array.from(dataset.bytes('FloatPixelData')!).buffer), data);
  assert.equal(dataset.number('NumberOfFrames'), 4);
  const [shared] = dataset.items('SharedFunctionalGroupsSequence');
  assert.equal(shared!.items('RealWorldValueMappingSequence')[0]!.number('RealWorldValueSlope'), 1);
  dataset.items('PerFrameFunctionalGroupsSequence').forEach((frame, k) => {
    assert.deepEqual(frame.items('PlanePositionSequence')[0]!.numbers('ImagePositionPatient'), [-20, 7, 3 + 2 * k]);
    const [image] = frame.items('DerivationImageSequence')[0]!.items('SourceImageSequence');
    assert.equal(image!.text('ReferencedSOPInstanceUID'), source.sopInstanceUids[k]);
  });
});
