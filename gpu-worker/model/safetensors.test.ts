import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { decodeSafetensors, encodeSafetensors, type NamedArray } from './safetensors.ts';

interface Golden {
  readonly bytes: string;
  readonly tensors: Readonly<Record<string, { shape: number[]; float32: string }>>;
  readonly metadata: Record<string, string>;
}

const golden = JSON.parse(readFileSync(new URL('safetensors.oracle.json', import.meta.url), 'utf8')) as Golden;
const goldenBytes = new Uint8Array(Buffer.from(golden.bytes, 'base64'));

const sample = new Map<string, NamedArray>([
  ['b/kernel', { shape: [1, 2, 3], data: Float32Array.of(1, -2, 3.5, Number.NaN, 1e-40, -0) }],
  ['a', { shape: [], data: Float32Array.of(7) }],
  ['empty', { shape: [0, 4], data: new Float32Array() }],
]);

const bits = (data: Float32Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

test('a file that the safetensors package wrote is read to the bit', () => {
  const { tensors, metadata } = decodeSafetensors(goldenBytes);
  assert.deepEqual(metadata, golden.metadata);
  assert.deepEqual([...tensors.keys()].sort(), Object.keys(golden.tensors).sort());
  for (const [name, { shape, float32 }] of Object.entries(golden.tensors)) {
    assert.deepEqual(tensors.get(name)?.shape, shape);
    assert.equal(bits(tensors.get(name)!.data).toString('base64'), float32);
  }
});

test('what is written is read to the bit, whatever the order and wherever the bytes lie', () => {
  const bytes = encodeSafetensors(sample, { step: '12' });
  assert.deepEqual(encodeSafetensors(new Map([...sample].reverse()), { step: '12' }), bytes);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const { tensors, metadata } = decodeSafetensors(shifted.subarray(3));
  assert.deepEqual(metadata, { step: '12' });
  assert.equal(tensors.size, sample.size);
  for (const [name, { shape, data }] of sample) {
    assert.deepEqual(tensors.get(name)?.shape, shape);
    assert.deepEqual(bits(tensors.get(name)!.data), bits(data));
  }
});

test('bytes that are no such file are refused with the reason', () => {
  const bytes = encodeSafetensors(sample);
  const headerOf = (header: object, dataBytes = 0): Uint8Array => {
    const json = Buffer.from(JSON.stringify(header));
    const file = Buffer.alloc(8 + json.length + dataBytes);
    file.writeBigUInt64LE(BigInt(json.length));
    json.copy(file, 8);
    return file;
  };
  assert.throws(() => decodeSafetensors(new Uint8Array(7)), /7 bytes are too few/);
  assert.throws(() => decodeSafetensors(bytes.subarray(0, 20)), /cut short/);
  assert.throws(() => decodeSafetensors(bytes.subarray(0, -4)), /does not fit its bytes/);
  assert.throws(() => decodeSafetensors(new Uint8Array(64).fill(255)), /not safetensors/);
  const tensor = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  assert.throws(() => decodeSafetensors(headerOf({ w: { ...tensor, dtype: 'F16' } }, 4)), /has type F16/);
  assert.throws(() => decodeSafetensors(headerOf({ w: { ...tensor, shape: [2] } }, 4)), /does not fit its bytes/);
  assert.throws(() => decodeSafetensors(headerOf({ w: tensor }, 8)), /data has 8 bytes, its tensors take 4/);
  assert.throws(() => decodeSafetensors(headerOf({ v: tensor, w: tensor }, 8)), /gap or an overlap at byte 4/);
  assert.throws(() => decodeSafetensors(headerOf([])), /not a JSON object/);
});
