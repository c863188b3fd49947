import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { seal, unseal } from './seal.ts';

const key = randomBytes(32);
const value = { accessToken: 'a.b.c', at: 1 };

test('what was sealed comes back, and looks different each time', () => {
  const texts = [seal(key, 'session', value), seal(key, 'session', value)];
  for (const text of texts) assert.deepEqual(unseal(key, 'session', text), value);
  assert.notEqual(texts[0], texts[1]);
  assert.match(texts[0]!, /^[\w-]+$/);
});

test('another key, another purpose, or any changed or missing byte opens nothing', () => {
  const text = seal(key, 'session', value);
  assert.equal(unseal(randomBytes(32), 'session', text), undefined);
  assert.equal(unseal(key, 'sign-in', text), undefined);
  const bytes = Buffer.from(text, 'base64url');
  for (let n = 0; n < bytes.length; n++) {
    const changed = Buffer.from(bytes);
    changed[n]! ^= 1;
    assert.equal(unseal(key, 'session', changed.toString('base64url')), undefined, `byte ${n}`);
    assert.equal(unseal(key, 'session', bytes.subarray(0, n).toString('base64url')), undefined, `${n} bytes`);
  }
});
