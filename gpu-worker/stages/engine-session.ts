import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlanPrecision } from '#core/domain/plan.ts';
import { type FailureCode, JobFailure } from '#core/jobs/contract.ts';
import type { JobContext } from '../jobs/stage.ts';
import type { ComputeType } from '../model/architecture.ts';
import { EngineClient, type RemotePredictor } from '../model/engine-client.ts';
import { EngineError } from '../model/engine-protocol.ts';
import { describeChoice, type PrecisionChoice } from '../model/precision.ts';
import type { Weights } from '../model/weights.ts';
import { ensureEngine } from '../native/install.ts';

/**
 * Runs `body` with a native engine in a process of its own, which ends with it; the engine is installed with a worker's first job that
 * needs it.
 * @throws JobFailure OUT_OF_MEMORY; BAD_INPUT if a network answers with what is not a number
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
    throw asFailure(error);
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

/** What another attempt would meet again, as such. */
function asFailure(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  const { code, message } = error;
  const failed = (as: FailureCode, why: string): JobFailure => new JobFailure(as, why, { cause: error });
  if (code === 'TOO_LARGE') return failed('OUT_OF_MEMORY', message);
  if (code === 'NOT_FINITE') return failed('BAD_INPUT', `${message} Nothing of it was kept; the weights are damaged.`);
  if (code !== 'OUT_OF_MEMORY') return error;
  return failed(
    'OUT_OF_MEMORY',
    'The network does not fit into the memory of the machine; a smaller batch or width needs less.',
  );
}

/** What this process has measured, by the network's size: a machine does not become another one between two jobs. */
const measured = new Map<string, Promise<PrecisionChoice>>();

/** A network that serves, in the precision of its plan; AUTO is measured once in the worker's life for a size of network. */
export async function openServing(
  { log }: Pick<JobContext, 'log'>,
  engine: EngineClient,
  weights: Weights,
  precision: PlanPrecision,
): Promise<{ predictor: RemotePredictor; compute: ComputeType }> {
  const forced = trainingCompute[precision];
  const key = JSON.stringify([weights.network, forced]);
  const choice = measured.get(key) ?? engine.choosePrecision({ inference: weights }, forced);
  measured.set(key, choice);
  choice.catch(() => measured.delete(key));
  const { compute } = await choice;
  log.info({ precision }, describeChoice(await choice));
  return { predictor: await engine.openPredictor(weights, compute), compute };
}
