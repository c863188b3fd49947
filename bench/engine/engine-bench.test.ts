import assert from 'node:assert/strict';
import test from 'node:test';
import { run } from '../../bin/commands/bench.ts';
import { checkAgreement, checkLosses } from './agreement.ts';
import { BenchRun } from './bench-run.ts';
import { runEngineBench } from './engine-bench.ts';
import type { Extent } from './extent.ts';
import { type Figure, figureOf, figuresJson, figureTable, isReached } from './figure.ts';
import { interleave, spreadOf } from './interleave.ts';
import { describeMachine, machineText } from './machine.ts';
import { measureLayersInference } from './measure-inference.ts';
import { gigaFlops, measureScaling } from './measure-scaling.ts';
import { measureStudy } from './measure-study.ts';
import { measureLayersTraining } from './measure-training.ts';
import { madeUpStudy, madeUpWeights } from './subject.ts';

const tiny: Extent = {
  width: 0.1,
  inference: { sizePixels: 32, batches: [2], slices: 2, rounds: 1 },
  training: { sizePixels: 32, batch: 2, rounds: 1 },
  study: { sizePixels: 32, slices: 8, runs: 1 },
  scaling: { slices: [4], sizesPixels: [16, 32], widths: [0.1], rounds: 1 },
};

test('what needs no network is measured from end to end, and the layers model agrees with ours', async () => {
  const machine = await describeMachine();
  const lines: string[] = [];
  const figures = await BenchRun.with({ extent: tiny, machine, say: (line) => lines.push(line) }, async (bench) => {
    const found: Figure[] = [];
    const all = [measureLayersInference, measureLayersTraining, measureStudy, measureScaling];
    for (const measure of all) found.push(...(await measure(bench)).figures);
    assert.match(bench.versions.tfjs ?? '', /^4\./);
    return found;
  });
  assert.deepEqual(figures.map(({ figure }) => figure).toSorted(), [
    'inference-layers',
    'scaling-size',
    'scaling-slices',
    'study',
    'study-memory',
    'training-layers',
    'training-layers-memory',
  ]);
  for (const { figure, ours, ratio } of figures) assert.ok(ours > 0 && ratio > 0 && ratio < 1e6, `${figure}: ${ratio}`);
  // The layers model was checked before it was timed, and cannot have been the same to the bit.
  assert.match(lines.find((line) => line.startsWith('layers model')) ?? '', /differs from ours in float32 by [1-9]/);
});

const figure = (parts: Partial<Figure>): Figure =>
  figureOf({ figure: 'a', title: 'A', unit: 's', ours: 3, peer: 4, against: 'B', goal: 0.8, note: '', ...parts });

test('a figure is the ratio to its peer, or ours where it has none', () => {
  assert.equal(figure({}).ratio, 0.75);
  assert.equal(figure({ peer: undefined }).ratio, 3);
  assert.deepEqual(
    [{}, { goal: 0.75 }, { goal: 0.7 }, { goal: undefined }].map((parts) => isReached(figure(parts))),
    [true, true, false, undefined],
  );
  const [row] = JSON.parse(figuresJson([figure({ peer: undefined })], { quick: true })) as Record<string, unknown>[];
  assert.deepEqual(
    [row?.figure, row?.ours, row?.peer, row?.ratio, row?.goal, row?.quick],
    ['a', 3, null, 3, 0.8, true],
  );
  assert.match(figureTable([figure({})]), /\| A +\| 3\.00 s \| 4\.00 \| 0\.75 +\| <= 0\.8 \| reached \| +\| B/);
});

test('contenders take turns in alternating order, and the turns before do not count', async () => {
  const order: string[] = [];
  const contender = (name: string, times: number[]) => {
    let worked = 0;
    return {
      // As if two threads had worked all the time.
      processorMs: async () => 2 * worked,
      run: async () => {
        const ms = times.shift()!;
        order.push(name);
        worked += ms;
        return ms;
      },
    };
  };
  const contenders = [contender('A', [100, 5, 1, 3]), contender('B', [100, 7, 8, 8])];
  const timings = await interleave(contenders, { slices: 1, rounds: 3, warmUps: 1 });
  assert.equal(order.join(''), 'BAABBAAB');
  assert.deepEqual(timings, [
    { median: 3, least: 1, most: 5, processor: 6 },
    { median: 8, least: 7, most: 8, processor: 16 },
  ]);
  assert.equal(spreadOf([4, 1]).median, 2.5);
  assert.throws(() => spreadOf([]), RangeError);
});

test('a contender that computes something else stops the bench', () => {
  const reference = Float32Array.from({ length: 100 }, (_, n) => n / 100);
  const answer = { name: 'B', compute: 'float32' as const, probability: reference.map((p) => p + 5e-4) };
  assert.ok(Math.abs(checkAgreement(answer, reference).mean - 5e-4) < 1e-6);
  const wrong = (n: number, value: number) => reference.map((p, m) => (m === n ? value : p));
  assert.throws(() => checkAgreement({ ...answer, probability: wrong(3, 0.032) }, reference), /B does not compute/);
  assert.throws(
    () => checkAgreement({ ...answer, probability: wrong(3, Number.NaN) }, reference),
    /B does not compute/,
  );
  assert.throws(
    () => checkAgreement({ ...answer, probability: new Float32Array(101) }, reference),
    /101 probabilities/,
  );
  const flat = new Float32Array(100).fill(0.5);
  assert.throws(() => checkAgreement({ ...answer, probability: flat }, flat), /deviate by 0\.000 only/);
  const rough = { ...answer, compute: 'bfloat16' as const, probability: wrong(3, 0.13) };
  assert.ok(checkAgreement(rough, reference).largest > 0.09);
  assert.throws(() => checkAgreement({ ...rough, probability: wrong(3, 0.7) }, reference), /mean difference/);
  checkLosses('B', 'float32', [0.8001, 0.601], [0.8, 0.6]);
  assert.throws(() => checkLosses('B', 'float32', [0.801, 0.6], [0.8, 0.6]), /does not learn as ours does/);
  assert.throws(() => checkLosses('B', 'float32', [0.8, 0.7], [0.8, 0.6]), /does not learn as ours does/);
});

test('the subject is what it is said to be', async () => {
  // The paper's network: 157 GFLOP a slice.
  assert.ok(Math.abs(gigaFlops(madeUpWeights(1), 256) - 157) < 1.5);
  const { brainMask, sequences } = madeUpStudy(64, 40);
  const litres = (brainMask.data.reduce((sum, voxel) => sum + voxel, 0) * 4 ** 3) / 1e6;
  assert.ok(litres > 1.4 && litres < 1.6, String(litres));
  assert.equal(sequences.length, 4);
  assert.ok(sequences[0]!.data.every((value, n) => brainMask.data[n] === 1 || value === 0));
  assert.match(machineText(await describeMachine()), /\d+ cores, \d+ GiB, .*load when it began/);
});

test('the command names what it does not know', async (t) => {
  const printed: string[] = [];
  t.mock.method(process.stdout, 'write', (text: string) => printed.push(text) > 0);
  assert.deepEqual([await run([]), await run(['toString']), await runEngineBench(['--only', 'speed'])], [0, 2, 2]);
  assert.deepEqual([await runEngineBench(['--fast']), await runEngineBench(['--rounds', '0'])], [2, 2]);
  t.mock.restoreAll();
  assert.match(printed.join(''), /no bench "toString".*no figure "speed".*Unknown option '--fast'.*--rounds is "0"/s);
});
