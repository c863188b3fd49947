import { headStride } from '../../gpu-worker/model/parameters.ts';
import type { Weights } from '../../gpu-worker/model/weights.ts';
import type { BenchRun, Outcome } from './bench-run.ts';
import { type Figure, figureOf, table } from './figure.ts';
import { interleave, spreadOf } from './interleave.ts';
import { ourPredictor, ourStudy } from './ours.ts';
import { madeUpStudy, madeUpWeights } from './subject.ts';

/** Slices of a volume whose time is taken; the engine chooses how many of them it takes at once. */
const taken = 4;

/** How our time grows with slices, image size and width. */
export async function measureScaling(run: BenchRun): Promise<Outcome> {
  const parts = [await bySlices(run), await bySize(run), await byWidth(run)];
  return { figures: parts.flatMap(({ figures }) => figures), tables: parts.flatMap(({ tables }) => tables) };
}

/** Multiplications and additions of a slice, in GFLOP; those of convolutions, the rest is nothing beside them. */
export function gigaFlops({ tensors }: Weights, sizePixels: number): number {
  let sum = 0;
  for (const [name, { data }] of tensors) {
    if (!name.endsWith('/kernel')) continue;
    // After each of the two pools there are half as many rows and columns; the head meets each pixel of the last once.
    const reduced = name.startsWith('stem') ? 1 : /^[34]/.test(name) ? 2 : headStride;
    sum += 2 * data.length * (sizePixels / reduced) ** 2;
  }
  return sum / 1e9;
}

/** A first and a last value that should be about equal. */
function evenness(
  figure: string,
  title: string,
  [first, last]: readonly [number, number],
  names: readonly [string, string],
): Figure {
  return figureOf({
    figure,
    title,
    unit: 'ms/slice',
    ours: last,
    peer: first,
    against: `ours at ${names[0]}`,
    goal: 1.2,
    note: `at ${names[1]}`,
  });
}

async function bySlices(run: BenchRun): Promise<Outcome> {
  const { weights, threads, fastCompute: compute } = run;
  const { slices: counts, rounds } = run.extent.scaling;
  const { sizePixels } = run.extent.training;
  const times: number[][] = counts.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [n, count] of counts.entries()) {
      const { seconds } = await ourStudy({ weights, threads, compute }, madeUpStudy(sizePixels, count, true));
      times[n]!.push(seconds);
    }
    run.say(`scaling by slices: round ${round + 1} of ${rounds}`);
  }
  const seconds = times.map((each) => spreadOf(each).median);
  const perSlice = seconds.map((each, n) => (1000 * each) / counts[n]!);
  const rows = counts.map((count, n) => [String(count), seconds[n]!.toFixed(2), perSlice[n]!.toFixed(1)]);
  const names = [`${counts[0]} slices`, `${counts.at(-1)} slices`] as const;
  const title = `time of a slice, ${sizePixels}x${sizePixels}, in a longer study`;
  return {
    figures: [evenness('scaling-slices', title, [perSlice[0]!, perSlice.at(-1)!], names)],
    tables: [
      `Slices with brain (width ${run.extent.width}, ${sizePixels}x${sizePixels}, ${compute})\n\n` +
        table(['slices', 's', 'ms/slice'], rows),
    ],
  };
}

async function bySize(run: BenchRun): Promise<Outcome> {
  const { sizesPixels: sizes, rounds } = run.extent.scaling;
  const ms = await perSlice(
    run,
    sizes.map((sizePixels) => ({ weights: run.weights, sizePixels })),
    rounds,
    'image size',
  );
  const megapixels = sizes.map((size) => size ** 2 / 1e6);
  const rows = sizes.map((size, n) => {
    return [`${size}x${size}`, ms[n]!.toFixed(1), (ms[n]! / megapixels[n]!).toFixed(0)];
  });
  // The smallest is dominated by what every call costs, so the second counts as the first.
  const from = Math.min(1, sizes.length - 2);
  const last = sizes.length - 1;
  const asLarge = ms[from]! * (megapixels[last]! / megapixels[from]!);
  const names = [`${sizes[from]}x${sizes[from]}, times the pixels`, `${sizes[last]}x${sizes[last]}`] as const;
  return {
    figures: [evenness('scaling-size', 'time of a larger slice', [asLarge, ms[last]!], names)],
    tables: [
      `Image size (width ${run.extent.width}, ${run.fastCompute})\n\n` +
        table(['size', 'ms/slice', 'ms/megapixel'], rows),
    ],
  };
}

async function byWidth(run: BenchRun): Promise<Outcome> {
  const { widths, rounds } = run.extent.scaling;
  const { sizePixels } = run.extent.training;
  const subjects = widths.map((width) => ({ weights: madeUpWeights(width), sizePixels }));
  const ms = await perSlice(run, subjects, rounds, 'width');
  const work = subjects.map(({ weights }) => gigaFlops(weights, sizePixels));
  const rows = widths.map((width, n) => {
    return [String(width), work[n]!.toFixed(1), ms[n]!.toFixed(1), ((1000 * work[n]!) / ms[n]!).toFixed(0)];
  });
  return {
    figures: [],
    tables: [
      `Width (${sizePixels}x${sizePixels}, ${run.fastCompute}); work grows with its square\n\n` +
        table(['width', 'GFLOP/slice', 'ms/slice', 'GFLOP/s'], rows),
    ],
  };
}

/** Median ms of a slice for each of the subjects, which take turns. */
async function perSlice(
  run: BenchRun,
  subjects: readonly { readonly weights: Weights; readonly sizePixels: number }[],
  rounds: number,
  by: string,
): Promise<number[]> {
  const { threads, fastCompute: compute } = run;
  const open = [];
  try {
    for (const { weights, sizePixels } of subjects) {
      open.push(await ourPredictor({ weights, threads, compute }, madeUpStudy(sizePixels, taken, true)));
    }
    const timings = await interleave(open, { slices: 2 * taken, rounds, warmUps: 1 });
    run.say(`scaling by ${by}: ${timings.map(({ median }) => median.toFixed(1)).join(', ')} ms a slice`);
    return timings.map(({ median }) => median);
  } finally {
    for (const one of open) await one.close();
  }
}
