import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { endLeftovers, killGroup, openProcessRecord, type ProcessRecord } from './leftovers.ts';

export interface ProcessSpec {
  /** Begins each line of its output in the log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** When it counts as started: an address answers with a 2xx status, or a line of its output matches. */
  readonly ready: { readonly url: string } | { readonly line: RegExp };
  /** 60 s by default. */
  readonly readyWithinMs?: number;
  /** How long it may take to end after SIGTERM; 10 s by default. */
  readonly stopWithinMs?: number;
}

/**
 * Starts services one after the other and ends them in reverse order: when asked, at SIGINT or SIGTERM (a second one
 * ends them at once), or when one of its processes ends by itself.
 */
export interface Supervisor {
  /** Starts a process and waits until it is ready. @throws Error if it ends before, or is too slow. */
  start(spec: ProcessSpec): Promise<void>;
  /** Adds something that runs in this process or elsewhere, to be stopped in its turn. */
  add(name: string, stop: () => Promise<void>): void;
  /** Kills a process as a power cut would, and nothing else. @returns what starts it again */
  interrupt(name: string): Promise<() => Promise<void>>;
  stopAll(): Promise<void>;
  /** Resolves when everything was stopped, with the exit code: 0 after a signal or `stopAll`, 1 after a failure. */
  untilStopped(): Promise<number>;
}

interface Service {
  readonly name: string;
  /** Of a process of its own. */
  readonly launched?: { readonly spec: ProcessSpec; readonly child: ChildProcess };
  stop(): Promise<void>;
  kill?(): void;
}

/** Signals that arrive together, from the terminal and from npm, are one wish. */
const SECOND_SIGNAL_AFTER_MS = 1000;

/**
 * Ends what an earlier, killed supervisor with the same record left behind, and begins to listen to signals.
 * @param options.recordFile Where the processes are recorded; one supervisor a file.
 * @param options.log Receives single lines: our own, and the output of the processes.
 */
export async function superviseProcesses(options: {
  recordFile: string;
  log: (line: string) => void;
}): Promise<Supervisor> {
  const { recordFile, log } = options;
  const ended = await endLeftovers(recordFile);
  if (ended.length > 0) log(`ended what an earlier start had left running: process ${ended.join(', ')}`);
  const record = openProcessRecord(recordFile);
  const services: Service[] = [];
  const interrupted = new WeakSet<ChildProcess>();
  const stopped = Promise.withResolvers<number>();
  let stopping: Promise<void> | undefined;
  let exitCode = 0;
  let firstSignalAt = 0;

  const stopInReverse = async (): Promise<void> => {
    for (const service of services.toReversed()) {
      await service.stop().catch((error: unknown) => {
        log(`${service.name} could not be stopped: ${String(error)}`);
        exitCode = 1;
      });
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, onSignal);
    stopped.resolve(exitCode);
  };
  const stopAll = (): Promise<void> => {
    stopping ??= stopInReverse();
    return stopping;
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstSignalAt === 0) {
      firstSignalAt = Date.now();
      log(`${signal}: stopping`);
      void stopAll();
    } else if (Date.now() - firstSignalAt > SECOND_SIGNAL_AFTER_MS) {
      for (const service of services) service.kill?.();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

  const supervisor: Supervisor = {
    async start(spec) {
      if (stopping) throw new Error(`${spec.name} is not started any more: the services are being stopped.`);
      const child = launch(spec, record, log);
      services.push({
        name: spec.name,
        launched: { spec, child },
        stop: () => stopChild(child, spec.stopWithinMs ?? 10_000),
        kill: () => killGroup(child.pid!, 'SIGKILL'),
      });
      child.once('exit', (code, signal) => {
        record.remove(child.pid!);
        if (stopping || interrupted.has(child)) return;
        log(`${spec.name} ended by itself (${signal ?? `exit code ${code}`}): stopping`);
        exitCode = 1;
        void stopAll();
      });
      await waitUntilReady(child, spec);
    },
    add: (name, stop) => {
      services.push({ name, stop });
    },
    async interrupt(name) {
      const at = services.findIndex((service) => service.name === name && service.launched);
      const { launched } = services[at] ?? {};
      if (!launched) throw new Error(`no process ${name} was started`);
      const { spec, child } = launched;
      interrupted.add(child);
      services.splice(at, 1);
      const exited = once(child, 'exit');
      killGroup(child.pid!, 'SIGKILL');
      await exited;
      log(`${name} was killed`);
      return () => supervisor.start(spec);
    },
    stopAll,
    untilStopped: () => stopped.promise,
  };
  return supervisor;
}

function launch(spec: ProcessSpec, record: ProcessRecord, log: (line: string) => void): ChildProcess {
  // A process group of its own: Ctrl-C in the terminal reaches us alone, and its children can be ended with it.
  const child = spawn(spec.command, spec.args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...spec.env },
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
  });
  child.on('error', (error) => log(`${spec.name} could not be started: ${error.message}`));
  if (child.pid === undefined)
    throw new Error(`${spec.name} could not be started: is there a program ${spec.command}?`);
  record.add(child.pid);
  for (const output of [child.stdout, child.stderr] as Readable[]) {
    createInterface({ input: output }).on('line', (line) => log(`${spec.name} | ${line}`));
  }
  return child;
}

async function waitUntilReady(child: ChildProcess, spec: ProcessSpec): Promise<void> {
  const withinMs = spec.readyWithinMs ?? 60_000;
  const ended = new AbortController();
  const { ready } = spec;
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `exit code ${code}`}`));
  });
  const late = sleep(withinMs, `it was not ready after ${withinMs / 1000} s`, { signal: ended.signal });
  const answered = 'url' in ready ? answersAt(ready.url, ended.signal) : printsLine(child, ready.line);
  const failure = await Promise.race([gone, late, answered]);
  ended.abort();
  late.catch(() => undefined);
  if (failure !== undefined) throw new Error(`${spec.name} did not start: ${failure}.`);
}

async function answersAt(url: string, signal: AbortSignal): Promise<undefined> {
  while (!signal.aborted) {
    const ok = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]) }).then(
      (response) => response.body?.cancel().then(() => response.ok) ?? response.ok,
      () => false,
    );
    if (ok) return undefined;
    await sleep(100);
  }
  return undefined;
}

function printsLine(child: ChildProcess, wanted: RegExp): Promise<undefined> {
  return new Promise((resolve) => {
    for (const output of [child.stdout, child.stderr] as Readable[]) {
      createInterface({ input: output }).on('line', (line) => {
        if (wanted.test(line)) resolve(undefined);
      });
    }
  });
}

async function stopChild(child: ChildProcess, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return killGroup(child.pid!, 'SIGKILL');
  const exited = once(child, 'exit');
  const closed = once(child, 'close');
  const forced = setTimeout(() => killGroup(child.pid!, 'SIGKILL'), withinMs);
  killGroup(child.pid!, 'SIGTERM');
  await exited;
  clearTimeout(forced);
  // What it started itself and did not end.
  killGroup(child.pid!, 'SIGKILL');
  // Its last words; something it started in a group of its own may hold the pipe open for longer.
  await Promise.race([closed, sleep(1000, undefined, { ref: false })]);
}
