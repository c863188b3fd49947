import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { promisify } from 'node:util';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { deidentify } from '../api/deidentify/deidentify.ts';
import { dicomReaders, pythonWith } from './tools.ts';

const run = promisify(execFile);
const python = await pythonWith(dicomReaders);
const folder = await mkdtemp(join(tmpdir(), 'metloop-deidentification-'));
after(() => rm(folder, { recursive: true }));

/** The scored actions of MIDI-B. */
const actions = [
  'tag_retained', 'text_notnull', 'text_retained', 'text_removed', 'date_shifted',
  'uid_changed', 'uid_consistent', 'patid_consistent', 'pixels_hidden', 'pixels_retained',
]; // biome-ignore format: a list
/** What must not fail once: the others cost usefulness, these cost a patient's privacy. */
const removals = ['text_removed', 'date_shifted', 'uid_changed', 'pixels_hidden'];

test('of the identifiers planted everywhere none is left, and what identifies nobody is', {
  skip: python.skip,
}, async (t) => {
  const seed = Number(process.env.METLOOP_SEED ?? Math.floor(Math.random() * 1e6));
  t.diagnostic(`seed ${seed}: run again with METLOOP_SEED=${seed}`);
  const [originals, results] = [join(folder, 'originals'), join(folder, 'results')];
  await Promise.all([mkdir(originals), mkdir(results)]);
  await run(python.path, [join(import.meta.dirname, 'deidentification-plant.py'), originals, String(seed), '23']);
  const tenantKey = Buffer.alloc(32, 3);
  let refused = 0;
  for (const name of (await readdir(originals)).filter((one) => one.endsWith('.dcm'))) {
    try {
      await writeFile(join(results, name), deidentify(await readFile(join(originals, name)), { tenantKey }).bytes);
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      refused++;
    }
  }
  const { scores, failures } = await score(originals, results);
  const rows = actions.map((action) => {
    const [good = 0, bad = 0] = scores[action] ?? [];
    return { action, good, bad };
  });
  for (const { action, good, bad } of rows)
    t.diagnostic(
      `${action.padEnd(18)} ${String(good).padStart(6)} of ${String(good + bad).padStart(6)}  ${percent(good, bad)}`,
    );
  const good = rows.reduce((sum, row) => sum + row.good, 0);
  const bad = rows.reduce((sum, row) => sum + row.bad, 0);
  t.diagnostic(
    `${'all'.padEnd(18)} ${String(good).padStart(6)} of ${String(good + bad).padStart(6)}  ${percent(good, bad)}`,
  );
  const shown = failures.slice(0, 20).join('\n');
  assert.equal(refused, 23, 'one file of each patient is refused, as its pixels may show a name');
  for (const { action, good: any } of rows) assert.ok(any >= 23, `${action} was tried ${any} times only`);
  assert.deepEqual(
    rows.filter((row) => removals.includes(row.action) && row.bad > 0).map(({ action }) => action),
    [],
    shown,
  );
  assert.ok(good / (good + bad) >= 0.999, shown);
  // The scorer can tell: of originals that nobody has cleaned it finds every class of what should be gone.
  const untouched = await score(originals, originals, '5');
  for (const action of removals) assert.ok(untouched.scores[action]![1] > 0, `${action} cannot fail`);
});

interface Score {
  /** Done and failed, by action. */
  readonly scores: Readonly<Record<string, readonly [good: number, bad: number]>>;
  readonly failures: readonly string[];
}

async function score(originals: string, results: string, ...more: string[]): Promise<Score> {
  const script = join(import.meta.dirname, 'deidentification-score.py');
  const { stdout } = await run(python.path, [script, originals, results, ...more], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}

const percent = (good: number, bad: number): string => `${((100 * good) / (good + bad)).toFixed(3)} %`;
