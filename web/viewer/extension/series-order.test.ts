import assert from 'node:assert/strict';
import test from 'node:test';
import { type Listed, shownFirst } from './series-order.ts';

test('what is shown comes first in the order of its places, then labels, then the rest as usual', () => {
  const usual = (a: Listed, b: Listed): number => a.SeriesInstanceUID.localeCompare(b.SeriesInstanceUID);
  const order = shownFirst({ BRAVO: '4', T1_PRE: '5002', FLAIR: '5003' }, usual);
  const series: Listed[] = [
    { SeriesInstanceUID: '2', Modality: 'MR' },
    { SeriesInstanceUID: '1', Modality: 'MR' },
    { SeriesInstanceUID: '9', Modality: 'SEG' },
    { SeriesInstanceUID: '8', Modality: 'SEG' },
    { SeriesInstanceUID: '5002', Modality: 'MR' },
    { SeriesInstanceUID: '4', Modality: 'MR' },
    { SeriesInstanceUID: '5003', Modality: 'MR' },
  ];
  assert.deepEqual(
    series.sort(order).map(({ SeriesInstanceUID }) => SeriesInstanceUID),
    ['4', '5003', '5002', '8', '9', '1', '2'],
  );
});

test('a study of which nothing is known stays as OHIF has it', () => {
  const order = shownFirst({}, () => 7);
  assert.equal(order({ SeriesInstanceUID: '1' }, { SeriesInstanceUID: '2' }), 7);
});
