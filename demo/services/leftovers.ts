import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { becomesTrue, commandLine } from './postmaster.ts';

/** A process that we started, so described that another one with the same number is not taken for it. */
interface Recorded {
  readonly pid: number;
  /** Start time in clock ticks since boot: a number is not given twice at one time. */
  readonly startTicks: string;
  readonly commandLine: readonly string[];
}

/** The processes we started and have not ended, kept in a file for the case that we are killed. */
export interface ProcessRecord {
  add(pid: number): void;
  remove(pid: number): void;
}

/** Opens the record, which must be empty or made by `endLeftovers`. */
export function openProcessRecord(file: string): ProcessRecord {
  const entries = new Map<number, Recorded>();
  mkdirSync(dirname(file), { recursive: true });
  const save = (): void => {
    if (entries.size === 0) {
      rmSync(file, { force: true });
    } else {
      writeFileSync(`${file}.new`, JSON.stringify([...entries.values()]), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    }
  };
  return {
    add(pid) {
      const startTicks = startTicksOf(pid);
      if (startTicks === undefined) return;
      entries.set(pid, { pid, startTicks, commandLine: commandLine(pid) });
      save();
    },
    remove(pid) {
      if (entries.delete(pid)) save();
    },
  };
}

/**
 * Ends the processes that a killed launcher left behind, together with their own children: SIGTERM, after 5 s SIGKILL.
 * A recorded number that now belongs to another process is left alone.
 * @returns The numbers of those that were ended.
 */
export async function endLeftovers(file: string): Promise<number[]> {
  const ours = readRecord(file).filter(isSame);
  for (const { pid } of ours) killGroup(pid, 'SIGTERM');
  if (!(await becomesTrue(() => !ours.some(isSame), 5000))) {
    for (const recorded of ours.filter(isSame)) killGroup(recorded.pid, 'SIGKILL');
    await becomesTrue(() => !ours.some(isSame), 5000);
  }
  rmSync(file, { force: true });
  return ours.map(({ pid }) => pid);
}

/** Sends a signal to a process group that we made; that it is gone is no error. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readRecord(file: string): Recorded[] {
  let entries: unknown;
  try {
    entries = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
  return Array.isArray(entries) ? entries.filter(isRecorded) : [];
}

function isRecorded(entry: unknown): entry is Recorded {
  const { pid, startTicks, commandLine: argv } = (entry ?? {}) as Partial<Recorded>;
  return Number.isInteger(pid) && pid! > 1 && typeof startTicks === 'string' && Array.isArray(argv);
}

function isSame({ pid, startTicks, commandLine: argv }: Recorded): boolean {
  return startTicksOf(pid) === startTicks && commandLine(pid).join('\0') === argv.join('\0');
}

/** Field 22 of /proc/<pid>/stat; counted from behind the name, which may contain spaces and brackets. */
function startTicksOf(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
