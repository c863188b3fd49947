import assert from 'node:assert/strict';
import test from 'node:test';
import { longestAnswer, parseQido } from './qido-query.ts';

const plain = { limit: longestAnswer, offset: 0, unknown: [] };

test('conditions are taken by keyword and by tag, in lists of either sort', () => {
  assert.deepEqual(parseQido({ StudyInstanceUID: '1.2,3.4' }), { ...plain, studyInstanceUids: ['1.2', '3.4'] });
  assert.deepEqual(parseQido({ '0020000D': '1.2\\3.4' }), { ...plain, studyInstanceUids: ['1.2', '3.4'] });
  assert.deepEqual(parseQido({ '00100020': 'P-*' }), { ...plain, patientIds: ['P-*'] });
  assert.deepEqual(parseQido({ Modality: ['MR', 'SEG'] }), { ...plain, modalities: ['MR', 'SEG'] });
  assert.deepEqual(parseQido({ PatientID: '*', SeriesInstanceUID: '' }), plain);
});

test('dates are days and ranges', () => {
  const dates = (StudyDate: string) => parseQido({ StudyDate }).studyDates;
  assert.deepEqual(dates('20240101'), { from: '20240101', to: '20240101' });
  assert.deepEqual(dates('20240101-20240201'), { from: '20240101', to: '20240201' });
  assert.deepEqual(dates('20240101-'), { from: '20240101' });
  assert.deepEqual(dates('-20240201'), { to: '20240201' });
  assert.throws(() => dates('yesterday'), RangeError);
});

test('what is not known is told, and an answer has an end', () => {
  const query = parseQido({
    includefield: 'all',
    fuzzymatching: 'true',
    AccessionNumber: 'x',
    limit: '9999',
    offset: '7',
  });
  assert.deepEqual(query, { limit: longestAnswer, offset: 7, unknown: ['AccessionNumber'] });
  for (const limit of ['-1', '1.5', 'many']) assert.throws(() => parseQido({ limit }), RangeError);
});
