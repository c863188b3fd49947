import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture, red, secondsSince } from '../steps.ts';

const root = join(import.meta.dirname, '../..');

interface Step {
  readonly name: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
  /** What to do about a failure. */
  readonly advice: string;
  /** A script that must exist for the step to make sense. */
  readonly needs?: string;
}

const steps: readonly Step[] = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], advice: 'Correct the types.' },
  {
    name: 'types of the pages',
    args: ['node_modules/typescript/bin/tsc', '-p', 'web/tsconfig.json'],
    advice: 'Correct the types.',
  },
  {
    name: 'format and lint',
    args: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '--max-diagnostics=30'],
    advice: 'Most of it is mended by node_modules/.bin/biome check --write',
  },
  {
    name: 'generated code',
    args: ['bin/start.mjs', 'generate', '--check'],
    advice: 'Run npm run generate',
    needs: 'bin/commands/generate.ts',
  },
  { name: 'rules', args: ['--test', 'test/tidy.test.ts'], advice: 'Each message above says what to do.' },
];

/** Checks what needs no services: one line a step, and the tool's own words where it fails. */
export async function run(): Promise<number> {
  let failures = 0;
  for (const { name, args, advice, needs } of steps) {
    if (needs !== undefined && !existsSync(join(root, needs))) continue;
    const began = performance.now();
    const { code, output } = await capture(process.execPath, args, { cwd: root });
    const verdict = code === 0 ? 'ok' : red('failed');
    process.stdout.write(`check: ${name.padEnd(18)}${verdict}  ${secondsSince(began)}\n`);
    if (code === 0) continue;
    failures++;
    process.stdout.write(`${output.trimEnd()}\n${advice}\n`);
  }
  return failures === 0 ? 0 : 1;
}
