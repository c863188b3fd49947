import type { ComputeType } from './architecture.ts';
import { EngineError } from './engine-protocol.ts';
import { type VolumeShape, volumeGraph } from './inference-graph.ts';
import { type InferenceMemory, inferenceMemory } from './inference-memory.ts';
import { Session } from './session.ts';
import { slabSlices } from './slab.ts';
import type { Weights } from './weights.ts';

/** The sequences of a study, as a network takes them. */
export interface NetworkVolume {
  /** [sequences, slices, rows, columns] */
  readonly data: Uint8Array;
  readonly sequences: number;
  readonly slices: number;
  /** A multiple of 4. */
  readonly rows: number;
  /** A multiple of 4. */
  readonly columns: number;
}

export interface PredictorOptions {
  readonly compute: ComputeType;
  /** For short-lived files. */
  readonly directory: string;
  /** What the machine has; asked for unless given. */
  readonly memory?: InferenceMemory;
}

/**
 * A trained network and the volume that it looks at, in a native session. Each call blocks the event loop until it is done.
 * A session is made for one size of volume; a volume of another size gets another.
 */
export class Predictor {
  readonly #weights: Weights;
  readonly #options: PredictorOptions;
  #opened: { readonly session: Session; readonly shape: VolumeShape } | undefined;

  constructor(weights: Weights, options: PredictorOptions) {
    this.#weights = weights;
    this.#options = options;
  }

  /**
   * Takes a volume in the place of the one before.
   * @returns how many slices at a time are predicted best
   * @throws Error if it does not fit the network; EngineError TOO_LARGE if it does not fit into memory
   */
  async load({ data, sequences, slices, rows, columns }: NetworkVolume): Promise<{ batch: number }> {
    const { network } = this.#weights;
    if (sequences * slabSlices !== network.channels || data.length !== sequences * slices * rows * columns) {
      const given = `${data.length} values of ${sequences} sequences of ${slices} x ${rows} x ${columns} voxels`;
      throw new Error(`${given} are no volume for a network of ${network.channels} channels.`);
    }
    const { compute, directory, memory } = this.#options;
    const { batch } = inferenceMemory(network, { slices, rows, columns, compute }, memory);
    const shape: VolumeShape = { slices, rows, columns, batch, compute };
    if (!this.#opened || !sameVolume(this.#opened.shape, shape)) {
      this.close();
      this.#opened = { shape, session: await Session.open(volumeGraph(this.#weights, shape), directory) };
    }
    this.#opened.session.run('load', { volume: asIntegers(data) });
    return { batch };
  }

  /**
   * Probabilities, [count, rows, columns], of slices of the volume, in any order and any number.
   * @throws Error if there is no volume or no such slice; EngineError NOT_FINITE if an answer is not a number
   */
  predict(centres: readonly number[]): Float32Array {
    if (!this.#opened) throw new Error('Slices were asked for before a volume was loaded.');
    const { session, shape } = this.#opened;
    const { slices, rows, columns, batch } = shape;
    const unknown = centres.find((slice) => !Number.isInteger(slice) || slice < 0 || slice >= slices);
    if (unknown !== undefined) throw new RangeError(`There is no slice ${unknown} among ${slices}.`);
    const pixels = rows * columns;
    const probability = new Float32Array(centres.length * pixels);
    for (let first = 0; first < centres.length; first += batch) {
      const some = centres.slice(first, first + batch);
      // What a last batch lacks is filled with slice 0.
      const full = Int32Array.from({ length: batch }, (_, n) => some[n] ?? 0);
      const { probability: result, finite } = session.run('predict', { centres: full });
      if (finite?.[0] !== 1)
        throw new EngineError('NOT_FINITE', 'The network answered with what is not a finite number.');
      probability.set(result!.subarray(0, some.length * pixels), first * pixels);
    }
    return probability;
  }

  close(): void {
    this.#opened?.session.close();
    this.#opened = undefined;
  }
}

const sameVolume = (a: VolumeShape, b: VolumeShape): boolean =>
  a.slices === b.slices && a.rows === b.rows && a.columns === b.columns && a.batch === b.batch;

/** Four bytes an integer, without a copy where the bytes lie at a multiple of 4. */
function asIntegers(data: Uint8Array): Int32Array {
  const { buffer, byteOffset, length } = data.byteOffset % 4 === 0 ? data : new Uint8Array(data);
  return new Int32Array(buffer, byteOffset, length / 4);
}
