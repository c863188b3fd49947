// The one place where the bench calls our engine, as the worker's stages do: through EngineClient, in a process of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paperPlan } from '#core/domain/plan.ts';
import type { ComputeType } from '../../gpu-worker/model/architecture.ts';
import { EngineClient } from '../../gpu-worker/model/engine-client.ts';
import { predictVolume } from '../../gpu-worker/model/predict-volume.ts';
import type { Batch } from '../../gpu-worker/model/trainer.ts';
import type { Weights } from '../../gpu-worker/model/weights.ts';
import { type About, type Contender, type Learner, peakMemory, processorTime } from './contender.ts';
import { type MadeUpStudy, slabsOf } from './subject.ts';

export interface OurSettings {
  readonly weights: Weights;
  readonly compute: ComputeType;
  readonly threads: number;
}

interface Engine {
  readonly client: EngineClient;
  processorMs(): Promise<number>;
  peakBytes(): Promise<number>;
  close(): Promise<void>;
}

async function startEngine(threads: number): Promise<Engine> {
  const directory = await mkdtemp(join(tmpdir(), 'metloop-bench-'));
  const client = new EngineClient({ directory, threads, log: (line) => process.stderr.write(`engine: ${line}\n`) });
  return {
    client,
    processorMs: () => processorTime(client.pid!),
    peakBytes: () => peakMemory(client.pid!),
    async close() {
      await client.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const about = (compute: ComputeType): About => ({
  device: `${process.env.METLOOP_ENGINE ?? 'cpu'} ${compute}`,
  versions: {},
});
/** Our engine in inference on all slices of a study, whatever is in them; it chooses by itself how many it takes at once. */
export async function ourPredictor({ weights, compute, threads }: OurSettings, study: MadeUpStudy): Promise<Contender> {
  const [columns, rows, slices] = study.brainMask.grid.size;
  const data = new Uint8Array(Buffer.concat(study.sequences.map((sequence) => sequence.data)));
  const engine = await startEngine(threads);
  const predictor = await engine.client.openPredictor(weights, compute);
  const { batch } = await predictor.load({ data, sequences: study.sequences.length, slices, rows, columns });
  const centres = Array.from({ length: slices }, (_, slice) => slice);
  return {
    name: `ours, ${compute}, batch ${batch}`,
    about: about(compute),
    async run(count) {
      const began = performance.now();
      for (let done = 0; done < count; done += batch) {
        await predictor.predict(centres.slice(done % slices, (done % slices) + Math.min(batch, count - done)));
      }
      return (performance.now() - began) / count;
    },
    probability: () => predictor.predict(centres),
    processorMs: engine.processorMs,
    peakBytes: engine.peakBytes,
    close: engine.close,
  };
}

/** Our engine in training on one batch. */
export async function ourLearner(
  { weights, compute, threads }: OurSettings,
  study: MadeUpStudy,
  labels: Float32Array,
): Promise<Learner> {
  const engine = await startEngine(threads);
  const [sizePixels, , batch] = study.brainMask.grid.size;
  const architecture = { ...weights.network, sizePixels, batch, compute };
  const trainer = await engine.client.openTrainer({ architecture, seed: 1 });
  await trainer.warmStart(weights);
  const slices: Batch = { x: slabsOf(study), y: labels };
  const losses = async (steps: number): Promise<number[]> => {
    const found: number[] = [];
    for (let n = 0; n < steps; n++) found.push((await trainer.step(slices)).loss);
    return found;
  };
  return {
    name: `ours, ${compute}, batch ${batch}`,
    about: about(compute),
    async run(count) {
      const began = performance.now();
      await losses(count / batch);
      return (performance.now() - began) / count;
    },
    losses,
    probability: () => trainer.predict(slices.x),
    processorMs: engine.processorMs,
    peakBytes: engine.peakBytes,
    close: engine.close,
  };
}

export interface StudyTiming {
  /** Until the engine's process was there with the network, and the study's way through it. */
  readonly startSeconds: number;
  readonly seconds: number;
  /** Of the engine's process: its processor time, of all threads, and its peak of memory. */
  readonly processorSeconds: number;
  readonly peakBytes: number;
  readonly probability: Float32Array;
}

/** A study's way from prepared volumes to the probability map, with a fresh engine, as a segmentation job goes it. */
export async function ourStudy({ weights, compute, threads }: OurSettings, study: MadeUpStudy): Promise<StudyTiming> {
  const began = performance.now();
  const engine = await startEngine(threads);
  try {
    const predictor = await engine.client.openPredictor(weights, compute);
    const opened = performance.now();
    const { data } = await predictVolume(predictor, study.sequences, study.brainMask, {
      marginPixels: paperPlan.cropMarginPixels,
    });
    const done = performance.now();
    return {
      startSeconds: (opened - began) / 1000,
      seconds: (done - opened) / 1000,
      processorSeconds: (await engine.processorMs()) / 1000,
      peakBytes: await engine.peakBytes(),
      probability: data,
    };
  } finally {
    await engine.close();
  }
}
