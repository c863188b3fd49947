// The process that holds the native engine, started by engine-client.ts: engine-process.ts DIRECTORY [THREADS].
// Its calls block for seconds, which would starve the heartbeat of whoever made them in the worker's own process.
import { loadTensorFlow } from '../native/engine.ts';
import {
  type EngineAnswer,
  type EngineCalls,
  EngineError,
  type EngineErrorCode,
  type EngineMethod,
  type EngineRequest,
} from './engine-protocol.ts';
import { choosePrecision } from './precision.ts';
import { Predictor } from './predictor.ts';
import { Diverged, Trainer } from './trainer.ts';

const [directory = '', threads] = process.argv.slice(2);
const sessions = new Map<number, Trainer | Predictor>();
let opened = 0;

type Handlers = {
  [M in EngineMethod]: (
    ...args: Parameters<EngineCalls[M]>
  ) => ReturnType<EngineCalls[M]> | Promise<ReturnType<EngineCalls[M]>>;
};

const handlers: Handlers = {
  choosePrecision: (subject, forced) => choosePrecision(subject, directory, forced),
  openTrainer: async (plan) => keep(await Trainer.open(plan, directory)),
  accumulate: (id, batch) => trainer(id).accumulate(batch),
  step: (id, batch, learningRate) => trainer(id).step(batch, learningRate),
  predictInTraining: (id, x) => trainer(id).predict(x),
  state: (id, randomState) => trainer(id).state(randomState),
  restore: (id, checkpoint) => trainer(id).restore(checkpoint),
  weights: (id) => trainer(id).weights(),
  warmStart: (id, weights) => trainer(id).warmStart(weights),
  openPredictor: (weights, compute) => keep(new Predictor(weights, { compute, directory })),
  load: (id, volume) => predictor(id).load(volume),
  predict: (id, centres) => predictor(id).predict(centres),
  close: (id) => {
    sessions.get(id)?.close();
    sessions.delete(id);
  },
};

function keep(session: Trainer | Predictor): number {
  sessions.set(++opened, session);
  return opened;
}

function trainer(id: number): Trainer {
  const session = sessions.get(id);
  if (session instanceof Trainer) return session;
  throw new Error(`Trainer ${id} is not open.`);
}

function predictor(id: number): Predictor {
  const session = sessions.get(id);
  if (session instanceof Predictor) return session;
  throw new Error(`Predictor ${id} is not open.`);
}

async function answer({ id, method, args }: EngineRequest): Promise<EngineAnswer> {
  try {
    await loadTensorFlow(threads ? { threads: Number(threads) } : {});
    const handler = handlers[method] as (...args: unknown[]) => unknown;
    return { id, value: await handler(...args) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, error: { code: codeOf(error, message), message } };
  }
}

function codeOf(error: unknown, message: string): EngineErrorCode {
  if (error instanceof EngineError) return error.code;
  if (error instanceof Diverged) return 'DIVERGED';
  // TensorFlow's status codes come as words in the message.
  const lacked = /\bOOM\b|RESOURCE_EXHAUSTED|failed to allocate|bad_alloc|allocation failed/i;
  return lacked.test(message) ? 'OUT_OF_MEMORY' : 'FAILED';
}

// In order: a session is opened before what is asked of it.
let previous: Promise<unknown> = Promise.resolve();
process.on('message', (request: EngineRequest) => {
  previous = previous.then(async () => process.send?.(await answer(request)));
});
// It lives and dies with its parent, which may want a last checkpoint when both are interrupted from a terminal.
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
