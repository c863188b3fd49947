import assert from 'node:assert/strict';
import test from 'node:test';
import type { Grid, Volume } from '#core/domain/geometry.ts';
import { defaultPreparationPlan } from '#core/domain/preparation-plan.ts';
import { axialGrid, dice, headBrain, headVolume, rigidMotion, sagittalGrid, t1 } from './analytic-head.fixture.ts';
import { robustRange } from './brain-intensities.ts';
import { brainMask, brainSurface } from './brain-mask.ts';
import { icosphere } from './icosphere.ts';
import { crossedShare } from './self-intersection.ts';
import { voxelizeMesh } from './voxelize-mesh.ts';

test('the icosphere has 2562 vertices on the unit sphere, wound outwards, with 5 or 6 neighbours each', () => {
  const { positions: p, triangles, neighbours, neighbourStart } = icosphere(4);
  assert.equal(p.length / 3, 2562);
  assert.equal(triangles.length / 3, 5120);
  for (let n = 0; n < p.length; n += 3) assert.ok(Math.abs(Math.hypot(p[n]!, p[n + 1]!, p[n + 2]!) - 1) < 1e-12);
  let sixfoldVolume = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
    const part =
      p[a]! * (p[b + 1]! * p[c + 2]! - p[b + 2]! * p[c + 1]!) -
      p[a + 1]! * (p[b]! * p[c + 2]! - p[b + 2]! * p[c]!) +
      p[a + 2]! * (p[b]! * p[c + 1]! - p[b + 1]! * p[c]!);
    assert.ok(part > 0);
    sixfoldVolume += part;
  }
  assert.ok(Math.abs(sixfoldVolume / 6 - (4 * Math.PI) / 3) < 0.02);
  for (let v = 0; v < 2562; v++) {
    const own = neighbours.subarray(neighbourStart[v], neighbourStart[v + 1]);
    assert.equal(new Set(own).size, v < 12 ? 5 : 6);
  }
});

/** A sphere's mesh at a centre, also where its poles and edges fall exactly on lines of voxels. */
const sphere = (radiusMm: number, centre: readonly number[]) => {
  const mesh = icosphere(4);
  return { ...mesh, positions: mesh.positions.map((x, n) => x * radiusMm + centre[n % 3]!) };
};

test('a voxelized sphere holds just the voxels inside it, on any grid', () => {
  const grids: readonly Grid[] = [
    axialGrid(41, 41, 41, [1, 1, 1]),
    axialGrid(40, 50, 20, [1.1, 0.9, 2.1]),
    sagittalGrid(45, 45, 30, [1, 1, 1.6]),
  ];
  for (const grid of grids)
    for (const centre of [
      [0, 0, 0],
      [0.37, -1.2, 0.9],
    ]) {
      const { data } = voxelizeMesh(sphere(15, centre), grid);
      const m = grid.indexToLps;
      const [columns, rows] = grid.size;
      for (let n = 0; n < data.length; n++) {
        const index = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))];
        const offset = [0, 1, 2].map(
          (a) =>
            m[4 * a]! * index[0]! + m[4 * a + 1]! * index[1]! + m[4 * a + 2]! * index[2]! + m[4 * a + 3]! - centre[a]!,
        );
        const radius = Math.hypot(...offset);
        // Between the radius of the vertices and that of the middles of the faces either answer is right.
        if (radius < 14.9) assert.equal(data[n], 1, `voxel ${index} at ${radius} mm`);
        else if (radius > 15) assert.equal(data[n], 0, `voxel ${index} at ${radius} mm`);
      }
    }
});

test('a sphere that reaches out of the grid is cut off, not inverted', () => {
  const { data } = voxelizeMesh(sphere(30, [0, 0, 0]), axialGrid(10, 10, 10, [1, 1, 1]));
  assert.ok(data.every((inside) => inside === 1));
});

test('a surface that was pushed through itself is noticed', () => {
  const mesh = sphere(20, [0, 0, 0]);
  assert.equal(crossedShare(mesh), 0);
  const positions = Float64Array.from(mesh.positions);
  for (let n = 0; n < positions.length; n += 3) if (positions[n]! > 17) positions[n] = -25;
  assert.ok(crossedShare({ ...mesh, positions }) > 0.02);
});

test('the robust range leaves out two per cent at either end', () => {
  const data = Float32Array.from({ length: 10_001 }, (_, n) => n);
  const [t2, t98] = robustRange(data);
  assert.ok(Math.abs(t2 - 200) < 1 && Math.abs(t98 - 9800) < 1, `${t2} ${t98}`);
});

const fraction = defaultPreparationPlan.brainMaskFraction;
const motion = rigidMotion([1, 2, 3], 12, [6, -4, 9]);

test('finds the brain of an analytic head, the same one again, and less of it with a larger fraction', () => {
  const grid = axialGrid(70, 76, 64, [3, 3, 3]);
  const volume = headVolume(grid, motion, t1, 21);
  const surface = brainSurface(volume, fraction);
  assert.ok(crossedShare(surface) <= 0.02);
  const mask = voxelizeMesh(surface, grid);
  const overlap = dice(mask, headBrain(grid, motion));
  assert.ok(overlap >= 0.95, `Dice ${overlap}`);
  assert.deepEqual(brainMask(volume, fraction).data, mask.data);
  const voxels = ({ data }: Volume<Uint8Array>): number => data.reduce((sum, inside) => sum + inside, 0);
  assert.ok(voxels(brainMask(volume, 0.8)) < voxels(mask));
});

test('finds the brain in thick sagittal slices', () => {
  const grid = sagittalGrid(88, 80, 40, [2.4, 2.4, 4.8]);
  const overlap = dice(brainMask(headVolume(grid, motion, t1, 22), fraction), headBrain(grid, motion));
  assert.ok(overlap >= 0.95, `Dice ${overlap}`);
});

test('a volume without a head is refused', () => {
  const grid = axialGrid(8, 8, 8, [1, 1, 1]);
  assert.throws(() => brainMask({ grid, data: new Float32Array(512) }, fraction), RangeError);
});
