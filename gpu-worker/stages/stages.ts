import { type DeliverySettings, readDeliverySettings } from '#core/delivery/settings.ts';
import type { JobKind } from '#core/jobs/contract.ts';
import type { Stage } from '../jobs/stage.ts';
import { createPreparationPool } from '../volume/preparation-pool.ts';
import { compareStage } from './compare.ts';
import { defaceStage } from './deface.ts';
import { deliverStage } from './deliver.ts';
import { evaluateStage } from './evaluate.ts';
import { expireStage } from './expire.ts';
import { prepareStage } from './prepare.ts';
import { retrainStage } from './retrain.ts';
import { segmentStage } from './segment.ts';
import { trainStage } from './train.ts';

/** What each kind of job does; a kind without a stage does not compile. */
export interface Stages {
  readonly byKind: Readonly<Record<JobKind, Stage>>;
  close(): Promise<void>;
}

/** @param delivery left out, nothing is sent anywhere */
export function createStages(delivery: DeliverySettings = readDeliverySettings({})): Stages {
  const pool = createPreparationPool();
  return {
    byKind: {
      DEFACE: defaceStage(pool),
      PREPARE: prepareStage(pool),
      COMPARE: compareStage,
      EXPIRE: expireStage,
      RETRAIN: retrainStage,
      TRAIN: trainStage,
      EVALUATE: evaluateStage,
      SEGMENT: segmentStage,
      DELIVER: deliverStage(delivery),
    },
    close: () => pool.close(),
  };
}
