import { type InferenceShape, inferenceGraph } from './inference-graph.ts';
import { Session } from './session.ts';
import type { Weights } from './weights.ts';

/** A trained network in one native session. Each call blocks the event loop until it is done. */
export class Predictor {
  readonly #session: Session;
  readonly #batch: number;
  readonly #inputElements: number;
  readonly #outputElements: number;

  private constructor(session: Session, shape: InferenceShape, channels: number) {
    this.#session = session;
    this.#batch = shape.batch;
    this.#outputElements = shape.rows * shape.columns;
    this.#inputElements = this.#outputElements * channels;
  }

  /** `directory` is for short-lived files. @throws Error if the weights do not fit the network. */
  static async open(weights: Weights, shape: InferenceShape, directory: string): Promise<Predictor> {
    const session = await Session.open(inferenceGraph(weights, shape), directory);
    return new Predictor(session, shape, weights.network.channels);
  }

  /**
   * Probabilities, [count, rows, columns], of `count` slices, x [count, rows, columns, channels]; any count. They are run in
   * batches; what a last batch lacks is filled with zeros.
   */
  predict(x: Float32Array, count: number): Float32Array {
    if (x.length !== count * this.#inputElements) {
      throw new Error(`${count} slices take ${count * this.#inputElements} values; ${x.length} were given.`);
    }
    const probability = new Float32Array(count * this.#outputElements);
    for (let first = 0; first < count; first += this.#batch) {
      const slices = Math.min(this.#batch, count - first);
      let part = x.subarray(first * this.#inputElements, (first + slices) * this.#inputElements);
      if (slices < this.#batch) {
        const padded = new Float32Array(this.#batch * this.#inputElements);
        padded.set(part);
        part = padded;
      }
      const result = this.#session.run('infer', { x: part }).probability!;
      probability.set(result.subarray(0, slices * this.#outputElements), first * this.#outputElements);
    }
    return probability;
  }

  close(): void {
    this.#session.close();
  }
}
