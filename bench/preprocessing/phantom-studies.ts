import { generatePhantom } from '../../demo/phantom/phantom.ts';
import type { BenchStudy } from './bench-study.ts';

/** How far a phantom's head moves between BRAVO and each other series, at most. */
export const benchMotion = { degrees: 10, mm: 10 } as const;

/** A phantom patient; the same seed and size give the same study. */
export function phantomStudy(seed: number, size: number): BenchStudy {
  const { series, truth } = generatePhantom({ seed, size, motion: benchMotion });
  return {
    name: `phantom ${seed}`,
    series: Object.fromEntries(
      series.map(({ sequence, volume: { grid, data } }) => [sequence, { grid, data: Float32Array.from(data) }]),
    ),
    refToSeries: truth.refToSeries,
    brainMask: truth.brainMask,
  };
}
