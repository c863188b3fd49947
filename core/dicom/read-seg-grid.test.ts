import assert from 'node:assert/strict';
import test from 'node:test';
import { type Grid, sameGrid, voxelCount } from '../domain/geometry.ts';
import { type Attributes, buildDataset } from './build-dataset.ts';
import { DicomError } from './dicom-error.ts';
import { readSegGrid } from './read-seg-grid.ts';
import { randomUid } from './uid.ts';
import { writePart10 } from './write-dataset.ts';
import { writeSeg } from './write-seg.ts';

const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const grid: Grid = {
  size: [9, 7, 12],
  indexToLps: [0.75 * c, -1.25 * s, 0, -20, 0.75 * s, 1.25 * c, 0, 7, 0, 0, 2.5, 3, 0, 0, 0, 1],
};

/** A SEG with a voxel in each of these slices. */
function segWith(slices: readonly number[]): Uint8Array {
  const data = new Uint16Array(voxelCount(grid));
  for (const k of slices) data[k * 63 + 20] = 1;
  const identity = {
    ...{ sopInstanceUid: '2.25.1', seriesInstanceUid: '2.25.2', seriesNumber: 1, seriesDescription: 'x' },
    ...{ contentDate: '20260101', contentTime: '120000', softwareVersion: '1' },
  };
  const source = {
    ...{ studyInstanceUid: '2.25.3', seriesInstanceUid: '2.25.4', frameOfReferenceUid: '2.25.5' },
    ...{ sopInstanceUids: Array.from({ length: 12 }, randomUid), patient: { id: 'P' }, study: {} },
  };
  return writeSeg({
    ...{ label: { grid, data }, source, identity },
    segments: [{ number: 1, label: 'Metastasis', algorithmType: 'MANUAL' }],
  });
}

const shifted = ({ size, indexToLps }: Grid, slice: number, slices: number): Grid => ({
  size: [size[0], size[1], slices],
  indexToLps: indexToLps.map((value, n) => (n === 11 ? value + slice * 2.5 : value)),
});
const refusal = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof DicomError && error.code === code && message.test(error.message);

test('the grid reaches from the first frame to the last, with the slices that have none', () => {
  assert.ok(sameGrid(readSegGrid(segWith([2, 3, 9])), shifted(grid, 2, 8), 1e-6));
  assert.ok(sameGrid(readSegGrid(segWith([5])), shifted(grid, 5, 1), 1e-6));
});

/** A SEG of two frames on planes of which the second is as it is said. */
function planes(second: {
  position?: readonly number[];
  orientation?: readonly number[];
  measures?: Attributes;
}): Uint8Array {
  const orientation = [1, 0, 0, 0, 1, 0];
  const frame = (position: readonly number[], of: readonly number[], measures: Attributes) => ({
    PlanePositionSequence: [{ ImagePositionPatient: position }],
    PlaneOrientationSequence: [{ ImageOrientationPatient: of }],
    PixelMeasuresSequence: [measures],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }],
  });
  const usual = { PixelSpacing: [1, 1], SliceThickness: 2 };
  const { position = [0, 0, 4], orientation: turned = orientation, measures = usual } = second;
  return writePart10(
    buildDataset({
      ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4', SOPInstanceUID: '2.25.9', Rows: 8, Columns: 8 },
      ...{ NumberOfFrames: 2, SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2' },
      ...{ BitsAllocated: 1, BitsStored: 1, HighBit: 0, PixelRepresentation: 0 },
      PerFrameFunctionalGroupsSequence: [frame([0, 0, 0], orientation, measures), frame(position, turned, measures)],
      PixelData: new Uint8Array(16),
    }),
  );
}

test('slices may be told by their thickness alone; frames that lie on no grid are refused', () => {
  assert.deepEqual(readSegGrid(planes({})).size, [8, 8, 3]);
  assert.throws(
    () => readSegGrid(planes({ position: [0, 0, 3] })),
    refusal('GRID_MISMATCH', /Frame 2 does not lie on a grid/),
  );
  assert.throws(() => readSegGrid(planes({ position: [0.1, 0, 4] })), refusal('GRID_MISMATCH', /Frame 2/));
  assert.throws(() => readSegGrid(planes({ orientation: [0, 1, 0, 1, 0, 0] })), refusal('GRID_MISMATCH', /Frame 2/));
  assert.throws(
    () => readSegGrid(planes({ measures: { PixelSpacing: [1, 1] } })),
    refusal('MISSING_ATTRIBUTE', /thickness/),
  );
  assert.throws(
    () => readSegGrid(planes({ measures: { PixelSpacing: [0, 1], SliceThickness: 2 } })),
    refusal('OUT_OF_BOUNDS', /spacing/),
  );
  assert.throws(() => readSegGrid(planes({ position: [0, 0, 4e9] })), refusal('OUT_OF_BOUNDS', /67108864 voxels/));
});
