import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A running PostgreSQL server, as its `postmaster.pid` tells. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** The process that `postmaster.pid` in a cluster names, alive or not; undefined if there is no such file. */
export function recordedPid(cluster: string): number | undefined {
  const pid = Number(pidFileLines(cluster)[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/**
 * The server that runs on a cluster. A pid file left by a dead server may name some other process by now, so the
 * process must have been started with this very folder.
 */
export function runningPostmaster(cluster: string): Postmaster | undefined {
  const lines = pidFileLines(cluster);
  const pid = recordedPid(cluster);
  if (pid === undefined || !isPostmaster(pid, cluster)) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** Whether the process is alive and was started as the server of this cluster. */
export function isPostmaster(pid: number, cluster: string): boolean {
  const argv = commandLine(pid);
  return argv[0]?.endsWith('/postgres') === true && argv[argv.indexOf('-D') + 1] === cluster;
}

/** The arguments a process was started with; empty if it is gone or a zombie. */
export function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/**
 * Ends a server: orderly (SIGINT closes its connections), and after 30 s without a checkpoint (SIGQUIT).
 * @throws Error if it is still there 10 s later.
 */
export async function stopPostmaster(pid: number, cluster: string): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    if (!isPostmaster(pid, cluster)) return;
    process.kill(pid, signal);
    if (await becomesTrue(() => !isPostmaster(pid, cluster), patienceMs)) return;
  }
  throw new Error(`PostgreSQL (process ${pid}) on ${cluster} does not stop; end it by hand: kill -9 ${pid}`);
}

/**
 * Waits for the processes of a server that was killed to notice it: while one is attached to the shared memory, a new
 * server may not touch the data.
 * @throws Error naming them if they are still there after 15 s.
 */
export async function waitForOrphans(cluster: string): Promise<void> {
  if (await becomesTrue(() => processesIn(cluster).length === 0, 15_000)) return;
  throw new Error(`Processes ${processesIn(cluster).join(', ')} still use the database in ${cluster}; end them first.`);
}

/** Polls until the condition holds. Returns false if it does not within `patienceMs`. */
export async function becomesTrue(condition: () => boolean, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Processes whose working folder is the cluster, as that of each PostgreSQL process is; those we may not see are left out. */
function processesIn(cluster: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === cluster;
      } catch {
        return false;
      }
    })
    .map(Number);
}

function pidFileLines(cluster: string): string[] {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}
