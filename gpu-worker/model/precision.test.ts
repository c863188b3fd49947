import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { choosePrecision, describeChoice, fasterType } from './precision.ts';
import { Trainer } from './trainer.ts';

const directory = mkdtempSync(join(tmpdir(), 'metloop-precision-'));
after(() => rmSync(directory, { recursive: true }));

test('what is measured decides, for training and for serving, and the log line says why', async () => {
  const network = { width: 0.1, channels: 7 };
  const trainer = await Trainer.open(
    { architecture: { ...network, sizePixels: 16, batch: 1, compute: 'float32' }, seed: 1 },
    directory,
  );
  const weights = trainer.weights();
  trainer.close();
  for (const subject of [{ training: network }, { inference: weights }]) {
    const choice = await choosePrecision(subject, directory);
    const { float32, bfloat16 } = choice.msPerSlice!;
    assert.ok(float32 > 0 && bfloat16 > 0 && Number.isFinite(float32 + bfloat16));
    assert.equal(choice.compute, fasterType({ float32, bfloat16 }));
    assert.match(
      describeChoice(choice),
      /^Computing in b?float(32|16), .+ here \(float32 [\d.]+ ms, bfloat16 [\d.]+ ms a slice of 128x128\)\.$/,
    );
  }
});

test('bfloat16 has to be faster by more than chance would have it', () => {
  assert.equal(fasterType({ float32: 35.5, bfloat16: 35.1 }), 'float32');
  assert.equal(fasterType({ float32: 35.5, bfloat16: 32.2 }), 'float32');
  assert.equal(fasterType({ float32: 35.5, bfloat16: 31.5 }), 'bfloat16');
  assert.equal(fasterType({ float32: 650, bfloat16: 133 }), 'bfloat16');
  assert.match(
    describeChoice({ compute: 'float32', msPerSlice: { float32: 35.5, bfloat16: 35.1 } }),
    /^Computing in float32, which bfloat16 does not beat by a tenth here \(float32 35\.5 ms, bfloat16 35\.1 ms/,
  );
});

test('a forced type is not measured', async () => {
  const choice = await choosePrecision({ training: { width: 1, channels: 28 } }, directory, 'bfloat16');
  assert.deepEqual(choice, { compute: 'bfloat16', msPerSlice: undefined });
  assert.equal(describeChoice(choice), 'Computing in bfloat16, as configured.');
});
