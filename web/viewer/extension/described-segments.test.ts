import assert from 'node:assert/strict';
import test from 'node:test';
import { describedSegments } from './described-segments.ts';

test('segments are described by their numbers, whatever order OHIF met them in and whatever gaps there are', () => {
  const given = [
    { SegmentNumber: '1', SegmentLabel: 'Metastasis 4' },
    { SegmentNumber: '2', SegmentLabel: 'Metastasis 2' },
  ];
  assert.deepEqual(describedSegments(given, [2, 4], new Set([4])), [
    { SegmentNumber: '1', SegmentLabel: 'Metastasis 1' },
    { SegmentNumber: '2', SegmentLabel: 'Metastasis 2' },
    { SegmentNumber: '3', SegmentLabel: 'Metastasis 3' },
    { SegmentNumber: '4', SegmentLabel: 'Metastasis 4', SegmentDescription: 'Coarse outline' },
  ]);
});
