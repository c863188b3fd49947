import assert from 'node:assert/strict';
import test from 'node:test';
import { keyOf } from './key-name.ts';

test('a pressed key is named as the list has it', () => {
  const press = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  assert.equal(keyOf({ ...press, key: 'B' }), 'b');
  assert.equal(keyOf({ ...press, key: '?', shiftKey: true }), '?');
  assert.equal(keyOf({ ...press, key: 'z', ctrlKey: true }), 'ctrl+z');
  assert.equal(keyOf({ ...press, key: 'Z', metaKey: true, shiftKey: true }), 'ctrl+shift+z');
  assert.equal(keyOf({ ...press, key: 'b', altKey: true }), 'alt+b', 'not ours');
  assert.equal(keyOf({ ...press, key: 'Delete' }), 'delete');
});
