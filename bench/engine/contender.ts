import { readFile } from 'node:fs/promises';

/** What takes part in a measurement: our engine or a peer, opened with weights and input. It runs in a process of its own. */
export interface Contender {
  readonly name: string;
  /** Where it says that it computes, and versions of what it is made of. */
  readonly about: About;
  /** Goes through so many slices, a multiple of its batch, and returns ms per slice. */
  run(slices: number): Promise<number>;
  /** Probabilities of the input's first slices, as many as it takes at once, by the weights as they were given: [slices, rows, columns]. */
  probability(): Promise<Float32Array>;
  /** Processor time that its process has used so far, of all threads, in ms. */
  processorMs(): Promise<number>;
  /** The most memory that its process has held so far, in bytes. */
  peakBytes(): Promise<number>;
  close(): Promise<void>;
}

/** A contender that learns, all of its slices in one batch. */
export interface Learner extends Contender {
  /** The losses before each of the next steps. */
  losses(steps: number): Promise<number[]>;
}

export interface About {
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Linux counts processor time in hundredths of a second. */
const tickMs = 10;

/** Processor time of a process so far, of all its threads, in ms. @throws Error if the process is gone. */
export async function processorTime(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name, in brackets; user and system time are fields 14 and 15.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return tickMs * (Number(fields[11]) + Number(fields[12]));
}

/** Peak of the resident memory of a process, in bytes: VmHWM of /proc. @throws Error if the process is gone. */
export async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  if (kib === undefined) throw new Error(`The process ${pid} ended before its memory could be read.`);
  return Number(kib) * 1024;
}
