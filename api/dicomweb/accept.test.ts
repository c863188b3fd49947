import assert from 'node:assert/strict';
import test from 'node:test';
import { chooseOffer, NotAcceptable, type Offer } from './accept.ts';
import { spanOf } from './byte-range.ts';

const [explicit, rle] = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.5'];
const dicom = 'application/dicom';
const offers: (Offer & { name: string })[] = [
  { name: 'native', type: dicom, multipart: true, transferSyntaxUid: explicit },
  { name: 'stored', type: dicom, multipart: true, transferSyntaxUid: rle, stored: true },
  { name: 'single', type: dicom, multipart: false, transferSyntaxUid: explicit },
  { name: 'picture', type: 'image/png', multipart: false },
];
const chosen = (accept: string | undefined): string => {
  try {
    return chooseOffer(accept, offers).name;
  } catch (error) {
    assert.ok(error instanceof NotAcceptable);
    return '406';
  }
};

test('the form, the type and the transfer syntax that are asked for decide', () => {
  const related = (parameters: string): string => `multipart/related; ${parameters}`;
  const cases: [accept: string | undefined, name: string][] = [
    [undefined, 'native'],
    ['', 'native'],
    ['*/*', 'native'],
    ['multipart/*', 'native'],
    ['multipart/related', 'native'],
    [related('type="application/dicom"'), 'native'],
    [related('type=application/dicom;transfer-syntax=*'), 'stored'],
    [related(`type="application/dicom"; transfer-syntax=${rle}`), 'stored'],
    [related('type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.90'), '406'],
    ['Application/DICOM', 'single'],
    ['application/*', 'single'],
    ['image/*', 'picture'],
    ['image/jpeg', '406'],
    ['nonsense', '406'],
  ];
  for (const [accept, name] of cases) assert.equal(chosen(accept), name, String(accept));
});

test('quality values order what is acceptable, the more specific range first', () => {
  assert.equal(chosen('image/png;q=0.4, application/dicom;q=0.6'), 'single');
  assert.equal(chosen('*/*;q=0.1, image/png'), 'picture');
  assert.equal(chosen('image/*, image/png;q=0'), '406');
  assert.equal(chosen(`multipart/related; type="application/dicom"; q=0.2, image/png;q=0.1`), 'native');
});

test('a range is what lies within the bytes there are', () => {
  assert.deepEqual(spanOf('bytes=2-4', 10), { first: 2, last: 4 });
  assert.deepEqual(spanOf('bytes=8-', 10), { first: 8, last: 9 });
  assert.deepEqual(spanOf('bytes=-3', 10), { first: 7, last: 9 });
  assert.deepEqual(spanOf('bytes=-30', 10), { first: 0, last: 9 });
  for (const beyond of ['bytes=10-', 'bytes=-0', `bytes=${'9'.repeat(400)}-`])
    assert.equal(spanOf(beyond, 10), 'UNSATISFIABLE');
  for (const whole of [undefined, 'bytes=4-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])
    assert.equal(spanOf(whole, 10), undefined);
});
