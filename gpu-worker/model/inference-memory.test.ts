import assert from 'node:assert/strict';
import test from 'node:test';
import { EngineError } from './engine-protocol.ts';
import { activationBytes, inferenceMemory, machineMemory } from './inference-memory.ts';

const full = { width: 1, channels: 28 };
const head = { slices: 160, rows: 256, columns: 256, compute: 'bfloat16' } as const;
const gib = 2 ** 30;

test('what a slice takes: the last inception before the second pool takes most of the full network', () => {
  // 528 channels come in and 256 + 160 + 320 + 32 + 128 + 128 are made, on a quarter of the pixels; twice two bytes each.
  assert.equal(activationBytes(full, 256, 256, 'bfloat16'), 4 * (528 + 1024) * 128 * 128);
  assert.equal(activationBytes(full, 256, 256, 'float32'), 2 * activationBytes(full, 256, 256, 'bfloat16'));
});

test('as many slices go together as the budget holds, at least one and at most sixteen or all', () => {
  const batchOf = (budgetBytes: number, shape: Partial<typeof head> | object = {}, width = 1): number =>
    inferenceMemory({ ...full, width }, { ...head, ...shape }, { budgetBytes, availableBytes: 64 * gib }).batch;
  const one = activationBytes(full, 256, 256, 'bfloat16');
  assert.deepEqual(
    [0, one - 1, 2 * one - 1, 2 * one, 5.5 * one, 100 * one].map((budget) => batchOf(budget)),
    [1, 1, 1, 2, 5, 16],
  );
  assert.equal(batchOf(100 * one, { slices: 7 }), 7);
  assert.equal(batchOf(4 * one, { compute: 'float32' }), 2);
  assert.ok(batchOf(one, { rows: 96, columns: 96 }, 0.25) > 8);
});

test('what does not fit into memory is refused with both figures', () => {
  const refused = (shape: object, availableBytes: number): unknown => {
    try {
      return inferenceMemory(full, { ...head, ...shape }, { ...machineMemory(), availableBytes });
    } catch (error) {
      return error;
    }
  };
  const { neededBytes } = inferenceMemory(full, head, { ...machineMemory(), availableBytes: 64 * gib });
  assert.ok(neededBytes > 0.4 * gib && neededBytes < 2 * gib, String(neededBytes));
  for (const error of [refused({}, neededBytes - 1), refused({ slices: 100_000 }, 16 * gib)]) {
    assert.ok(error instanceof EngineError);
    assert.equal(error.code, 'TOO_LARGE');
    assert.match(
      error.message,
      /slices of 256 x 256 pixels takes [\d.]+ GiB of memory with this network; [\d.]+ GiB are/,
    );
  }
  assert.ok(!(refused({}, neededBytes) instanceof Error));
});
