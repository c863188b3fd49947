import type { DatasetManifest, ManifestCase } from '#core/domain/dataset-manifest.ts';
import type { Subset } from '#core/domain/dataset-split.ts';
import type { LabelVolume, Volume } from '#core/domain/geometry.ts';
import type { TrainingPlan } from '#core/domain/plan.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import type { JobContext } from '../jobs/stage.ts';
import type { RemotePredictor } from '../model/engine-client.ts';
import { predictVolume } from '../model/predict-volume.ts';
import { resizeImage, resizeLabels } from '../volume/in-plane.ts';
import { loadLabelledStudy, type NetworkInput } from './dataset-files.ts';

/** What a network makes of a study and what is true, all on BRAVO's own grid. */
export interface PredictedStudy {
  readonly probability: Volume<Float32Array>;
  readonly brainMask: Volume<Uint8Array>;
  readonly truth: LabelVolume;
}

/** A network that is being judged on a dataset. */
export interface Judged {
  readonly plan: TrainingPlan;
  readonly manifest: DatasetManifest;
  readonly predictor: RemotePredictor;
}

/** Part of a job's work that the judging of one side takes. */
export interface Stretch {
  readonly step: string;
  readonly from: number;
  readonly to: number;
}

/** Predicts the cases of a side one after another, so that one is in memory at a time. */
export async function* predictCases(
  context: JobContext,
  { plan, manifest, predictor }: Judged,
  side: Subset,
  { step, from, to }: Stretch,
): AsyncGenerator<readonly [ManifestCase, PredictedStudy]> {
  const { preparationPlanHash } = manifest;
  const cases = manifest.cases.filter(({ subset }) => subset === side);
  for (const [index, one] of cases.entries()) {
    const at = (part: number): number => from + ((to - from) * (index + part)) / cases.length;
    const message = `study ${index + 1} of ${cases.length}`;
    await context.progress({ step, fraction: at(0), message });
    const { label, ...input } = await loadLabelledStudy(context, one, { plan, preparationPlanHash });
    const predicted = await predictOn(label.grid, { ...input, plan }, predictor, (part) =>
      context.progress({ step, fraction: at(part), message }),
    );
    yield [one, { ...predicted, truth: label }];
  }
}

/**
 * Probabilities of a prepared study and its brain mask, carried from the network's grid to BRAVO's own.
 * @throws JobFailure EMPTY_BRAIN_MASK
 */
export async function predictOn(
  nativeGrid: Volume['grid'],
  { sequences, brainMask, plan }: NetworkInput & { readonly plan: TrainingPlan },
  predictor: RemotePredictor,
  onPart: (part: number) => Promise<void>,
): Promise<{ probability: Volume<Float32Array>; brainMask: Volume<Uint8Array> }> {
  if (!brainMask.data.includes(1))
    throw new JobFailure(
      'EMPTY_BRAIN_MASK',
      'The prepared study has an empty brain mask, so there is nothing to look at; prepare it again or exclude it.',
    );
  const probability = await predictVolume(predictor, sequences, brainMask, {
    marginPixels: plan.cropMarginPixels,
    onProgress: (done, total) => onPart(done / total),
  });
  return { probability: resizeImage(probability, nativeGrid), brainMask: resizeLabels(brainMask, nativeGrid) };
}
