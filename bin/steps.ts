import { spawn } from 'node:child_process';

/** What a program printed, both streams together, and its exit code (1 if a signal ended it). */
export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end and keeps what it prints. A program that cannot be started is an outcome too. */
export function capture(program: string, args: readonly string[], options: { cwd: string }): Promise<Outcome> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: `${program} could not be started: ${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Text in red where the terminal or CI's log shows colours. */
export function red(text: string): string {
  const colours = process.env.NO_COLOR === undefined && (process.stdout.isTTY || process.env.CI === 'true');
  return colours ? `\u001b[31m${text}\u001b[0m` : text;
}

/** Seconds since a time given in ms, with one decimal. */
export function secondsSince(beganMs: number): string {
  return `${((performance.now() - beganMs) / 1000).toFixed(1)} s`;
}
