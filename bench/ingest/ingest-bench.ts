import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figure, figuresJson, figureTable, isReached } from '../engine/figure.ts';
import { describeMachine, machineText } from '../engine/machine.ts';
import { type Extent, fullExtent, quickExtent } from './extent.ts';
import { withArchives } from './ingest-run.ts';
import { measureFrames } from './measure-frames.ts';
import { measureMetadata } from './measure-metadata.ts';
import { measureSearch } from './measure-search.ts';
import { measureStore } from './measure-store.ts';

const usage = `npm run bench -- ingest [options]
  --json FILE      write the figures to FILE
  --quick          few and small files, in seconds, to see that everything works
`;
const print = (text: string): void => void process.stdout.write(text);

/** DICOMweb beside Orthanc: storing, metadata, searches, frames. Returns the exit code: 1 if something could not be measured. */
export async function runIngestBench(args: readonly string[]): Promise<number> {
  const options = { json: { type: 'string' }, quick: { type: 'boolean' }, help: { type: 'boolean' } } as const;
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
  try {
    await measure(values.quick ? quickExtent : fullExtent, values.json);
    return 0;
  } catch (error) {
    print(`The bench stopped: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function measure(extent: Extent, json: string | undefined): Promise<void> {
  const machine = await describeMachine();
  const began = performance.now();
  const say = (line: string): void =>
    print(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
  print(`${machineText(machine)}\n`);
  const quick = extent !== fullExtent;
  await withArchives(extent, say, async (run) => {
    const { figures: stored, studies } = await measureStore(run);
    const measured: Figure[] = [
      ...stored,
      ...(await measureMetadata(run, studies)),
      ...(await measureFrames(run, studies)),
      ...(await measureSearch(run)),
    ];
    // What small files do says nothing about the goals.
    const figures = measured.map((one) => (quick ? { ...one, goal: undefined } : one));
    const load = loadavg()[0]!.toFixed(2);
    print(`\n${machineText(machine)}, when it ended: ${load}; Orthanc ${run.peerVersion}\n\n${figureTable(figures)}\n`);
    const missed = figures.filter((one) => isReached(one) === false).map(({ figure }) => figure);
    if (quick) print('A quick run: its figures mean nothing.\n');
    else print(missed.length === 0 ? 'Every goal was reached.\n' : `Missed: ${missed.join(', ')}.\n`);
    const versions = { orthanc: run.peerVersion };
    if (json !== undefined) await writeFile(json, figuresJson(figures, { quick, machine, versions }));
  });
}
