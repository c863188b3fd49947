import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import test from 'node:test';
import { promisify } from 'node:util';
import { type Matrix4, transformPoint, type Volume } from '#core/domain/geometry.ts';
import { defaultPreparationPlan, type PreparationPlan } from '#core/domain/preparation-plan.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import {
  axialGrid,
  dice,
  flair,
  headBrain,
  headVolume,
  rigidMotion,
  sagittalGrid,
  t1,
  t1Post,
} from './analytic-head.fixture.ts';
import { createPreparationPool } from './preparation-pool.ts';
import { preparationSteps } from './preparation-steps.ts';
import { type PreparationProgress, prepareStudy } from './prepare.ts';
import { RegistrationError } from './registration.ts';

const here: Matrix4 = rigidMotion([0, 0, 1], 0, [0, 0, 0]);
const bravoGrid = axialGrid(56, 64, 44, [3.6, 3.4, 4]);
const cubeGrid = sagittalGrid(60, 58, 46, [3.6, 3.6, 4]);
/** Series to head of the moved series; its inverse takes BRAVO to the series. */
const turned = rigidMotion([0.3, 1, -0.5], 7, [0, 0, 0]);
const turnedBack = rigidMotion([0.3, 1, -0.5], -7, [0, 0, 0]);
const plan: PreparationPlan = { ...defaultPreparationPlan, sizePixels: 48 };

const bravo = headVolume(bravoGrid, here, t1Post, 1);
const series: Readonly<Record<Sequence, Volume>> = {
  T1_PRE: headVolume(cubeGrid, turned, t1, 2),
  T1_POST: headVolume(cubeGrid, here, t1Post, 3),
  BRAVO: bravo,
  FLAIR: headVolume(cubeGrid, turned, flair, 4),
};

const progress: PreparationProgress[] = [];
const study = await prepareStudy(series, plan, {
  steps: createPreparationPool(2),
  onProgress: (step) => void progress.push(step),
});

test('prepares a whole study in threads', () => {
  assert.deepEqual(study.warnings, []);
  assert.deepEqual(study.grid.size, [48, 48, 44]);
  assert.deepEqual(study.nativeGrid, bravoGrid);
  assert.deepEqual(
    progress.map(({ done, total }) => [done, total]),
    Array.from({ length: 12 }, (_, n) => [n + 1, 12]),
  );

  assert.deepEqual(
    study.registrations.map(({ sequence }) => sequence),
    ['T1_PRE', 'T1_POST', 'FLAIR'],
  );
  for (const { sequence, matrix, plausible, checkerboard } of study.registrations) {
    assert.ok(plausible, sequence);
    assert.equal(checkerboard.width, 3 * 56);
    const truth = sequence === 'T1_POST' ? here : turnedBack;
    for (const corner of [
      [50, 0, 0],
      [0, -60, 20],
      [-40, 30, -30],
    ] as const) {
      const [a, b] = [transformPoint(matrix, corner), transformPoint(truth, corner)];
      const error = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
      assert.ok(error < 1.7, `${sequence} is off by ${error} mm, more than half a voxel`);
    }
  }

  assert.ok(dice(study.nativeBrainMask, headBrain(bravoGrid, here)) > 0.93);
  assert.ok(dice(study.brainMask, headBrain(study.grid, here)) > 0.93);
  assert.ok(Math.abs(study.brainMaskVolumeMm3 - (4 / 3) * Math.PI * 66 * 80 * 62) < 1.5e5);
  const middle = 22 * 48 * 48;
  for (const [sequence, channel] of Object.entries(study.channels)) {
    assert.ok(channel, sequence);
    let [sum, count] = [0, 0];
    for (let n = 0; n < channel.data.length; n++) {
      if (!study.brainMask.data[n]) assert.equal(channel.data[n], 0);
      else if (n >= middle && n < middle + 48 * 48) [sum, count] = [sum + channel.data[n]!, count + 1];
    }
    assert.ok(Math.abs(sum / count / 255 - 0.5) < 0.005, `${sequence} has the mean ${sum / count / 255}`);
  }
  assert.deepEqual(study.coRegistered.BRAVO?.data, Int16Array.from(bravo.data, Math.round));
  assert.deepEqual(study.coRegistered.FLAIR?.grid, bravoGrid);
});

test('tells what is missing and what is not to be believed', async () => {
  // Nothing that varies: elastix finds no gradient in it.
  const flat: Volume = { grid: cubeGrid, data: new Float32Array(cubeGrid.size.reduce((a, b) => a * b)).fill(7) };
  const strict: PreparationPlan = {
    ...plan,
    registrationGates: { ...plan.registrationGates, minNmi: 1.9 },
    brainMaskVolumeMm3: { min: 1e5, max: 1e6 },
  };
  const given = { BRAVO: bravo, T1_POST: series.T1_POST, FLAIR: flat };
  const found = await prepareStudy(given, strict, { steps: preparationSteps });
  assert.deepEqual(
    found.warnings.map(({ code, sequence }) => [code, sequence]),
    [
      ['SEQUENCE_MISSING', 'T1_PRE'],
      ['REGISTRATION_IMPLAUSIBLE', 'T1_POST'],
      ['REGISTRATION_FAILED', 'FLAIR'],
      ['BRAIN_MASK_FROM_BRAVO', 'BRAVO'],
      ['BRAIN_MASK_VOLUME', 'BRAVO'],
    ],
  );
  assert.deepEqual(
    found.registrations.map(({ plausible }) => plausible),
    [false, false],
  );
  assert.deepEqual(found.registrations[0]?.matrix, study.registrations[1]?.matrix, 'as in a thread');
  assert.equal(found.channels.T1_PRE, null);
  assert.equal(found.coRegistered.T1_PRE, null);
  assert.ok(found.channels.T1_POST);
});

test('without BRAVO or without a brain there is no study', async () => {
  const { BRAVO, ...others } = series;
  await assert.rejects(prepareStudy(others, plan, { steps: preparationSteps }), { code: 'BRAVO_MISSING' });
  const small = headVolume(axialGrid(64, 64, 3, [4, 4, 5]), here, flair, 5);
  await assert.rejects(prepareStudy({ BRAVO, FLAIR: small }, plan, { steps: preparationSteps }), {
    code: 'TOO_SMALL',
    message: /^FLAIR has 3 slices over 15 mm, at least 10 over 60 mm/,
  });
  // Half a metre off and with no transform to bring it back.
  const away: Volume = { ...BRAVO, grid: axialGrid(56, 64, 44, [3.6, 3.4, 4], [0, 0, 500]) };
  const lost = { ...preparationSteps, register: () => Promise.reject(new RegistrationError('elastix stopped')) };
  await assert.rejects(prepareStudy({ BRAVO: away, T1_PRE: series.T1_PRE }, plan, { steps: lost }), {
    code: 'NO_BRAIN',
    message: /outside of BRAVO/,
  });
  const empty = { grid: BRAVO.grid, data: new Float32Array(BRAVO.data.length) };
  await assert.rejects(prepareStudy({ BRAVO: empty }, plan, { steps: preparationSteps }), { code: 'NO_BRAIN' });
});

test('a pool hands on the class of an error, goes on after it, and refuses work once closed', async () => {
  const pool = createPreparationPool(1);
  const tiny = headVolume(axialGrid(3, 3, 2, [1, 1, 1]), here, t1, 6);
  await assert.rejects(pool.register(bravo, tiny, { seed: 1 }), RegistrationError);
  await assert.rejects(pool.brainMask({ grid: tiny.grid, data: new Float32Array(18) }, 0.5), RangeError);
  const left = assert.rejects(pool.brainMask(bravo, 0.5), /ended with code/);
  const unstarted = assert.rejects(pool.brainMask(bravo, 0.5), /was closed/);
  await pool.close();
  await Promise.all([left, unstarted]);
  await assert.rejects(pool.brainMask(bravo, 0.5), /is closed/);
});

test('a process with an idle pool exits by itself', async () => {
  const program = `
    import { createPreparationPool } from ${JSON.stringify(new URL('./preparation-pool.ts', import.meta.url).href)};
    const grid = { size: [2, 2, 2], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
    await createPreparationPool(1).brainMask({ grid, data: new Float32Array(8) }, 0.5).catch(({ name }) => console.log(name));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 20_000,
  });
  assert.equal(stdout, 'RangeError\n');
});
