import type { JobKind } from '#core/jobs/contract.ts';
import type { Log } from '#core/log.ts';
import type { Stage } from '../jobs/stage.ts';
import { createPreparationPool } from '../volume/preparation-pool.ts';
import { compareStage } from './compare.ts';
import { prepareStage } from './prepare.ts';

/** What each kind of job does; a kind without a stage does not compile. */
export interface Stages {
  readonly byKind: Readonly<Record<JobKind, Stage>>;
  close(): Promise<void>;
}

export function createStages(_env: NodeJS.ProcessEnv, _log: Log): Stages {
  const pool = createPreparationPool();
  return {
    byKind: { PREPARE: prepareStage(pool), COMPARE: compareStage } as Stages['byKind'],
    close: () => pool.close(),
  };
}
