import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlanPrecision } from '#core/domain/plan.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import type { JobContext } from '../jobs/stage.ts';
import type { ComputeType } from '../model/architecture.ts';
import { EngineClient } from '../model/engine-client.ts';
import { EngineError } from '../model/engine-protocol.ts';
import { ensureEngine } from '../native/install.ts';

/**
 * Runs `body` with a native engine in a process of its own, which ends with it; the engine is installed with a worker's first job that
 * needs it.
 * @throws JobFailure OUT_OF_MEMORY
 */
export async function withEngine<T>(
  { log }: Pick<JobContext, 'log'>,
  body: (engine: EngineClient) => Promise<T>,
): Promise<T> {
  const say = (line: string): void => log.info({ line }, 'engine');
  await ensureEngine({ log: say });
  const directory = await mkdtemp(join(tmpdir(), 'metloop-engine-'));
  const engine = new EngineClient({ directory, threads: availableParallelism(), log: say });
  try {
    return await body(engine);
  } catch (error) {
    if (!(error instanceof EngineError && error.code === 'OUT_OF_MEMORY')) throw error;
    throw new JobFailure(
      'OUT_OF_MEMORY',
      'The network does not fit into the memory of the machine; a smaller batch or width needs less.',
      { cause: error },
    );
  } finally {
    await engine.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** What a plan's precision is in the engine; undefined to measure what is faster. */
export const trainingCompute: Readonly<Record<PlanPrecision, ComputeType | undefined>> = {
  AUTO: undefined,
  F32: 'float32',
  BF16: 'bfloat16',
};

/** A version answers the same on every machine, so nothing is measured when it serves. */
export const servingCompute = (precision: PlanPrecision): ComputeType => trainingCompute[precision] ?? 'float32';
