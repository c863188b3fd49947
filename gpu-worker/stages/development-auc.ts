import { voxelRoc } from '../metrics/roc.ts';
import type { RemoteTrainer } from '../model/engine-client.ts';
import type { TrainingCase } from '../model/learn.ts';
import { predictWindows, type WindowPredictor } from '../model/predict-windows.ts';

/** The network as it stands in the midst of its training; what a batch lacks is filled with zeros. */
const asPredictor = (trainer: RemoteTrainer, batchSize: number): WindowPredictor => ({
  predict: async (x, count) => {
    const full = new Float32Array((x.length / count) * batchSize);
    full.set(x);
    return trainer.predict(full);
  },
});

/**
 * Mean voxel AUC over the watched cases, inside their brain masks on the network's grid; null if none has both lesion and other
 * voxels there. It is there to be watched: thresholds and reports come from whole volumes, later.
 */
export async function developmentAuc(
  trainer: RemoteTrainer,
  watched: readonly TrainingCase[],
  batchSize: number,
): Promise<number | null> {
  const aucs: number[] = [];
  for (const { sequences, labels, brainMask } of watched) {
    const probability = await predictWindows(asPredictor(trainer, batchSize), sequences, brainMask, batchSize);
    const roc = voxelRoc(probability.data, labels.data as Uint8Array, brainMask.data);
    if (roc) aucs.push(roc.auc);
  }
  return aucs.length === 0 ? null : aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length;
}
