import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import util from 'node:util';
import type * as Tfjs from '@tensorflow/tfjs-node-gpu';
import type { Log } from './command.ts';
import { engineFlavour, ensureEngine } from './install.ts';

export type TensorFlow = typeof Tfjs;

/** What tfjs-node's backend has beyond the type of a backend. */
type NodeBackend = Tfjs.KernelBackend & { readonly isUsingGpuDevice: boolean };

const require = createRequire(import.meta.url);
let loading: Promise<TensorFlow> | undefined;

/**
 * TensorFlow in this process, installed first if need be. It is loaded once: `threads` and `log` of the first call count.
 * Every call into it blocks the event loop, so a server keeps it in a process of its own (engine-client.ts).
 */
export function loadTensorFlow(options: { threads?: number; log?: Log } = {}): Promise<TensorFlow> {
  loading ??= load(options.threads ?? availableParallelism(), options.log ?? console.error);
  return loading;
}

async function load(threads: number, log: Log): Promise<TensorFlow> {
  const { bindingPath } = await ensureEngine({ log });
  setEnvironment(threads);
  restoreRemovedUtil();
  const tf = requireWithBinding(bindingPath);
  tf.enableProdMode();
  const { isUsingGpuDevice } = tf.backend() as NodeBackend;
  if (engineFlavour() === 'gpu' && !isUsingGpuDevice) log('TensorFlow found no GPU; it computes on the processor.');
  return tf;
}

/** TensorFlow reads these when its library is loaded. What the operator has set stays. */
function setEnvironment(threads: number): void {
  const settings = {
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: String(threads),
    // Otherwise TensorFlow takes all of a GPU's memory at once.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  };
  for (const [name, value] of Object.entries(settings)) process.env[name] ??= value;
}

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
function restoreRemovedUtil(): void {
  const removed = { isNullOrUndefined: (x: unknown) => x === null || x === undefined, isArray: Array.isArray };
  for (const [name, test] of Object.entries(removed)) if (!(name in util)) Object.assign(util, { [name]: test });
}

/**
 * Loads tfjs-node with an addon that lies elsewhere. The package asks node-pre-gyp where its addon is and knows no other way to be
 * told; answering in node-pre-gyp's place leaves node_modules as npm made it, so one engine serves every checkout.
 */
function requireWithBinding(bindingPath: string): TensorFlow {
  const tfjs = require.resolve('@tensorflow/tfjs-node-gpu');
  const locator = createRequire(tfjs).resolve('@mapbox/node-pre-gyp');
  const before = require.cache[locator];
  require.cache[locator] = { ...module(locator), exports: { find: () => bindingPath } };
  try {
    return require(tfjs) as TensorFlow;
  } finally {
    if (before) require.cache[locator] = before;
    else delete require.cache[locator];
  }
}

function module(filename: string): NodeJS.Module {
  const Module = require('node:module') as new (id: string) => NodeJS.Module;
  return Object.assign(new Module(filename), { filename, loaded: true });
}
