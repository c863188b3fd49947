import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { ensureEngine } from '../../gpu-worker/native/install.ts';
import { BenchRun, type Outcome } from './bench-run.ts';
import { type Extent, fullExtent, quickExtent, withRounds } from './extent.ts';
import { figuresJson, figureTable, isReached } from './figure.ts';
import { describeMachine, machineText } from './machine.ts';
import { measureLayersInference, measureOpenVino } from './measure-inference.ts';
import { measureScaling } from './measure-scaling.ts';
import { measureStudy } from './measure-study.ts';
import { measureKeras, measureLayersTraining } from './measure-training.ts';

/** What can be measured by itself; figures are called as their measurement, or begin with its name. */
const measurements = {
  'inference-openvino': measureOpenVino,
  'inference-layers': measureLayersInference,
  'training-layers': measureLayersTraining,
  'training-keras': measureKeras,
  study: measureStudy,
  scaling: measureScaling,
} as const satisfies Record<string, (run: BenchRun) => Promise<Outcome>>;

const usage = `npm run bench -- engine [options]
  --json FILE      write the figures to FILE
  --only FIGURE    measure only this: ${Object.keys(measurements).join(', ')}; may be repeated, a beginning will do
  --rounds N       turns of each contender, 8 unless given; for a machine that has little time
  --quick          a tiny network, in about a minute, to see that everything works
`;
const print = (text: string): void => void process.stdout.write(text);

/** Speed and memory of the engine beside its peers. Returns the exit code: 1 if something could not be measured. */
export async function runEngineBench(args: readonly string[]): Promise<number> {
  const options = {
    json: { type: 'string' },
    only: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    quick: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    print(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  const { only = [''], json, quick = false } = values;
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
    print(`--rounds is "${values.rounds}"; it has to be a whole number above 0.\n${usage}`);
    return 2;
  }
  const unknown = only.find((wanted) => chosen([wanted]).length === 0);
  if (values.help || unknown !== undefined) {
    print(unknown === undefined ? usage : `There is no figure "${unknown}".\n${usage}`);
    return unknown === undefined ? 0 : 2;
  }
  try {
    const extent = quick ? quickExtent : fullExtent;
    await measure(chosen(only), rounds === undefined ? extent : withRounds(extent, rounds), json);
    return 0;
  } catch (error) {
    print(`The bench stopped: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

type Measurement = (typeof measurements)[keyof typeof measurements];

/** A measurement is chosen by its own name, by its beginning, or by one of its figures. */
function chosen(only: readonly string[]): Measurement[] {
  return Object.entries(measurements)
    .filter(([name]) => only.some((wanted) => name.startsWith(wanted) || wanted.startsWith(`${name}-`)))
    .map(([, one]) => one);
}

async function measure(wanted: readonly Measurement[], extent: Extent, json: string | undefined): Promise<void> {
  const machine = await describeMachine();
  if (machine.gpu !== undefined) process.env.METLOOP_ENGINE ||= 'gpu';
  const began = performance.now();
  const say = (line: string): void =>
    print(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
  print(`${machineText(machine)}\n`);
  await ensureEngine({ log: say });
  const quick = extent.width < fullExtent.width;
  await BenchRun.with({ extent, machine, say }, async (bench) => {
    const outcomes: Outcome[] = [];
    for (const one of wanted) outcomes.push(await one(bench));
    // What a tiny network does says nothing about the goals.
    const figures = outcomes
      .flatMap((outcome) => outcome.figures)
      .map((one) => (quick ? { ...one, goal: undefined } : one));
    const load = loadavg()[0]!.toFixed(2);
    const versions = Object.entries(bench.versions).map(([name, version]) => `${name} ${version}`);
    print(
      `\n${machineText(machine)}, when it ended: ${load}\n${['engine', process.env.METLOOP_ENGINE || 'cpu', ...versions].join(' ')}\n\n`,
    );
    print(`${figureTable(figures)}\n${outcomes.flatMap(({ tables }) => tables).join('\n')}\n`);
    const missed = figures.filter((one) => isReached(one) === false);
    if (quick) print('A quick run: its figures mean nothing.\n');
    else
      print(
        missed.length === 0 ? 'Every goal was reached.\n' : `Missed: ${missed.map((one) => one.figure).join(', ')}.\n`,
      );
    if (json !== undefined) await writeFile(json, figuresJson(figures, { quick, machine, versions: bench.versions }));
  });
}
