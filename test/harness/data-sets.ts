import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import type { Grid, LabelVolume, Matrix4, Volume, VoxelArray } from '#core/domain/geometry.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { writeNifti } from '#core/nifti/write.ts';
import { generatePhantom, type Phantom } from '../../demo/phantom/phantom.ts';

/** A made-up patient as small as a preparation takes. */
export const phantomOf = (seed: number, lesionCount = 3): Phantom => generatePhantom({ seed, size: 48, lesionCount });

export const seriesOf = ({ series }: Phantom, sequence: Sequence): Volume<Int16Array> =>
  series.find((one) => one.sequence === sequence)!.volume;

const nifti = (path: string, volume: Volume<VoxelArray>): Promise<void> =>
  writeFile(path, writeNifti(volume, { version: 1, gzip: path.endsWith('.gz') }));

/** As BrainMetShare's third release: `<folder>/train/<name>/…`, each sequence on its own grid. @returns the case's folder */
export async function writeBrainMetShare(folder: string, name: string, phantom: Phantom): Promise<string> {
  const path = join(folder, 'train', name);
  await mkdir(path, { recursive: true });
  const files = { bravo: 'BRAVO', t1_pre: 'T1_PRE', t1_gd: 'T1_POST', flair: 'FLAIR' } as const;
  for (const [file, sequence] of Object.entries(files))
    await nifti(join(path, `${file}.nii.gz`), seriesOf(phantom, sequence));
  const { grid, data } = phantom.truth.labels;
  await nifti(join(path, 'seg.nii.gz'), { grid, data: Uint8Array.from(data, (value) => (value > 0 ? 1 : 0)) });
  return path;
}

/** As BrainMetShare's first releases: pictures, all sequences on the grid of BRAVO, the label 0 and 255. @returns the case's folder */
export async function writePictures(folder: string, name: string, phantom: Phantom): Promise<string> {
  const path = join(folder, 'mets_stanford_release_train', name);
  const bravo = seriesOf(phantom, 'BRAVO');
  const brightest = bravo.data.reduce((a, b) => Math.max(a, b), 1);
  const scaled = bravo.data.map((value) => Math.round((255 * Math.max(0, value)) / brightest));
  // Not the same picture four times: another brightness each.
  for (const [n, of] of ['0', '1', '2', '3'].entries())
    await pictures(
      join(path, of),
      bravo.grid,
      Uint8Array.from(scaled, (value) => value * (1 - n / 8)),
    );
  await pictures(
    join(path, 'seg'),
    bravo.grid,
    Uint8Array.from(phantom.truth.labels.data, (value) => (value > 0 ? 255 : 0)),
  );
  return path;
}

async function pictures(folder: string, { size: [width, height, slices] }: Grid, data: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let k = 0; k < slices; k++) {
    const slice = data.subarray(k * width * height, (k + 1) * width * height);
    // Names without leading zeros: 10 comes after 9.
    await writeFile(join(folder, `${k + 1}.png`), encode({ width, height, data: slice, channels: 1, depth: 8 }));
  }
}

/** As BraTS-METS: all sequences on one grid, whose axes are left-handed; core 1, oedema 2 around it, enhancing 3. */
export async function writeBrats(folder: string, name: string, phantom: Phantom): Promise<LabelVolume> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  const bravo = mirrored(seriesOf(phantom, 'BRAVO'));
  // Not whole numbers: values are scaled on the way.
  for (const [n, of] of ['t1c', 't1n', 't2f', 't2w'].entries())
    await nifti(join(path, `${name}-${of}.nii.gz`), {
      ...bravo,
      data: Float32Array.from(bravo.data, (v) => v / (n + 3)),
    });
  const truth = mirrored(phantom.truth.labels);
  const [columns] = truth.grid.size;
  const data = Uint8Array.from(truth.data, (value, n) => {
    if (value > 0) return value % 2 ? 3 : 1;
    return truth.data[n - 1] || truth.data[n + columns] ? 2 : 0;
  });
  await nifti(join(path, `${name}-seg.nii.gz`), { grid: truth.grid, data });
  return truth;
}

/** The same voxels with the slices from the head to the feet: a file may have them so, DICOM's axes may not. */
function mirrored<A extends Int16Array | Uint16Array>({ grid, data }: Volume<A>): Volume<A> {
  const [columns, rows, slices] = grid.size;
  const turned = data.slice() as A;
  const plane = columns * rows;
  for (let k = 0; k < slices; k++) turned.set(data.subarray(k * plane, (k + 1) * plane), (slices - 1 - k) * plane);
  const m = grid.indexToLps;
  const indexToLps: Matrix4 = m.map((value, n) => {
    if (n >= 12 || n % 4 < 2) return value;
    return n % 4 === 2 ? -value : value + (slices - 1) * m[n - 1]!;
  });
  return { grid: { ...grid, indexToLps }, data: turned };
}
