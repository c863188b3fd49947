import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readMrInstance } from '#core/dicom/read.ts';
import { type Matrix4, sameGrid, type Volume } from '#core/domain/geometry.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { assembleSeries, type SliceImage } from '#core/volume/assemble.ts';
import type { BenchStudy } from './bench-study.ts';
import { readNpz } from './npz.ts';

interface SeriesTruth {
  readonly seriesInstanceUID: string;
  readonly ref_to_series: readonly (readonly number[])[];
}

const names: Readonly<Record<Sequence, string>> = {
  T1_PRE: 't1_cube_pre',
  T1_POST: 't1_cube_post',
  BRAVO: 't1_bravo_post',
  FLAIR: 'flair_cube',
};

/** The cases in a folder: the folder itself, or those of its subfolders that hold a truth.json. @throws RangeError if there is none */
export async function findCases(folder: string): Promise<string[]> {
  const isCase = (path: string): boolean => existsSync(join(path, 'truth.json'));
  const inside = (await readdir(folder)).toSorted().map((name) => join(folder, name));
  const cases = [folder, ...inside].filter(isCase);
  if (cases.length === 0) throw new RangeError(`there is no truth.json in ${folder} nor in a folder of it`);
  return cases;
}

/**
 * A study with its truth: `dicom/` (files of any order and name), `truth.json` (`series.<name>.seriesInstanceUID`, and
 * `ref_to_series`, 4x4, LPS mm) and `truth.npz` (`brain` on BRAVO's grid, [k, j, i], and that grid's `affine`).
 * @throws RangeError if the parts do not fit each other
 */
export async function readCase(folder: string): Promise<BenchStudy> {
  const truth = JSON.parse(await readFile(join(folder, 'truth.json'), 'utf8')) as {
    readonly series: Readonly<Record<string, SeriesTruth | undefined>>;
  };
  const slices = await readSlices(join(folder, 'dicom'));
  const series: Partial<Record<Sequence, Volume>> = {};
  const refToSeries: Partial<Record<Sequence, Matrix4>> = {};
  for (const [sequence, name] of Object.entries(names) as [Sequence, string][]) {
    const known = truth.series[name];
    if (!known) continue;
    series[sequence] = assembleSeries(slices.get(known.seriesInstanceUID) ?? []);
    refToSeries[sequence] = known.ref_to_series.flat();
  }
  if (!series.BRAVO) throw new RangeError(`${folder} has no ${names.BRAVO}`);
  const brainMask = await readBrain(join(folder, 'truth.npz'), series.BRAVO);
  return { name: `${basename(dirname(folder))}/${basename(folder)}`, series, refToSeries, brainMask };
}

async function readSlices(folder: string): Promise<ReadonlyMap<string, SliceImage[]>> {
  const bySeries = new Map<string, SliceImage[]>();
  for (const file of await readdir(folder)) {
    const instance = readMrInstance(await readFile(join(folder, file)));
    const { seriesInstanceUid, sopInstanceUid, rows, columns } = instance;
    const slices = bySeries.get(seriesInstanceUid) ?? [];
    bySeries.set(seriesInstanceUid, slices);
    for (const { rescale, ...frame } of instance.frames)
      slices.push({
        ...{ ...frame, sopInstanceUid, rows, columns },
        ...{ rescaleSlope: rescale.slope, rescaleIntercept: rescale.intercept },
      });
  }
  return bySeries;
}

async function readBrain(file: string, { grid }: Volume): Promise<Volume<Uint8Array>> {
  const arrays = readNpz(await readFile(file));
  const [brain, affine] = [arrays.get('brain'), arrays.get('affine')];
  if (!brain || !affine) throw new RangeError(`${file} has no arrays brain and affine`);
  const [slices = 0, rows = 0, columns = 0] = brain.shape;
  if (!sameGrid(grid, { size: [columns, rows, slices], indexToLps: Array.from(affine.values) }, 0.1))
    throw new RangeError(`${file} is on another grid than the BRAVO series`);
  return { grid, data: Uint8Array.from(brain.values, (value) => (value > 0 ? 1 : 0)) };
}
