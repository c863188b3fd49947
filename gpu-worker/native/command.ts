import { spawn } from 'node:child_process';

/** Receives one line of progress for a person. */
export type Log = (line: string) => void;

export interface CommandResult {
  readonly succeeded: boolean;
  /** Standard output, then standard error, at most the last 20 000 characters of each. */
  readonly output: string;
}

const keptCharacters = 20_000;
const reminderMs = 5_000;

/**
 * Runs a program, without a shell. While it takes longer than 2 s, `what` and the seconds so far are logged.
 * A program that does not exist is a failure, not an exception.
 */
export function runCommand(
  program: string,
  args: readonly string[],
  options: { readonly what: string; readonly log: Log; readonly env?: NodeJS.ProcessEnv },
): Promise<CommandResult> {
  const started = Date.now();
  const report = (): void => options.log(`${options.what}: ${Math.round((Date.now() - started) / 1000)} s`);
  let repeating: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    report();
    repeating = setInterval(report, reminderMs);
  }, 2_000);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: options.env ?? process.env });
  const kept = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    kept.out = (kept.out + chunk.toString()).slice(-keptCharacters);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    kept.err = (kept.err + chunk.toString()).slice(-keptCharacters);
  });
  return new Promise((resolve) => {
    const finish = (succeeded: boolean, note = ''): void => {
      clearTimeout(first);
      clearInterval(repeating);
      resolve({ succeeded, output: [kept.out, kept.err, note].filter(Boolean).join('\n').trim() });
    };
    child.once('error', (error) => finish(false, error.message));
    child.once('close', (code) => finish(code === 0));
  });
}
