import type { Random } from './random.ts';

/** Smooth noise of space, between -1 and 1, about one bump in two units of length. */
export type Noise = (x: number, y: number, z: number) => number;

const EDGE = 32;

/** Value noise on a periodic lattice of 32 x 32 x 32, cubically eased. */
export function createNoise(random: Random): Noise {
  const lattice = Float32Array.from({ length: EDGE ** 3 }, () => random.between(-1, 1));
  const mask = EDGE - 1;
  // Written out without arrays: this runs some ten times a voxel.
  return (x, y, z) => {
    const fx = Math.floor(x);
    const fy = Math.floor(y);
    const fz = Math.floor(z);
    let u = x - fx;
    let v = y - fy;
    let w = z - fz;
    u = u * u * (3 - 2 * u);
    v = v * v * (3 - 2 * v);
    w = w * w * (3 - 2 * w);
    const x0 = fx & mask;
    const x1 = (fx + 1) & mask;
    const y0 = (fy & mask) << 5;
    const y1 = ((fy + 1) & mask) << 5;
    const z0 = (fz & mask) << 10;
    const z1 = ((fz + 1) & mask) << 10;
    const a = lattice[z0 + y0 + x0]! * (1 - u) + lattice[z0 + y0 + x1]! * u;
    const b = lattice[z0 + y1 + x0]! * (1 - u) + lattice[z0 + y1 + x1]! * u;
    const c = lattice[z1 + y0 + x0]! * (1 - u) + lattice[z1 + y0 + x1]! * u;
    const d = lattice[z1 + y1 + x0]! * (1 - u) + lattice[z1 + y1 + x1]! * u;
    return (a * (1 - v) + b * v) * (1 - w) + (c * (1 - v) + d * v) * w;
  };
}

/** A sum of plane waves of one wavelength in random directions: its zero level is a labyrinth, as sulci are. */
export interface WaveField {
  /** Value over the length of the gradient: about the distance to the zero level, in units of length, signed. */
  distance(x: number, y: number, z: number): number;
}

/** @param wavelength in the units of the coordinates; zero sheets lie about half of it apart. */
export function createWaveField(random: Random, wavelength: number, waves: number): WaveField {
  const number = (2 * Math.PI) / wavelength;
  const k = new Float64Array(waves * 4);
  for (let n = 0; n < waves; n++) {
    const cosine = random.between(-1, 1);
    const sine = Math.sqrt(1 - cosine * cosine);
    const angle = random.between(0, 2 * Math.PI);
    const scale = number * random.between(0.8, 1.2);
    k.set(
      [sine * Math.cos(angle) * scale, sine * Math.sin(angle) * scale, cosine * scale, random.between(0, 2 * Math.PI)],
      n * 4,
    );
  }
  // Where the gradient vanishes the quotient would burst; a floor of a third of its usual length keeps it tame.
  const floor = (number * number * waves) / 18;
  return {
    distance(x, y, z) {
      let [value, gx, gy, gz] = [0, 0, 0, 0];
      for (let n = 0; n < k.length; n += 4) {
        const phase = k[n]! * x + k[n + 1]! * y + k[n + 2]! * z + k[n + 3]!;
        const cosine = Math.cos(phase);
        value += Math.sin(phase);
        gx += k[n]! * cosine;
        gy += k[n + 1]! * cosine;
        gz += k[n + 2]! * cosine;
      }
      return value / Math.sqrt(gx * gx + gy * gy + gz * gz + floor);
    },
  };
}
