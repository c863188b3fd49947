import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { deflateRawSync } from 'node:zlib';
import type { Volume } from '#core/domain/geometry.ts';
import { defaultPreparationPlan } from '#core/domain/preparation-plan.ts';
import { preparationPlanHash } from '#core/plan-hash.ts';
import { generatePhantom, type Phantom } from '../../demo/phantom/phantom.ts';
import { phantomUids, savePhantomStudy } from '../../demo/phantom/study.ts';
import { createPreparationPool } from '../../gpu-worker/volume/preparation-pool.ts';
import { prepareStudy } from '../../gpu-worker/volume/prepare.ts';
import { findCases, readCase } from './case-folders.ts';
import { figuresOf, figuresTable, goals } from './figures-table.ts';
import { dice, measureStudy, targetError } from './measure.ts';
import { phantomStudy } from './phantom-studies.ts';

const pool = createPreparationPool(2);
test.after(() => pool.close());

// A size at which a phantom takes seconds; the bench measures twenty, larger.
test('a phantom, moved by up to 10 degrees and 10 mm, meets the goals', async () => {
  const found = await measureStudy(phantomStudy(2, 96), pool);
  assert.equal(found.registrations.length, 3);
  for (const { sequence, meanMm, maxMm, plausible } of found.registrations) {
    assert.ok(plausible, sequence);
    assert.ok(meanMm <= goals.meanErrorMm, `${sequence}: ${meanMm} mm in the mean`);
    assert.ok(maxMm <= goals.maxErrorMm, `${sequence}: ${maxMm} mm at most`);
  }
  assert.ok(found.brainMaskDice >= 0.94, `Dice ${found.brainMaskDice}`);
});

test('the error of a transform is a distance over the mask', () => {
  const grid = { size: [2, 1, 1], indexToLps: [10, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] } as const;
  const mask: Volume<Uint8Array> = { grid, data: Uint8Array.of(1, 1) };
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  // x scaled by 1.1 and 3 mm along y: 3 mm off at x = 0, 3 and 1 mm at x = 10.
  const other = [1.1, 0, 0, 0, 0, 1, 0, 3, 0, 0, 1, 0, 0, 0, 0, 1];
  const { meanMm, maxMm } = targetError(other, identity, mask);
  assert.ok(Math.abs(maxMm - Math.hypot(3, 1)) < 1e-12);
  assert.ok(Math.abs(meanMm - (3 + Math.hypot(3, 1)) / 2) < 1e-12);
  assert.equal(targetError(other, identity, { grid, data: Uint8Array.of(1, 0) }).maxMm, 3);
  assert.equal(dice({ grid, data: Uint8Array.of(1, 0) }, mask), 2 / 3);
});

test('the table says which goals are missed', () => {
  const registrations = [{ sequence: 'FLAIR', meanMm: 0.1, maxMm: 0.7, nmi: 1.2, plausible: true }] as const;
  const study = { name: 'a', registrations, registrationS: 3, brainMaskDice: 0.93, brainMaskS: 2, restS: 1 };
  const missed = (kind: 'phantoms' | 'cases'): string[] =>
    figuresOf([study], kind)
      .filter(({ met }) => !met)
      .map(({ name }) => name);
  assert.deepEqual(missed('cases'), ['registration error, largest in any brain']);
  assert.deepEqual(missed('phantoms').slice(1), ['brain mask, mean Dice', 'brain mask, lowest Dice']);
  assert.match(
    figuresTable('one case', figuresOf([study], 'cases')),
    /largest in any brain +0\.700 mm +≤ 0\.6 mm +missed/,
  );
});

test('a case folder is read as it was written, its brain and transforms included', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-cases-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const phantom = generatePhantom({ seed: 3, size: 48, lesionCount: 1 });
  await assert.rejects(findCases(folder), /no truth\.json/);
  await writeCase(join(folder, 'case_000'), phantom);
  const [found] = await findCases(folder);
  const study = await readCase(found!);
  for (const { sequence, volume } of phantom.series) {
    assert.deepEqual(study.series[sequence]!.data, Float32Array.from(volume.data), sequence);
    assert.deepEqual(study.refToSeries[sequence], phantom.truth.refToSeries[sequence]);
  }
  assert.deepEqual(study.brainMask.data, phantom.truth.brainMask.data);
});

test('the same study and plan give the same channels, byte for byte', async () => {
  const { series } = phantomStudy(4, 48);
  const plan = { ...defaultPreparationPlan, sizePixels: 48 };
  const [first, second] = [
    await prepareStudy(series, plan, { steps: pool }),
    await prepareStudy(series, plan, { steps: pool }),
  ];
  assert.deepEqual(first.channels, second.channels);
  assert.deepEqual(first.brainMask, second.brainMask);
  assert.notEqual(preparationPlanHash(plan), preparationPlanHash({ ...plan, brainMaskFraction: 0.4 }));
});

async function writeCase(folder: string, phantom: Phantom): Promise<void> {
  await mkdir(join(folder, 'dicom'), { recursive: true });
  await savePhantomStudy(phantom, join(folder, 'dicom'));
  const uids = phantomUids(phantom).series;
  const { refToSeries, brainMask } = phantom.truth;
  const rows = (m: readonly number[]): number[][] => [0, 4, 8, 12].map((at) => m.slice(at, at + 4));
  const names = {
    T1_PRE: 't1_cube_pre',
    T1_POST: 't1_cube_post',
    BRAVO: 't1_bravo_post',
    FLAIR: 'flair_cube',
  } as const;
  const series = Object.fromEntries(
    (['T1_PRE', 'T1_POST', 'BRAVO', 'FLAIR'] as const).map((sequence) => [
      names[sequence],
      { seriesInstanceUID: uids[sequence], ref_to_series: rows(refToSeries[sequence]) },
    ]),
  );
  await writeFile(join(folder, 'truth.json'), JSON.stringify({ series }));
  const { size, indexToLps } = brainMask.grid;
  const affine = new Uint8Array(Float64Array.from(indexToLps).buffer);
  const arrays = { brain: npy('|u1', size.toReversed(), brainMask.data), affine: npy('<f8', [4, 4], affine) };
  await writeFile(join(folder, 'truth.npz'), zip(arrays));
}

const npy = (descr: string, shape: readonly number[], data: Uint8Array): Buffer => {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }\n`.padEnd(118);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(header), data]);
};

/** Deflated, as numpy.savez_compressed writes it (PKWARE APPNOTE 4.3). */
function zip(arrays: Readonly<Record<string, Buffer>>): Buffer {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, bytes] of Object.entries(arrays)) {
    const [path, packed] = [Buffer.from(`${name}.npy`), deflateRawSync(bytes)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(path.length, 22);
    files.push(Buffer.from('PK\x03\x04', 'latin1'), common, path, packed);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, entry, path);
    offset += 4 + common.length + path.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(arrays).length, 8);
  end.writeUInt16LE(Object.keys(arrays).length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}
