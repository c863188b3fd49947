import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedTensorMap, Tensor as RunTensor } from '@tensorflow/tfjs-node-gpu';
import { loadTensorFlow, type TensorFlow } from '../native/engine.ts';
import type { Graph, Tensor } from './graph/graph.ts';
import { elementCount } from './graph/spec.ts';

/** Values by the name of a signature's input or output. */
export type Values = Readonly<Record<string, Float32Array | Int32Array>>;
type LoadedSignature = Awaited<ReturnType<TensorFlow['node']['loadSavedModel']>>;

/** One native TensorFlow session, which holds the variables of a graph, and the signatures to run in it. */
export class Session {
  readonly #tf: TensorFlow;
  readonly #graph: Graph;
  readonly #signatures: ReadonlyMap<string, LoadedSignature>;

  private constructor(tf: TensorFlow, graph: Graph, signatures: ReadonlyMap<string, LoadedSignature>) {
    this.#tf = tf;
    this.#graph = graph;
    this.#signatures = signatures;
  }

  /** Opens a session on the graph; `directory` holds the graph's file while it is being read. */
  static async open(graph: Graph, directory: string): Promise<Session> {
    const tf = await loadTensorFlow();
    await mkdir(directory, { recursive: true });
    // Signatures of one folder share one session, and a folder of its own makes it a session of its own.
    const folder = await mkdtemp(join(directory, 'graph-'));
    try {
      await writeFile(join(folder, 'saved_model.pb'), graph.savedModel());
      const signatures = new Map<string, LoadedSignature>();
      for (const name of graph.signatures.keys()) {
        signatures.set(name, await tf.node.loadSavedModel(folder, ['serve'], name));
      }
      return new Session(tf, graph, signatures);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /**
   * Runs a signature; blocks the event loop until it is done.
   * @throws Error if an input is missing or has another number of elements than the graph says.
   */
  run(name: string, inputs: Values = {}): Record<string, Float32Array> {
    const known = this.#graph.signatures.get(name);
    const signature = this.#signatures.get(name);
    if (!known || !signature) throw new Error(`The graph has no signature "${name}".`);
    const fed: NamedTensorMap = {};
    // Not tf.tidy: it looks for tensors among the elements of every array that is returned, and fails beyond 16.7 million.
    try {
      for (const [key, placeholder] of Object.entries(known.inputs)) {
        fed[key] = this.#tensor(`${name}.${key}`, placeholder, inputs[key]);
      }
      const fetched = signature.predict(fed) as NamedTensorMap;
      const values = Object.entries(fetched).map(([key, value]) => [key, value.dataSync<'float32'>()] as const);
      this.#tf.dispose(fetched);
      return Object.fromEntries(values);
    } finally {
      this.#tf.dispose(fed);
    }
  }

  /** Frees the session; TensorFlow frees it with the last of its signatures. */
  close(): void {
    for (const signature of this.#signatures.values()) signature.dispose();
  }

  #tensor(key: string, { shape, dtype }: Tensor, values: Values[string] | undefined): RunTensor {
    if (!values) throw new Error(`Input ${key} was not given.`);
    if (values.length !== elementCount(shape)) {
      throw new Error(`Input ${key} was given ${values.length} values; its shape is [${shape.join(', ')}].`);
    }
    return this.#tf.tensor(values, [...shape], dtype === 'int32' ? 'int32' : 'float32');
  }
}
