import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { Grid } from '#core/domain/geometry.ts';
import { newId, type TenantId } from '#core/domain/ids.ts';
import { paperPlan } from '#core/domain/plan.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { sequences } from '#core/domain/sequence.ts';
import { type FailureCode, JobFailure } from '#core/jobs/contract.ts';
import { openLog } from '#core/log.ts';
import { putContent } from '#core/storage/content.ts';
import { openFileStore } from '#core/storage/file-store.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { ObjectStore } from '#core/storage/object-store.ts';
import { encodeVolumeFile } from '#core/volume-file.ts';
import { EngineError } from '../model/engine-protocol.ts';
import { networkParameters } from '../model/parameters.ts';
import { encodeWeights, type Weights } from '../model/weights.ts';
import { openServing, withEngine } from './engine-session.ts';
import { predictOn } from './judge-cases.ts';
import { loadWeights } from './load-weights.ts';
import { encodePrepared, loadPrepared } from './prepared-file.ts';

const grid: Grid = { size: [48, 48, 5], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
const voxels = 48 * 48 * 5;
const random = new SeededRandom(9);
const channel = { grid, data: Uint8Array.from({ length: voxels }, () => random.int(256)) };
const channels = { T1_PRE: channel, T1_POST: channel, BRAVO: channel, FLAIR: channel };
const brainMask = { grid, data: new Uint8Array(voxels).fill(1) };
const input = { sequences: sequences.map(() => channel), brainMask, plan: { ...paperPlan, sizePixels: 48 } };
const log = openLog('test', 'silent');

let folder: string;
let stored: { readonly objects: ObjectStore; readonly tenantId: TenantId };
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metloop-damaged-'));
  stored = { objects: await openFileStore(folder), tenantId: newId<TenantId>() };
});
after(() => rm(folder, { recursive: true, force: true }));

const put = async (bytes: Uint8Array): Promise<string> =>
  (await putContent(stored.objects, stored.tenantId, bytes)).sha256;

/** Changes what is stored behind the store's back. */
async function overwrite(sha256: string, bytes: Uint8Array): Promise<void> {
  const path = join(folder, 'objects', objectKey(stored.tenantId, sha256));
  await chmod(path, 0o600);
  await writeFile(path, bytes);
}

const failsAs = (code: FailureCode, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof JobFailure, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, message);
  return true;
};

/** A narrow network whose values at `at` are `value`. */
function weightsWith(at: string, value: (n: number) => number): Weights {
  const network = { width: 0.125, channels: 28 };
  const tensors = networkParameters(network).map(({ name, shape }) => {
    // Large enough to overflow in the head.
    const usual = name.endsWith('/offset') ? 100 : 0.01;
    const data = new Float32Array(shape.reduce((all, size) => all * size, 1)).fill(usual);
    return [name, { shape, data: name === at ? data.map((_, n) => value(n)) : data }] as const;
  });
  return { network, tensors: new Map(tensors) };
}

test('weights that were damaged in the store, or stored damaged, are refused', async () => {
  const healthy = encodeWeights(weightsWith('', Number));
  const sha256 = await put(healthy);
  assert.equal((await loadWeights(stored, sha256)).network.width, 0.125);
  await overwrite(sha256, encodeWeights(weightsWith('head/kernel', () => 0.02)));
  await assert.rejects(
    loadWeights(stored, sha256),
    failsAs('HASH_MISMATCH', /weights file does not have its recorded hash/),
  );
  const noNumber = await put(encodeWeights(weightsWith('5a/3x3/kernel', (n) => (n === 7 ? Number.NaN : 0))));
  await assert.rejects(loadWeights(stored, noNumber), failsAs('BAD_INPUT', /5a\/3x3\/kernel is NaN at element 7/));
  const cut = await put(healthy.subarray(0, 5000));
  await assert.rejects(loadWeights(stored, cut), failsAs('BAD_INPUT', /The weights cannot be used\. .*cut short/));
});

test('a prepared study is bytes, which cannot hold what is not a number; another file is refused', async () => {
  const prepared = { grid, planHash: 'a'.repeat(64), channels, brainMask };
  assert.deepEqual(await loadPrepared(stored, await put(encodePrepared(prepared))), prepared);
  const arrays = { BRAVO: new Float32Array(voxels).fill(Number.NaN), brainMask: brainMask.data };
  const noNumbers = await put(encodeVolumeFile({ grid, arrays, notes: { preparationPlanHash: prepared.planHash } }));
  await assert.rejects(
    loadPrepared(stored, noNumbers),
    failsAs('BAD_INPUT', /BRAVO is not in bytes\); prepare it again/),
  );
  const noBrain = await put(encodeVolumeFile({ grid, arrays: { BRAVO: channel.data } }));
  await assert.rejects(loadPrepared(stored, noBrain), failsAs('BAD_INPUT', /it has no brain mask/));
  const noFile = await put(new Uint8Array(100));
  await assert.rejects(loadPrepared(stored, noFile), failsAs('BAD_INPUT', /cannot be read/));
});

test('an empty brain mask, a network that answers with no number and one that is too large end the job with the reason', async () => {
  const overflowing = weightsWith('head/kernel', () => 3e38);
  const run = (brain: typeof brainMask): Promise<unknown> =>
    withEngine({ log }, async (engine) => {
      const { predictor } = await openServing({ log }, engine, overflowing, 'F32');
      return predictOn(grid, { ...input, brainMask: brain }, predictor, async () => {});
    });
  const none = { grid, data: new Uint8Array(voxels) };
  await assert.rejects(run(none), failsAs('EMPTY_BRAIN_MASK', /empty brain mask/));
  await assert.rejects(run(brainMask), failsAs('BAD_INPUT', /not a finite number/));
  const large = withEngine({ log }, () => Promise.reject(new EngineError('TOO_LARGE', 'It takes 3 GiB; 2 are free.')));
  await assert.rejects(large, failsAs('OUT_OF_MEMORY', /^It takes 3 GiB; 2 are free\.$/));
});
