import { type Architecture, checkNetwork, checkSlices } from './architecture.ts';
import { googlenet25d } from './googlenet-25d.ts';
import { type AdamOptions, adam, type Slot, updateMovingAverage } from './graph/adam.ts';
import { addN, binary, fill, unary } from './graph/arithmetic.ts';
import { gradients } from './graph/gradients.ts';
import { Graph, type Node, type Tensor, type Variable } from './graph/graph.ts';
import { l2Penalty, mean, sigmoidCrossEntropy } from './graph/loss.ts';
import { attr } from './graph/proto.ts';
import { networkParameters, parameterKinds } from './parameters.ts';
import { type Parameter, type Parameters, variableLayers } from './variable-layers.ts';

export interface LearningOptions {
  /** Loss weight of a voxel of a metastasis. */
  readonly positiveWeight: number;
  /** Of batch normalization's moving averages: average = momentum average + (1 - momentum) value. */
  readonly momentum: number;
  readonly adam: AdamOptions;
  /** Batches whose gradients are averaged for one step. */
  readonly microBatches: number;
}

/** Grøvik et al. 2020, "Training"; its learning rate is 0.001. */
export const paperLearning: LearningOptions = {
  positiveWeight: 10,
  momentum: 0.99,
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-5 },
  microBatches: 1,
};

/** Variables that hold sums of gradients between the batches of one step; a checkpoint, which is made between steps, has none. */
const accumulators = 'accumulator/';

/**
 * The whole graph of a training session, as signatures that share its variables:
 * `init` (seed [2] → all variables), `train` (x, y, learning_rate → loss; one step), `infer` (x → probability, by the moving
 * averages), `read` (→ every variable) and `assign` (every variable → ). Where a step takes several batches, `train` is for the last of
 * them, `accumulate_first` (x, y → loss) for the first and `accumulate` for those between. Each batch is normalized by its own
 * moments, each moves the moving averages, and Adam sees the mean of their gradients.
 * `loss` is the mean cross-entropy of the batch with the L2 penalty, before the step.
 */
export function trainingGraph(architecture: Architecture, learning: LearningOptions = paperLearning): Graph {
  const { batch, sizePixels, channels, compute } = architecture;
  checkNetwork(architecture);
  checkSlices({ rows: sizePixels, columns: sizePixels, batch });
  const g = new Graph();
  const parameters: Parameters = new Map();
  const x = g.placeholder('x', 'float32', [batch, sizePixels, sizePixels, channels]);
  const slots = g.scope('train', () => addTraining(g, x, parameters, architecture, learning));
  g.scope('infer', () => {
    const logits = googlenet25d(g, x, architecture, variableLayers(g, parameters, compute, false));
    g.signature('infer', { x }, { probability: unary(g, 'Sigmoid', logits) });
  });
  const inOrder = networkParameters(architecture).map(({ name }) => parameters.get(name)!);
  g.scope('init', () => addInitializers(g, inOrder, slots));
  addState(g);
  return g;
}

function addTraining(
  g: Graph,
  x: Tensor,
  parameters: Parameters,
  architecture: Architecture,
  { positiveWeight, momentum, adam: options, microBatches }: LearningOptions,
): Slot[] {
  const y = g.placeholder('y', 'float32', [...x.shape.slice(0, 3), 1]);
  const learningRate = g.placeholder('learning_rate', 'float32', []);
  const layers = variableLayers(g, parameters, architecture.compute, true);
  const logits = googlenet25d(g, x, architecture, layers);
  const crossEntropy = mean(g, sigmoidCrossEntropy(g, logits, y, positiveWeight));
  const trained = [...layers.values].filter(([{ kind }]) => parameterKinds[kind].trained);
  const values = trained.map(([, value]) => value);
  const slopes = g.scope('gradients', () => gradients(g, crossEntropy, values));
  const decaying = trained.filter(([{ kind }]) => parameterKinds[kind].decays).map(([, value]) => value);
  const loss = binary(g, 'AddV2', crossEntropy, l2Penalty(g, decaying, options.weightDecay));
  const averages = layers.moments.map(({ average, value }) => updateMovingAverage(g, average, value, momentum));
  const names = trained.map(([{ name }]) => name);
  const means = microBatches > 1 ? accumulate(g, { names, slopes, microBatches, x, y, loss, averages }) : slopes;
  const steps = trained.map(([variable, value], i) => {
    return { variable, value, gradient: means[i]!, decays: parameterKinds[variable.kind].decays };
  });
  const { slots, updates } = g.scope('adam', () => adam(g, steps, learningRate, options));
  const inputs = { x, y, learning_rate: learningRate };
  g.signature('train', inputs, { loss: g.identity(loss, [...updates, ...averages]) });
  return slots;
}

interface Accumulation {
  readonly names: readonly string[];
  readonly slopes: readonly Tensor[];
  readonly microBatches: number;
  readonly x: Tensor;
  readonly y: Tensor;
  readonly loss: Tensor;
  readonly averages: readonly Node[];
}

/** Adds `accumulate_first` and `accumulate`, and returns the mean of their gradients and this batch's. */
function accumulate(g: Graph, { names, slopes, microBatches, x, y, loss, averages }: Accumulation): Tensor[] {
  const sums = slopes.map(({ shape }, i) => g.variable(`${accumulators}${names[i]}`, shape));
  const keep = (name: string, op: string): void => {
    const kept = sums.map((sum, i) => g.assign(sum, slopes[i]!, [], op));
    g.signature(name, { x, y }, { loss: g.identity(loss, [...kept, ...averages]) });
  };
  keep('accumulate_first', 'AssignVariableOp');
  keep('accumulate', 'AssignAddVariableOp');
  const share = g.constant(1 / microBatches);
  return sums.map((sum, i) => binary(g, 'Mul', addN(g, [g.read(sum), slopes[i]!]), share));
}

/** Adds `init`, which gives every variable its first value; the same seed gives the same ones. */
function addInitializers(g: Graph, parameters: readonly Parameter[], slots: readonly Slot[]): void {
  const seed = g.placeholder('seed', 'int32', [2]);
  const set = (variable: Variable, initial: number): Node =>
    g.assign(variable, fill(g, variable.shape, g.constant(initial)));
  const assigned = [
    ...slots.map(({ variable, initial }) => set(variable, initial)),
    ...parameters.map((parameter, i) => {
      const { initial } = parameterKinds[parameter.kind];
      if (initial !== 'random') return set(parameter, initial);
      const ownSeed = binary(g, 'AddV2', seed, g.constant(Int32Array.of(0, i), [2]));
      return g.assign(parameter, truncatedNormal(g, parameter, ownSeed));
    }),
  ];
  g.signature('init', { seed }, { done: done(g, assigned) });
}

/** He's initialization for the convolutions; the head, whose output is the logit, starts near zero. */
function truncatedNormal(g: Graph, { shape, kind }: Parameter, seed: Tensor): Tensor {
  const [rows = 1, columns = 1, inputs = 1] = shape;
  const deviation = kind === 'head' ? 0.01 : Math.sqrt(2 / (rows * columns * inputs));
  const attrs = { dtype: attr.type('float32'), T: attr.type('int32'), Tseed: attr.type('int32') };
  const normal = g.op('StatelessTruncatedNormal', [g.integers(shape), seed], attrs, { dtype: 'float32', shape });
  return binary(g, 'Mul', normal, g.constant(deviation));
}

/** Adds `assign` and `read`: all that the session holds, weights, moving averages and optimizer, each by its variable's name. */
function addState(g: Graph): void {
  const variables = stateVariables(g);
  g.scope('assign', () => {
    const inputs: Record<string, Tensor> = {};
    const assigned = variables.map((variable) => {
      const value = g.placeholder(variable.name, 'float32', variable.shape);
      inputs[variable.name] = value;
      return g.assign(variable, value);
    });
    g.signature('assign', inputs, { done: done(g, assigned) });
  });
  g.scope('read', () => {
    const outputs = variables.map((variable) => [variable.name, g.read(variable)] as const);
    g.signature('read', {}, Object.fromEntries(outputs));
  });
}

/** The variables that a checkpoint holds. */
export const stateVariables = (g: Graph): Variable[] =>
  [...g.variables.values()].filter(({ name }) => !name.startsWith(accumulators));

/** A signature has to return something; this depends on what it is meant to do. */
const done = (g: Graph, nodes: readonly Node[]): Tensor => g.identity(g.constant(1), nodes);
