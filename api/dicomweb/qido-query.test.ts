import assert from 'node:assert/strict';
import test from 'node:test';
import { longestAnswer, type Parameters, parseQido, usualAnswer } from './qido-query.ts';

const conditions = (parameters: Parameters) => parseQido(parameters, 'INSTANCE').conditions;

test('conditions are taken by keyword and by tag, in lists of either sort', () => {
  const studies = { '0020000D': { of: 'LIST', values: ['1.2', '3.4'] } };
  assert.deepEqual(conditions({ StudyInstanceUID: '1.2,3.4' }), studies);
  assert.deepEqual(conditions({ '0020000d': '1.2\\3.4' }), studies);
  assert.deepEqual(conditions({ StudyInstanceUID: ['1.2', '3.4'] }), studies);
  assert.deepEqual(conditions({ '00100020': 'P-*' }), { '00100020': { of: 'TEXT', values: ['P-*'] } });
  assert.deepEqual(conditions({ StudyDescription: 'HEAD, CONTRAST' }), {
    '00081030': { of: 'TEXT', values: ['HEAD, CONTRAST'] },
  });
  assert.deepEqual(conditions({ InstanceNumber: '007' }), { '00200013': { of: 'LIST', values: ['7'] } });
  assert.deepEqual(conditions({ PatientID: '*', SeriesInstanceUID: '', AccessionNumber: '**' }), {});
});

test('what is empty everywhere matches nothing, rather than everything', () => {
  assert.deepEqual(conditions({ AccessionNumber: '4711' }), { '00080050': { of: 'EMPTY' } });
  assert.deepEqual(conditions({ 'RequestAttributesSequence.ScheduledProcedureStepID': 'x' }), {
    '00400275': { of: 'EMPTY' },
  });
});

test('dates are days and ranges, of the calendar', () => {
  const dates = (StudyDate: string) => conditions({ StudyDate })['00080020'];
  assert.deepEqual(dates('20240101'), { of: 'DATE', from: '20240101', to: '20240101' });
  assert.deepEqual(dates('20240101-20240201'), { of: 'DATE', from: '20240101', to: '20240201' });
  assert.deepEqual(dates('20240229-'), { of: 'DATE', from: '20240229' });
  assert.deepEqual(dates('-20240201'), { of: 'DATE', to: '20240201' });
  for (const text of ['yesterday', '-', '20230229', '00000101', '2024']) assert.throws(() => dates(text), RangeError);
});

test('what is not known is told, and an answer has an end', () => {
  const { limit, offset, unknown, include } = parseQido(
    {
      includefield: 'all',
      fuzzymatching: 'true',
      Manufacturer: 'x',
      SeriesInstanceUID: '1',
      limit: '9999',
      offset: '7',
    },
    'STUDY',
  );
  assert.deepEqual([limit, offset, include], [longestAnswer, 7, 'all']);
  assert.deepEqual(unknown, ['fuzzymatching', 'Manufacturer', 'SeriesInstanceUID']);
  assert.equal(parseQido({ fuzzymatching: 'false' }, 'STUDY').unknown.length, 0);
  assert.equal(parseQido({}, 'STUDY').limit, usualAnswer);
  const some = parseQido({ includefield: ['StudyDescription,00081030', 'nonsense'] }, 'STUDY');
  assert.deepEqual([[...some.include], some.unknown], [['00081030'], ['includefield=nonsense']]);
  for (const wrong of ['-1', '1.5', 'many', '99999999999'])
    assert.throws(() => parseQido({ limit: wrong }, 'STUDY'), RangeError);
  assert.throws(() => parseQido({ SeriesNumber: 'one' }, 'SERIES'), RangeError);
});
