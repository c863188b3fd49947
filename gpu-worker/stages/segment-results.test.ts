import assert from 'node:assert/strict';
import test from 'node:test';
import type { SourceSeries } from '#core/dicom/derived-series.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { readSeg } from '#core/dicom/read-seg.ts';
import { type Grid, voxelCount } from '#core/domain/geometry.ts';
import { newId, type SegmentationId } from '#core/domain/ids.ts';
import { segment } from '../postprocess/segment.ts';
import { type Answer, resultFiles } from './segment-results.ts';

const grid: Grid = { size: [12, 10, 6], indexToLps: [1.5, 0, 0, -9, 0, 1.5, 0, -7.5, 0, 0, 2.5, 20, 0, 0, 0, 1] };
const source: SourceSeries = {
  studyInstanceUid: '1.2.1',
  seriesInstanceUid: '1.2.2',
  frameOfReferenceUid: '1.2.3',
  sopInstanceUids: [1, 2, 3, 4, 5, 6].map((k) => `1.2.4.${k}`),
  patient: { id: 'P-1' },
  study: {},
};

function answer(segmentForm: Answer['segmentForm'], peaks: readonly number[]): Answer {
  const data = new Float32Array(voxelCount(grid));
  for (const at of peaks) data.fill(0.95, at, at + 2);
  const map = { grid, data };
  const found = segment(map, { grid, data: new Uint8Array(data.length).fill(1) }, { threshold: 0.5 });
  return { id: newId<SegmentationId>(), versionNumber: 3, threshold: 0.5, segmentForm, source, map, found };
}

/** By kind: the dataset; and of the report the segment of each group. */
const written = (of: Answer) => {
  const files = new Map(resultFiles(of).map(({ kind, bytes }) => [kind, bytes]));
  const report = parsePart10(files.get('MEASUREMENTS')!).dataset;
  const groups = report.items('ContentSequence').flatMap((item) => item.items('ContentSequence'));
  const items = groups.flatMap((group) => group.items('ContentSequence'));
  const references = items.flatMap((item) => item.items('ReferencedSOPSequence'));
  return { files, segments: references.flatMap((one) => one.number('ReferencedSegmentNumber') ?? []) };
};

test('lesions are a segment each, or one for all; measured and outlined they are one by one', () => {
  for (const [form, labels, referred] of [
    ['EACH_LESION', ['Metastasis 1', 'Metastasis 2'], [1, 2]],
    ['ALL_LESIONS', ['Metastases'], [1, 1]],
  ] as const) {
    const { files, segments } = written(answer(form, [130, 400]));
    assert.deepEqual([...files.keys()], ['SEG', 'PROBABILITY_MAP', 'MEASUREMENTS', 'CONTOURS']);
    const seg = readSeg(files.get('SEG')!, grid);
    assert.deepEqual(
      seg.segments.map(({ label }) => label),
      labels,
    );
    assert.equal(seg.label.data.filter((value) => value > 0).length, 4);
    assert.deepEqual(segments, referred);
    assert.equal(parsePart10(files.get('CONTOURS')!).dataset.items('ROIContourSequence').length, 2);
  }
});

test('without a lesion there is neither SEG nor contours', () => {
  const { files, segments } = written(answer('EACH_LESION', []));
  assert.deepEqual([[...files.keys()], segments], [['PROBABILITY_MAP', 'MEASUREMENTS'], []]);
});
