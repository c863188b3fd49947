import assert from 'node:assert/strict';
import test from 'node:test';
import { judge } from './stow-verdict.ts';

const uids = ['1.2.1', '1.2.2'];
const reference = (uid: string, more: object = {}) => ({ '00081155': { vr: 'UI', Value: [uid] }, ...more });
const because = (reason: number, comment?: string) => ({
  '00081197': { vr: 'US', Value: [reason] },
  ...(comment === undefined ? {} : { '00000902': { vr: 'LO', Value: [comment] } }),
});
const answer = (status: number, stored: readonly object[], failed: readonly object[] = []) => ({
  status,
  retryAfterSeconds: undefined,
  body: Buffer.from(
    JSON.stringify({ '00081199': { vr: 'SQ', Value: stored }, '00081198': { vr: 'SQ', Value: failed } }),
  ),
});
const text = (status: number, body: string | undefined) => ({
  status,
  retryAfterSeconds: undefined,
  body: body === undefined ? undefined : Buffer.from(body),
});
const first = { sopInstanceUids: uids, before: false };
const again = { sopInstanceUids: uids, before: true };
const outcomes = (statuses: readonly number[]) => statuses.map((status) => judge(text(status, ''), first).outcome);

test('200 is delivered in whatever form it is answered, unless it names what failed', () => {
  for (const body of ['', '<NativeDicomModel/>', '[]', 'null', '{"00081199":7}'])
    assert.equal(judge(text(200, body), first).outcome, 'DELIVERED', body);
  assert.equal(
    judge(
      answer(
        200,
        uids.map((uid) => reference(uid)),
      ),
      first,
    ).outcome,
    'DELIVERED',
  );
  const some = judge(answer(200, [reference('1.2.1')], [reference('1.2.2', because(0x0122))]), first);
  assert.deepEqual([some.outcome, some.failures.map(({ reason }) => reason)], ['FAILED', [0x0122]]);
});

test('202 and 409 tell which instances failed and why', () => {
  const { outcome, message, failures } = judge(
    answer(202, [reference('1.2.1')], [reference('1.2.2', because(0xa700, 'disk\u001b[31m full'))]),
    first,
  );
  assert.equal(outcome, 'FAILED');
  assert.equal(message, 'The receiver answered 202 and did not take 1 of 2.');
  assert.deepEqual(failures, [
    {
      sopInstanceUid: '1.2.2',
      reason: 0xa700,
      message: 'The receiver refused it: it is out of resources ("disk [31m full").',
    },
  ]);
  const unsaid = judge(text(409, 'no'), first);
  assert.deepEqual([unsaid.outcome, unsaid.failures.map(({ reason }) => reason)], ['FAILED', [null, null]]);
  const warned = judge(
    answer(
      202,
      uids.map((uid) => reference(uid)),
    ),
    first,
  );
  assert.equal(warned.outcome, 'DELIVERED', 'all stored, some with a warning');
  const strange = judge(
    answer(
      409,
      [],
      uids.map((uid) => reference(uid, because(0x1234))),
    ),
    first,
  );
  assert.match(strange.failures[0]!.message, /1234H/);
});

test('a duplicate is there if it was sent before, and another one in the way otherwise', () => {
  const both = answer(
    409,
    [],
    uids.map((uid) => reference(uid, because(0x0111))),
  );
  assert.equal(judge(both, again).outcome, 'DELIVERED');
  assert.deepEqual([judge(both, first).outcome, judge(both, first).failures.length], ['FAILED', 2]);
});

test('what a later try may mend is tried again, and nothing else', () => {
  assert.ok(outcomes([408, 429, 500, 502, 503, 504]).every((outcome) => outcome === 'RETRY'));
  assert.ok(outcomes([204, 301, 302, 307, 308, 400, 401, 403, 404, 405, 413, 415]).every((one) => one === 'FAILED'));
});

test('an answer that is too long says nothing, whatever its status', () => {
  assert.equal(judge(text(200, undefined), first).outcome, 'FAILED');
  assert.equal(judge(text(503, undefined), first).outcome, 'RETRY');
});
