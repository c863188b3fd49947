import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ComputeType, computeTypes } from '../../gpu-worker/model/architecture.ts';
import { encodeSafetensors } from '../../gpu-worker/model/safetensors.ts';
import { encodeWeights, type Weights } from '../../gpu-worker/model/weights.ts';
import { engineFlavour } from '../../gpu-worker/native/install.ts';
import type { About } from './contender.ts';
import type { Extent } from './extent.ts';
import type { Figure } from './figure.ts';
import { hasBfloat16, type Machine } from './machine.ts';
import { ensurePeers } from './peers.ts';
import { type MadeUpStudy, madeUpWeights, slabsOf } from './subject.ts';

/** What a measurement came to. */
export interface Outcome {
  readonly figures: readonly Figure[];
  /** Further tables in Markdown, each under a heading. */
  readonly tables: readonly string[];
}

/** What all measurements of a run share. */
export class BenchRun {
  readonly extent: Extent;
  readonly machine: Machine;
  readonly threads: number;
  readonly weights: Weights;
  /** Tells a person what is going on. */
  readonly say: (line: string) => void;
  /** Versions of the peers that have taken part. */
  readonly versions: Record<string, string> = {};
  readonly #folder: string;
  #python: Promise<string> | undefined;
  #files = 0;

  private constructor(extent: Extent, machine: Machine, say: (line: string) => void, folder: string) {
    this.extent = extent;
    this.machine = machine;
    this.threads = machine.cores;
    this.weights = madeUpWeights(extent.width);
    this.say = say;
    this.#folder = folder;
  }

  /** Files are exchanged with the peers in a folder that is deleted after `body`. */
  static async with<T>(
    { extent, machine, say }: Pick<BenchRun, 'extent' | 'machine' | 'say'>,
    body: (run: BenchRun) => Promise<T>,
  ): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'metloop-bench-'));
    try {
      return await body(new BenchRun(extent, machine, say, folder));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The type that a worker would be told to compute in for speed. */
  get fastCompute(): ComputeType {
    return hasBfloat16(this.machine) ? 'bfloat16' : 'float32';
  }

  /** The types worth measuring here. */
  get computes(): readonly ComputeType[] {
    return hasBfloat16(this.machine) ? computeTypes : ['float32'];
  }

  /** The peers' Python, installed with the first call. */
  python(): Promise<string> {
    this.#python ??= ensurePeers(engineFlavour(), this.say);
    return this.#python;
  }

  /** What a peer is to be opened with, besides its own settings: weights and input as safetensors files. */
  async peerSettings(study: MadeUpStudy, labels?: Float32Array): Promise<Record<string, unknown>> {
    const [columns, rows, slices] = study.brainMask.grid.size;
    const { channels, width } = this.weights.network;
    const tensors = new Map([['x', { shape: [slices, rows, columns, channels], data: slabsOf(study) }]]);
    if (labels) tensors.set('y', { shape: [slices, rows, columns], data: labels });
    return {
      weights: await this.#file(encodeWeights(this.weights)),
      slices: await this.#file(encodeSafetensors(tensors)),
      width,
      threads: this.threads,
    };
  }

  async #file(bytes: Uint8Array): Promise<string> {
    const path = join(this.#folder, `${++this.#files}.safetensors`);
    await writeFile(path, bytes);
    return path;
  }

  /** Notes the versions of a contender. */
  noteVersions({ versions }: About): void {
    Object.assign(this.versions, versions);
  }
}
