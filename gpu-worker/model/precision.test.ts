import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { choosePrecision, describeChoice } from './precision.ts';

const directory = mkdtempSync(join(tmpdir(), 'metloop-precision-'));
after(() => rmSync(directory, { recursive: true }));

test('the faster type is chosen, and the log line says why', async () => {
  const choice = await choosePrecision({ training: { width: 0.1, channels: 7 } }, directory);
  const { float32, bfloat16 } = choice.msPerSlice!;
  assert.ok(float32 > 0 && bfloat16 > 0);
  assert.equal(choice.compute, bfloat16 < float32 ? 'bfloat16' : 'float32');
  assert.match(
    describeChoice(choice),
    /^Computing in b?float(32|16), the faster here \(float32 [\d.]+ ms, bfloat16 [\d.]+ ms a slice/,
  );
});

test('a forced type is not measured', async () => {
  const choice = await choosePrecision({ training: { width: 1, channels: 28 } }, directory, 'bfloat16');
  assert.deepEqual(choice, { compute: 'bfloat16', msPerSlice: undefined });
  assert.equal(describeChoice(choice), 'Computing in bfloat16, as configured.');
});
