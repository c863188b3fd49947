import type { BenchRun, Outcome } from './bench-run.ts';
import { figureOf } from './figure.ts';
import { spreadOf } from './interleave.ts';
import { ourStudy, type StudyTiming } from './ours.ts';
import { madeUpStudy } from './subject.ts';

const gib = 2 ** 30;
/** The paper's time for a case on a GTX 1080 Ti, of which it does not say what is in it. */
const paperSeconds = 60;

/** A whole study with a fresh engine, from prepared volumes to the probability map. */
export async function measureStudy(run: BenchRun): Promise<Outcome> {
  const { sizePixels, slices, runs } = run.extent.study;
  const { weights, threads, fastCompute: compute } = run;
  const study = madeUpStudy(sizePixels, slices);
  const timings: StudyTiming[] = [];
  for (let n = 0; n < runs; n++) {
    const timing = await ourStudy({ weights, threads, compute }, study);
    timings.push(timing);
    run.say(
      `study ${n + 1} of ${runs}: ${timing.startSeconds.toFixed(1)} s to start, ${timing.seconds.toFixed(1)} s to predict`,
    );
  }
  const whole = spreadOf(timings.map(({ startSeconds, seconds }) => startSeconds + seconds));
  const start = spreadOf(timings.map(({ startSeconds }) => startSeconds));
  const processor = spreadOf(timings.map(({ processorSeconds }) => processorSeconds));
  const title = `study of ${slices} slices, ${sizePixels}x${sizePixels}, ${compute}`;
  return {
    figures: [
      figureOf({
        figure: 'study',
        title,
        unit: 's',
        ours: whole.median,
        peer: undefined,
        against: `the paper: about ${paperSeconds} s on a GTX 1080 Ti`,
        goal: 15,
        note: [
          `${whole.least.toFixed(1)} to ${whole.most.toFixed(1)} s`,
          `${start.median.toFixed(1)} s of these until the engine is there`,
          `${processor.median.toFixed(1)} s of processor time, which ${threads} cores share`,
        ].join('; '),
      }),
      figureOf({
        figure: 'study-memory',
        title: `${title}, peak memory`,
        unit: 'GiB',
        ours: spreadOf(timings.map(({ peakBytes }) => peakBytes / gib)).most,
        peer: undefined,
        against: '',
        // 2 GB
        goal: 1.86,
        note: "resident, of the engine's process",
      }),
    ],
    tables: [],
  };
}
