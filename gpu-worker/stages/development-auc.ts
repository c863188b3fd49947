import { voxelRoc } from '../metrics/roc.ts';
import type { RemoteTrainer } from '../model/engine-client.ts';
import type { Course, WatchedCase } from '../model/learn.ts';
import { readFrame } from '../model/sampler.ts';
import { slabChannels } from '../model/slab.ts';

/**
 * Mean voxel AUC over the watched cases, inside their brain masks on the network's grid; null if none has both lesion and other
 * voxels there. It is there to be watched: thresholds and reports come from whole volumes, later. `onBatch` is called before each call
 * of the engine.
 */
export async function developmentAuc(
  trainer: Pick<RemoteTrainer, 'predict'>,
  { watched, batchSize, microBatches }: Pick<Course, 'watched' | 'batchSize' | 'microBatches'>,
  onBatch: () => Promise<void>,
): Promise<number | null> {
  const aucs: number[] = [];
  for (const one of watched) {
    const roc = await rocOf(trainer, one, batchSize / microBatches, onBatch);
    if (roc) aucs.push(roc.auc);
  }
  return aucs.length === 0 ? null : aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length;
}

async function rocOf(
  trainer: Pick<RemoteTrainer, 'predict'>,
  watched: WatchedCase,
  batch: number,
  onBatch: () => Promise<void>,
) {
  const { slices, stored, box } = watched;
  const pixels = box.size[0] * box.size[1];
  const inputs = pixels * slabChannels(stored.sequenceCount);
  const probability = new Float32Array(slices.length * pixels);
  const [truth, brain] = [new Uint8Array(probability.length), new Uint8Array(probability.length)];
  for (let first = 0; first < slices.length; first += batch) {
    await onBatch();
    // What a last batch lacks stays zero.
    const x = new Float32Array(batch * inputs);
    const some = slices.slice(first, first + batch);
    some.forEach((slice, n) => {
      const frame = readFrame(watched, slice, x.subarray(n * inputs, (n + 1) * inputs));
      truth.set(frame.label, (first + n) * pixels);
      brain.set(frame.brain, (first + n) * pixels);
    });
    const predicted = await trainer.predict(x);
    probability.set(predicted.subarray(0, some.length * pixels), first * pixels);
  }
  // A training that has diverged is told of by its loss.
  if (!probability.every(Number.isFinite)) return null;
  return voxelRoc(probability, truth, brain);
}
