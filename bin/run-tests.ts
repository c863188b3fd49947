import { createWriteStream } from 'node:fs';
import { join, relative } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { red } from './steps.ts';

/** What a run of test files came to. */
export interface TestTotals {
  passed: number;
  failed: number;
  /** File, name and reason of each test that was skipped. */
  skipped: { readonly file: string; readonly name: string; readonly reason: string }[];
}

interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly file?: string;
    readonly skip?: string | boolean;
    readonly nesting?: number;
    readonly details?: { readonly type?: string; readonly error?: Error & { readonly cause?: unknown } };
    readonly counts?: { passed: number; failed: number; cancelled: number };
    readonly duration_ms?: number;
  };
}

/**
 * Runs test files, each in a process of its own, prints one line a file and what failed, and writes the full report.
 * @param options.logFile Receives the report of node:test's `spec` reporter.
 */
export async function runTestFiles(
  files: readonly string[],
  options: { root: string; logFile: string; concurrency: number },
): Promise<TestTotals> {
  const totals: TestTotals = { passed: 0, failed: 0, skipped: [] };
  if (files.length === 0) return totals;
  const nameOf = (file = ''): string => relative(options.root, file);
  const events = run({
    files: files.map((file) => join(options.root, file)),
    concurrency: options.concurrency,
    cwd: options.root,
  });
  const report = createWriteStream(options.logFile, { flags: 'a' });
  events.compose(new spec()).pipe(report);
  for await (const { type, data } of events as AsyncIterable<TestEvent>) {
    const { file, name = '', skip, details } = data;
    if (type === 'test:summary' && file !== undefined && data.counts) {
      const { passed, failed, cancelled } = data.counts;
      totals.passed += passed;
      totals.failed += failed + cancelled;
      const verdict =
        failed + cancelled === 0 ? `${passed} passed` : red(`${failed + cancelled} failed, ${passed} passed`);
      process.stdout.write(`${nameOf(file)}: ${verdict}, ${((data.duration_ms ?? 0) / 1000).toFixed(1)} s\n`);
    } else if (skip !== undefined && skip !== false) {
      totals.skipped.push({ file: nameOf(file), name, reason: typeof skip === 'string' ? skip : 'no reason given' });
    } else if (type === 'test:fail' && details?.type !== 'suite') {
      const cause = details?.error?.cause ?? details?.error;
      const words = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      process.stdout.write(`${red('failed:')} ${nameOf(file)}: ${name}\n${words.replace(/^/gm, '    ')}\n`);
    }
  }
  await finished(report);
  return totals;
}
