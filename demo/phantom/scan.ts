import { multiply, spacingMm, type Volume, voxelCount } from '#core/domain/geometry.ts';
import type { Acquisition } from './acquisition.ts';
import type { Anatomy } from './anatomy.ts';
import type { LesionModel } from './lesions.ts';
import { drawLesions, drawVessels, oedemaMap } from './overlay.ts';
import { createRandom, type Random } from './random.ts';
import type { Subject } from './subject.ts';
import { type SequenceSignal, signals, type Tissue, tissue, tissueCount } from './tissue.ts';
import type { Vessel } from './vessels.ts';

/** A head with its vessels and lesions, to be scanned. */
export interface Head {
  readonly subject: Subject;
  readonly anatomy: Anatomy;
  readonly vessels: readonly Vessel[];
  readonly lesions: readonly LesionModel[];
}

/** Signal by place in an array of tissue fractions; the subject's contrast pulls white and grey matter apart. */
function tissueSignals({ contrast }: Subject, { tissue: table }: SequenceSignal): Float32Array {
  const bySlot = new Float32Array(tissueCount);
  for (const name of Object.keys(tissue) as Tissue[]) bySlot[tissue[name]] = table[name];
  const middle = (table.white + table.grey) / 2;
  for (const name of ['white', 'grey', 'deepGrey'] as const)
    bySlot[tissue[name]] = middle + contrast * (table[name] - middle);
  return bySlot;
}

/** Signal of the bare head, oedema included. */
function scanTissue(
  { subject, anatomy }: Head,
  { grid, toHead }: Acquisition,
  oedema: Uint8Array,
  signal: SequenceSignal,
): Float32Array {
  const image = new Float32Array(voxelCount(grid));
  const parts = new Float32Array(tissueCount);
  const weights = tissueSignals(subject, signal);
  const soft = Math.max(0.7, 0.9 * Math.cbrt(spacingMm(grid).reduce((a, b) => a * b, 1)));
  const m = multiply(toHead, grid.indexToLps);
  const [columns, rows, slices] = grid.size;
  let voxel = 0;
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++) {
      const [x0, y0, z0] = [0, 4, 8].map((r) => m[r + 1]! * j + m[r + 2]! * k + m[r + 3]!) as [number, number, number];
      for (let i = 0; i < columns; i++, voxel++) {
        if (!anatomy.sample(x0 + m[0]! * i, y0 + m[4]! * i, z0 + m[8]! * i, soft, parts)) continue;
        let value = 0;
        for (let n = 0; n < tissueCount; n++) value += parts[n]! * weights[n]!;
        if (oedema[voxel]) {
          const taken = (oedema[voxel]! / 255) * (parts[tissue.white]! + 0.3 * parts[tissue.grey]!);
          value += taken * (signal.overlay.oedema - value);
        }
        image[voxel] = value;
      }
    }
  return image;
}

/**
 * A smooth gain over the field of view, as coils leave it: the exponential of a quadratic of position, and a fall-off below
 * the head, where the head coil ends.
 */
function applyBias(image: Float32Array, { grid, toHead }: Acquisition, random: Random): void {
  const [columns, rows, slices] = grid.size;
  const c = Array.from({ length: 9 }, (_, n) => random.normal() * (n < 3 ? 0.1 : n < 6 ? 0.12 : 0.06));
  const m = multiply(toHead, grid.indexToLps);
  let voxel = 0;
  for (let k = 0; k < slices; k++) {
    const w = (2 * k) / slices - 1;
    for (let j = 0; j < rows; j++) {
      const v = (2 * j) / rows - 1;
      for (let i = 0; i < columns; i++, voxel++) {
        if (image[voxel] === 0) continue;
        const u = (2 * i) / columns - 1;
        const linear = c[0]! * u + c[1]! * v + c[2]! * w + c[6]! * u * v + c[7]! * v * w + c[8]! * u * w;
        const upMm = m[8]! * i + m[9]! * j + m[10]! * k + m[11]!;
        const coil = 1 / (1 + Math.exp(-(upMm + 100) / 13));
        image[voxel] = image[voxel]! * coil * Math.exp(linear + c[3]! * u * u + c[4]! * v * v + c[5]! * w * w);
      }
    }
  }
}

/** Magnitude of the signal with complex Gaussian noise (Rician), as int16. */
function digitize(image: Float32Array, gain: number, sigma: number, random: Random): Int16Array<ArrayBuffer> {
  const table = Float32Array.from({ length: 1 << 16 }, () => random.normal() * sigma);
  const data = new Int16Array(image.length);
  let state = random.integer(0, 0x7fffffff);
  for (let n = 0; n < image.length; n++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const real = image[n]! + table[state >>> 16]!;
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const imaginary = table[state >>> 16]!;
    data[n] = Math.min(32767, Math.round(gain * Math.sqrt(real * real + imaginary * imaginary)));
  }
  return data;
}

/** One series of a head. Values are arbitrary, white matter some hundreds. */
export function scan(seed: number, head: Head, acquisition: Acquisition): Volume<Int16Array<ArrayBuffer>> {
  const { sequence, grid } = acquisition;
  const random = createRandom(seed, `scan ${sequence}`);
  const signal = signals[sequence];
  const image = scanTissue(head, acquisition, oedemaMap(acquisition, head.lesions, head.subject.noise), signal);
  drawVessels(image, acquisition, head.vessels, signal.overlay);
  drawLesions(image, acquisition, head.lesions, head.subject.noise, signal.overlay);
  applyBias(image, acquisition, random);
  return { grid, data: digitize(image, random.between(2.8, 5), random.between(2.2, 4), random) };
}
