import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureEngine } from '../../gpu-worker/native/install.ts';
import { installTools, MISSING_TOOL } from '../../test/tools.ts';
import { runTestFiles, type TestTotals } from '../run-tests.ts';
import { red } from '../steps.ts';
import { run as check } from './check.ts';

const root = join(import.meta.dirname, '../..');
const artefacts = join(root, 'test-artefacts');

/** Those in test/ start services of their own: more of them at once only wait for each other. */
const SERVICE_CONCURRENCY = 2;

/**
 * Installs what the tests need, checks, and runs all tests; with arguments, runs just the tests whose path contains one
 * of them. The last line is `N passed, N failed`; checks that fail count as one failed test.
 */
export async function run(patterns: readonly string[]): Promise<number> {
  const say = (line: string): boolean => process.stdout.write(`${line}\n`);
  const files = testFiles(patterns);
  if (files.length === 0) {
    say(red(`No test file has ${patterns.join(' or ')} in its path.`));
    return 1;
  }
  await installTools(say);
  const checkFailed = patterns.length === 0 && (await check()) !== 0;
  await ensureEngine({ flavour: 'cpu', log: say });
  const logFile = join(artefacts, 'report.log');
  await mkdir(artefacts, { recursive: true });
  await writeFile(logFile, '');
  const pure = files.filter((file) => !file.startsWith('test/'));
  const withServices = files.filter((file) => file.startsWith('test/') && file !== 'test/tidy.test.ts');
  const totals = [
    await runTestFiles(pure, { root, logFile, concurrency: availableParallelism() }),
    await runTestFiles(withServices, { root, logFile, concurrency: SERVICE_CONCURRENCY }),
  ];
  say(`The full report is in ${logFile}`);
  return summarise(totals, checkFailed);
}

function testFiles(patterns: readonly string[]): string[] {
  return globSync('**/*.test.ts', { cwd: root, exclude: ['node_modules', 'web/**/node_modules', '.metloop'] })
    .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
    .sort();
}

function summarise(parts: readonly TestTotals[], checkFailed: boolean): number {
  const skipped = parts.flatMap((part) => part.skipped);
  const passed = parts.reduce((sum, part) => sum + part.passed, 0);
  const failed = parts.reduce((sum, part) => sum + part.failed, checkFailed ? 1 : 0);
  for (const { file, name, reason } of skipped) process.stdout.write(red(`skipped: ${file}: ${name}: ${reason}\n`));
  const intolerable = process.env.CI === 'true' && skipped.some(({ reason }) => reason.startsWith(MISSING_TOOL));
  if (intolerable) process.stdout.write(red('With CI=true a test that is skipped for want of a tool is a failure.\n'));
  if (checkFailed) process.stdout.write(red('The checks before the tests failed: see above.\n'));
  const rest = skipped.length === 0 ? '' : `, ${skipped.length} skipped`;
  process.stdout.write(`${passed} passed, ${failed} failed${rest}\n`);
  return failed > 0 || intolerable || passed === 0 ? 1 : 0;
}
