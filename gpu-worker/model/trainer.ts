import type { Architecture, ComputeType, Network } from './architecture.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import type { Graph } from './graph/graph.ts';
import type { TensorMap } from './safetensors.ts';
import { Session } from './session.ts';
import { type LearningOptions, paperLearning, stateVariables, trainingGraph } from './training-graph.ts';
import { pickWeights, type Weights } from './weights.ts';

export interface TrainingPlan {
  readonly architecture: Architecture;
  /** Of the initial weights. */
  readonly seed: number;
  /** The paper's unless given. */
  readonly learning?: LearningOptions;
}

/** Slices and their labels. */
export interface Batch {
  /** [batch, rows, columns, channels] */
  readonly x: Float32Array;
  /** [batch, rows, columns], 0 or 1 */
  readonly y: Float32Array;
}

/** The training has come to values that are no numbers. */
export class Diverged extends Error {
  override readonly name = 'Diverged';
}

/** The paper's learning rate. */
export const paperLearningRate = 1e-3;

/** A training in one native session. Each call blocks the event loop until it is done. */
export class Trainer {
  readonly #plan: TrainingPlan;
  readonly #graph: Graph;
  readonly #session: Session;
  #step = 0;
  /** Batches of the next step that were learnt from already. */
  #accumulated = 0;

  private constructor(plan: TrainingPlan, graph: Graph, session: Session) {
    this.#plan = plan;
    this.#graph = graph;
    this.#session = session;
  }

  /** Starts with random weights that depend on the plan's seed alone. `directory` is for short-lived files. */
  static async open(plan: TrainingPlan, directory: string): Promise<Trainer> {
    const graph = trainingGraph(plan.architecture, plan.learning ?? paperLearning);
    const session = await Session.open(graph, directory);
    session.run('init', { seed: Int32Array.of(plan.seed | 0, Math.floor(plan.seed / 2 ** 32) | 0) });
    return new Trainer(plan, graph, session);
  }

  /** Steps done since the random start. */
  get steps(): number {
    return this.#step;
  }

  /** Learns from one batch of a step, but from its last. @throws Error if it is the last, by the plan. */
  accumulate({ x, y }: Batch): { loss: number } {
    if (this.#accumulated + 1 >= this.#microBatches)
      throw new Error(`A step takes ${this.#microBatches} batches by the plan, and this is the last of them.`);
    const { loss } = this.#session.run(this.#accumulated === 0 ? 'accumulate_first' : 'accumulate', { x, y });
    this.#accumulated++;
    return { loss: loss?.[0] ?? Number.NaN };
  }

  /**
   * Learns from the last batch of a step, the only one unless the plan has several; `loss` is the batch's before the step, and NaN if the
   * training has diverged. @throws Error if batches of the step are missing
   */
  step({ x, y }: Batch, learningRate = paperLearningRate): { loss: number } {
    if (this.#accumulated + 1 !== this.#microBatches)
      throw new Error(
        `A step takes ${this.#microBatches} batches by the plan; this is number ${this.#accumulated + 1}.`,
      );
    this.#accumulated = 0;
    const { loss } = this.#session.run('train', { x, y, learning_rate: Float32Array.of(learningRate) });
    this.#step++;
    return { loss: loss?.[0] ?? Number.NaN };
  }

  /** Probabilities of a full batch, [batch, rows, columns], by batch normalization's moving averages. */
  predict(x: Float32Array): Float32Array {
    return this.#session.run('infer', { x }).probability!;
  }

  /**
   * A checkpoint; `randomState` is the state of the random numbers that choose the batches.
   * @throws Diverged if a value is none, so that no checkpoint ever holds such
   */
  state(randomState = ''): Uint8Array {
    if (this.#accumulated > 0) throw new Error('A checkpoint is made between two steps, not amid the batches of one.');
    const { compute } = this.#plan.architecture;
    return encodeCheckpoint({ network: this.#network, compute, tensors: this.#read(), step: this.#step, randomState });
  }

  /** Goes on from a checkpoint, and returns what the batches have to go on from. @throws Error if it is of another network. */
  restore(bytes: Uint8Array): { step: number; randomState: string } {
    const { network, compute, tensors, step, randomState } = decodeCheckpoint(bytes);
    const text = ({ width, channels }: Network, type: ComputeType): string =>
      `width ${width} and ${channels} channels in ${type}`;
    const [its, own] = [text(network, compute), text(this.#network, this.#plan.architecture.compute)];
    if (its !== own) throw new Error(`The checkpoint is of a network of ${its}; this one has ${own}.`);
    this.#assign(tensors);
    this.#step = step;
    this.#accumulated = 0;
    return { step, randomState };
  }

  /** @throws Diverged if a value is none */
  weights(): Weights {
    const network = this.#network;
    return { network, tensors: pickWeights(this.#read(), network, 'among others') };
  }

  /** Warm start: takes the weights of an earlier version; the optimizer and the count of steps stay as they are. */
  warmStart({ tensors }: Weights): void {
    this.#assign(new Map([...this.#read(), ...pickWeights(tensors, this.#network, 'exactly')]));
  }

  close(): void {
    this.#session.close();
  }

  get #microBatches(): number {
    return this.#plan.learning?.microBatches ?? 1;
  }

  get #network(): Network {
    const { width, channels } = this.#plan.architecture;
    return { width, channels };
  }

  #read(): TensorMap {
    const values = this.#session.run('read');
    return new Map(
      stateVariables(this.#graph).map(({ name, shape }) => {
        const data = values[name]!;
        if (!data.every(Number.isFinite)) throw new Diverged(`After step ${this.#step} ${name} is no number any more.`);
        return [name, { shape, data }];
      }),
    );
  }

  #assign(tensors: TensorMap): void {
    for (const { name } of stateVariables(this.#graph)) {
      if (!tensors.has(name)) throw new Error(`The checkpoint lacks ${name}; it is of another network or program.`);
    }
    this.#session.run('assign', Object.fromEntries([...tensors].map(([name, { data }]) => [name, data])));
  }
}
