import assert from 'node:assert/strict';
import test from 'node:test';
import { SideBySide } from './side-by-side.ts';

/** Work that ends when it is told. */
function pending<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return { work: () => promise, resolve, reject };
}
const isPending = async (promise: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([promise.then(() => 'done'), new Promise((resolve) => setTimeout(resolve, 5, 'pending'))])) ===
  'pending';

test('no more pieces run than may, and answers come in the order of the beginnings', async () => {
  const line = new SideBySide<string>(2);
  const [a, b, c] = [pending<string>(), pending<string>(), pending<string>()];
  await line.begin(a.work);
  const second = line.begin(b.work);
  assert.ok(await isPending(second), 'two run: a third has to wait');
  b.resolve('b');
  await second;
  const third = line.begin(c.work);
  c.resolve('c');
  await third;
  a.resolve('a');
  assert.deepEqual(await line.answers(), ['a', 'b', 'c']);
});

test('a heavy piece is waited for until what runs is light enough', async () => {
  const line = new SideBySide<string>(4);
  const [a, b] = [pending<string>(), pending<string>()];
  await line.begin(a.work, 3);
  const second = line.begin(b.work, 9);
  a.resolve('a');
  assert.ok(await isPending(second), 'the heavy one alone is too much');
  b.resolve('b');
  await second;
  assert.deepEqual(await line.answers(), ['a', 'b']);
});

test('a failure ends the line once what runs is done', async () => {
  const line = new SideBySide<string>(2);
  const [a, b] = [pending<string>(), pending<string>()];
  await line.begin(a.work);
  const second = line.begin(b.work);
  b.reject(new Error('no'));
  await assert.rejects(second, /no/);
  const settled = line.settled();
  assert.ok(await isPending(settled), 'the other piece still runs');
  a.resolve('a');
  await settled;
  await assert.rejects(line.answers(), /no/);
});
