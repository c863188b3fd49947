import { appendFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fillForBrowser, welcome } from '../../demo/browser.ts';
import { runLoop, shortfalls } from '../../demo/headless.ts';
import { StepClock } from '../../demo/loop/step-clock.ts';
import { loopTable } from '../../demo/loop-table.ts';
import { demoSizePixels } from '../../demo/patients.ts';
import { type DemoStack, startStack, wipeStack } from '../../demo/stack.ts';
import { ensureEngine } from '../../gpu-worker/native/install.ts';

const usage = `npm run demo -- [options]
  --headless      run the whole loop without a browser, print what happened, exit
  --json FILE     with --headless: write the result to FILE
  --study DIR     also upload the DICOM files of this folder, to the first site
  --fresh         forget an earlier demonstration
  --data DIR      where its data are kept (.metloop/demo in the checkout)
`;
const root = join(import.meta.dirname, '../..');
const print = (text: string): void => void process.stdout.write(text);

/** The product on one machine, on phantom patients. */
export async function run(args: readonly string[]): Promise<number> {
  const options = {
    headless: { type: 'boolean' },
    json: { type: 'string' },
    study: { type: 'string' },
    fresh: { type: 'boolean' },
    data: { type: 'string' },
    help: { type: 'boolean' },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    print(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  if (values.help) {
    print(usage);
    return 0;
  }
  const dataDir = resolve(values.data ?? join(root, '.metloop', values.headless ? 'headless' : 'demo'));
  if (values.fresh || values.headless) await wipeStack(dataDir);
  await mkdir(dataDir, { recursive: true });
  await ensureEngine({ log: (line) => print(`${line}\n`) });
  const logFile = join(dataDir, 'services.log');
  const log = (line: string): void => appendFileSync(logFile, `${line}\n`);
  print(`services write their log to ${logFile}\n`);
  return values.headless ? headless(dataDir, log, values.json, values.study) : withBrowser(dataDir, log, values.study);
}

async function headless(
  dataDir: string,
  log: (line: string) => void,
  jsonFile: string | undefined,
  study: string | undefined,
): Promise<number> {
  const startedAt = performance.now();
  const clock = new StepClock(process.stdout);
  let stack: DemoStack | undefined;
  try {
    stack = await clock.step('start', () => startStack({ dataDir, sizePixels: demoSizePixels, log }));
    const result = await runLoop(stack, clock, study);
    const wallS = Math.round((performance.now() - startedAt) / 100) / 10;
    const missed = shortfalls(result);
    print(loopTable(result, clock.steps, wallS, missed));
    const { heldOut, request } = result;
    if (jsonFile)
      await writeFile(
        jsonFile,
        `${JSON.stringify({ ok: missed.length === 0, wallS, steps: clock.steps, heldOut, request }, null, 2)}\n`,
      );
    return missed.length === 0 ? 0 : 1;
  } catch (error) {
    print(`${reasonOf(error)}\n`);
    if (jsonFile)
      await writeFile(
        jsonFile,
        `${JSON.stringify({ ok: false, error: reasonOf(error), steps: clock.steps }, null, 2)}\n`,
      );
    return 1;
  } finally {
    await stack?.supervisor.stopAll();
  }
}

async function withBrowser(dataDir: string, log: (line: string) => void, study: string | undefined): Promise<number> {
  const clock = new StepClock(process.stdout);
  let stack: DemoStack | undefined;
  try {
    stack = await clock.step('start', () => startStack({ dataDir, sizePixels: demoSizePixels, log }));
    await fillForBrowser(stack, clock, study);
    print(welcome(stack));
    return await stack.supervisor.untilStopped();
  } catch (error) {
    print(`${reasonOf(error)}\n`);
    return 1;
  } finally {
    await stack?.supervisor.stopAll();
  }
}

/** A sentence with its causes: fetch says what happened only in there. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
