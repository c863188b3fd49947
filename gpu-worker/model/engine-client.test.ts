import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '#core/domain/random.ts';
import { ensureEngine } from '../native/install.ts';
import type { Architecture } from './architecture.ts';
import { EngineClient } from './engine-client.ts';
import { EngineError } from './engine-protocol.ts';
import { Predictor } from './predictor.ts';
import { Trainer } from './trainer.ts';

const directory = mkdtempSync(join(tmpdir(), 'metloop-engine-client-'));
after(() => rmSync(directory, { recursive: true }));
// Otherwise the first test would see, and wait for, its installation.
before(() => ensureEngine({ log: console.error }));

const architecture: Architecture = { width: 0.1, channels: 7, sizePixels: 32, batch: 2, compute: 'float32' };
const plan = { architecture, seed: 6 };
const random = new SeededRandom(6);
const x = Float32Array.from({ length: 2 * 32 * 32 * 7 }, () => random.normal());
const volume = {
  data: Uint8Array.from({ length: 2 * 32 * 32 }, () => random.int(256)),
  ...{ sequences: 1, slices: 2, rows: 32, columns: 32 },
};
const y = Float32Array.from({ length: 2 * 32 * 32 }, () => (random.next() < 0.1 ? 1 : 0));

const start = (lines: string[] = []): EngineClient => new EngineClient({ directory, log: (line) => lines.push(line) });

async function isAlive(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return false;
    }
    await sleep(50);
  }
  return true;
}

test('in its own process the engine does what it does in this one, and this one stays awake', async () => {
  const lines: string[] = [];
  const engine = start(lines);
  let beats = 0;
  const heart = setInterval(() => beats++, 10);
  const began = performance.now();
  const trainer = await engine.openTrainer(plan);
  const loss = (await trainer.step({ x, y }, 0.01)).loss;
  const checkpoint = await trainer.state('random state');
  const weights = await trainer.weights();
  const trained = await trainer.predict(x);
  const predictor = await engine.openPredictor(weights, 'float32');
  const batch = await predictor.load(volume);
  const probability = await predictor.predict([1]);
  const due = (performance.now() - began) / 10;
  clearInterval(heart);
  assert.ok(beats > due / 5, `${beats} of ${due} heartbeats`);

  const own = await Trainer.open(plan, directory);
  assert.equal(own.step({ x, y }, 0.01).loss, loss);
  assert.deepEqual(own.state('random state'), checkpoint);
  assert.deepEqual(own.weights(), weights);
  assert.deepEqual(own.predict(x), trained);
  const ownPredictor = new Predictor(weights, { compute: 'float32', directory });
  assert.deepEqual(await ownPredictor.load(volume), batch);
  assert.deepEqual(ownPredictor.predict([1]), probability);
  assert.deepEqual(await trainer.restore(checkpoint), { step: 1, randomState: 'random state' });
  own.close();
  ownPredictor.close();
  await trainer.close();
  await predictor.close();
  await engine.stop();
  assert.deepEqual(lines, []);
});

test('a refused request rejects with its reason, and the engine goes on', async () => {
  const engine = start();
  const trainer = await engine.openTrainer(plan);
  await assert.rejects(trainer.step({ x: x.subarray(1), y }), (error) => {
    assert.ok(error instanceof EngineError);
    assert.equal(error.code, 'FAILED');
    assert.match(error.message, /Input train\.x was given 14335 values/);
    return true;
  });
  await assert.rejects(trainer.restore(new Uint8Array(3)), /too few to be safetensors/);
  assert.ok((await trainer.step({ x, y })).loss > 0);
  await trainer.close();
  await assert.rejects(trainer.step({ x, y }), /Trainer 1 is not open/);
  await engine.stop();
});

test('why a request failed is told by a code', async () => {
  const engine = start();
  const trainer = await engine.openTrainer(plan);
  const { network, tensors } = await trainer.weights();
  await trainer.close();
  const head = tensors.get('head/kernel')!;
  // Finite, but infinity less infinity in the end.
  const data = head.data.map((_, n) => (n % 2 === 0 ? 3e38 : -3e38));
  const overflowing = { network, tensors: new Map([...tensors, ['head/kernel', { ...head, data }]]) };
  const predictor = await engine.openPredictor(overflowing, 'float32');
  await predictor.load(volume);
  await assert.rejects(predictor.predict([0, 1]), (error) => {
    assert.ok(error instanceof EngineError);
    assert.equal(error.code, 'NOT_FINITE');
    return true;
  });
  await assert.rejects(predictor.predict([2]), /no slice 2 among 2/);
  await predictor.close();
  await engine.stop();
});

test('if the process is killed, what is pending and what follows rejects with ENGINE_DIED', async () => {
  const engine = start();
  const pending = engine.openTrainer(plan);
  process.kill(engine.pid!, 'SIGKILL');
  const died = (error: unknown): boolean => error instanceof EngineError && error.code === 'ENGINE_DIED';
  await assert.rejects(pending, died);
  await assert.rejects(engine.openTrainer(plan), died);
  await engine.stop();
});

test('an interrupt leaves the engine to its parent; with the parent it dies', async () => {
  const script = `
    import { EngineClient } from ${JSON.stringify(new URL('engine-client.ts', import.meta.url).href)};
    const engine = new EngineClient({ directory: ${JSON.stringify(directory)}, log: console.error });
    await engine.openTrainer(${JSON.stringify(plan)});
    console.log(engine.pid);`;
  const parent: ChildProcess = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(parent.stdout!, 'data')) as [Buffer];
  const pid = Number(chunk.toString());
  process.kill(pid, 'SIGINT');
  process.kill(pid, 'SIGTERM');
  await sleep(200);
  process.kill(pid, 0);
  parent.kill('SIGKILL');
  assert.equal(await isAlive(pid), false);
});
