/**
 * Draws a phantom: `node demo/phantom/picture.ts <file.png> [seed] [size] [lesions|group]`.
 * A row a sequence, all in the space of BRAVO: five axial planes from the skull base up, one sagittal, one coronal.
 * The last row is BRAVO with the lesions of the truth filled in.
 */
import { writeFile } from 'node:fs/promises';
import { encode } from 'fast-png';
import {
  invertAffine,
  type Matrix4,
  multiply,
  type PointLps,
  transformPoint,
  type Volume,
} from '#core/domain/geometry.ts';
import { type LesionGroup, lesionGroups } from '#core/domain/lesion.ts';
import { generatePhantom, type Phantom, type PhantomOptions } from './phantom.ts';

const EDGE = 256;
const MM = 240 / EDGE;

/** A point at LPS of BRAVO for each pixel of a plane. */
type Plane = (column: number, row: number) => PointLps;

/** Trilinear value at a point, 0 outside. */
function valueAt({ grid, data }: Volume<Int16Array | Uint16Array>, toIndex: Matrix4, point: PointLps): number {
  const index = transformPoint(toIndex, point);
  const low = index.map(Math.floor) as [number, number, number];
  if (low.some((n, axis) => n < 0 || n + 1 >= grid.size[axis]!)) return 0;
  const [columns, rows] = grid.size;
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const step = [corner & 1, (corner >> 1) & 1, corner >> 2];
    let weight = 1;
    for (let axis = 0; axis < 3; axis++) {
      const part = index[axis]! - low[axis]!;
      weight *= step[axis] ? part : 1 - part;
    }
    sum += weight * data[((low[2] + step[2]!) * rows + low[1] + step[1]!) * columns + low[0] + step[0]!]!;
  }
  return sum;
}

function planesOf(phantom: Phantom): Plane[] {
  const { grid } = phantom.truth.labels;
  const [cx, cy, cz] = transformPoint(grid.indexToLps, grid.size.map((n) => (n - 1) / 2) as unknown as PointLps);
  const largest = [...phantom.truth.lesions].sort((a, b) => b.diametersMm[0] - a.diametersMm[0])[0];
  const heights = [-42, -22, -2, 18, 40];
  if (largest) heights[heights.length - 1] = largest.centreLps[2] - cz;
  const half = (EDGE - 1) / 2;
  return [
    ...heights.map(
      (z): Plane =>
        (i, j) => [cx + (i - half) * MM, cy + (j - half) * MM, cz + z],
    ),
    (i, j) => [cx + 3, cy + (i - half) * MM, cz - 15 - (j - half) * MM],
    (i, j) => [cx + (i - half) * MM, cy + 12, cz - 15 - (j - half) * MM],
  ];
}

/** The mosaic as 8-bit RGB. */
export function drawPhantom(phantom: Phantom): { width: number; height: number; data: Uint8Array } {
  const planes = planesOf(phantom);
  const images = [...phantom.series, phantom.series.find(({ sequence }) => sequence === 'BRAVO')!];
  const width = planes.length * EDGE;
  const data = new Uint8Array(width * images.length * EDGE * 3);
  const { labels } = phantom.truth;
  const toLabel = invertAffine(labels.grid.indexToLps);
  for (const [row, { sequence, volume }] of images.entries()) {
    const toIndex = multiply(invertAffine(volume.grid.indexToLps), phantom.truth.refToSeries[sequence]);
    const white = Float32Array.from(volume.data).sort()[Math.floor(volume.data.length * 0.995)]!;
    for (const [column, plane] of planes.entries())
      for (let j = 0; j < EDGE; j++)
        for (let i = 0; i < EDGE; i++) {
          const point = plane(i, j);
          const grey = Math.min(255, (255 * valueAt(volume, toIndex, point)) / white);
          const marked = row === images.length - 1 && nearestLabel(labels, toLabel, point) > 0;
          data.set(
            marked ? [255, grey / 2, grey / 2] : [grey, grey, grey],
            ((row * EDGE + j) * width + column * EDGE + i) * 3,
          );
        }
  }
  return { width, height: images.length * EDGE, data };
}

function nearestLabel({ grid, data }: Volume<Uint16Array>, toIndex: Matrix4, point: PointLps): number {
  const [i, j, k] = transformPoint(toIndex, point).map(Math.round) as [number, number, number];
  const [columns, rows, slices] = grid.size;
  if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) return 0;
  return data[(k * rows + j) * columns + i]!;
}

if (import.meta.main) {
  const [file, seed = '1', size = '128', lesions] = process.argv.slice(2);
  if (!file)
    throw new Error(
      'Name the PNG file to write: node demo/phantom/picture.ts <file.png> [seed] [size] [lesions|group]',
    );
  const group = lesionGroups.find((name): name is LesionGroup => name === lesions);
  const options: PhantomOptions = {
    seed: Number(seed),
    size: Number(size),
    ...(group ? { group } : lesions === undefined ? {} : { lesionCount: Number(lesions) }),
  };
  await writeFile(file, encode({ ...drawPhantom(generatePhantom(options)), channels: 3, depth: 8 }));
}
