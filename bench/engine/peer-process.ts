import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type About, type Learner, peakMemory, processorTime } from './contender.ts';

export interface PeerProgram {
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const keptCharacters = 4000;

/**
 * A peer in a process of its own. It is asked by lines of JSON, {"do", "with"}, on its standard input, one after another, and answers each
 * by a line {"value"} or {"error"} on its standard output (peers/conversation.py). What it writes to standard error is shown when it fails.
 */
export class PeerProcess implements Learner {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #asked: Asked[] = [];
  #about: About = { device: 'unknown', versions: {} };
  #said = '';
  #ended = false;

  constructor({ name, command: [program, ...args], env }: PeerProgram) {
    this.name = name;
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-keptCharacters);
    });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#receive(line));
    // A request to a peer that has just died fails here; its end, reported below, is what matters.
    this.#child.stdin!.on('error', () => {});
    this.#child.once('error', (error) => this.#die(`could not be started: ${error.message}`));
    this.#child.once('close', (code, signal) => this.#die(`ended (${signal ?? `code ${code}`})`));
  }

  get about(): About {
    return this.#about;
  }

  /** Gives it weights, input and settings; what it held before is let go. */
  async open(settings: Readonly<Record<string, unknown>>): Promise<this> {
    this.#about = await this.#ask<About>('open', settings);
    return this;
  }

  run(slices: number): Promise<number> {
    return this.#ask('run', { slices });
  }

  losses(steps: number): Promise<number[]> {
    return this.#ask('losses', { steps });
  }

  async probability(): Promise<Float32Array> {
    const bytes = Buffer.from(await this.#ask<string>('probability'), 'base64');
    return new Float32Array(Uint8Array.from(bytes).buffer);
  }

  processorMs(): Promise<number> {
    return processorTime(this.#child.pid!);
  }

  peakBytes(): Promise<number> {
    return peakMemory(this.#child.pid!);
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
  }

  #ask<T>(what: string, settings: Readonly<Record<string, unknown>> = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#ended) return reject(new Error(`${this.name} has ended.`));
      this.#asked.push({ resolve: resolve as Asked['resolve'], reject });
      this.#child.stdin!.write(`${JSON.stringify({ do: what, with: settings })}\n`);
    });
  }

  #receive(line: string): void {
    const asked = this.#asked.shift();
    const answer = JSON.parse(line) as { value?: unknown; error?: string };
    if (answer.error === undefined) asked?.resolve(answer.value);
    else asked?.reject(new Error(`${this.name} failed: ${answer.error}\n${this.#said}`.trim()));
  }

  #die(how: string): void {
    this.#ended = true;
    for (const { reject } of this.#asked.splice(0)) reject(new Error(`${this.name} ${how}.\n${this.#said}`.trim()));
  }
}
