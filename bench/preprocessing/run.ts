import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createPreparationPool } from '../../gpu-worker/volume/preparation-pool.ts';
import type { BenchStudy } from './bench-study.ts';
import { findCases, readCase } from './case-folders.ts';
import { type Figure, figuresOf, figuresTable, studyLine } from './figures-table.ts';
import { measureStudy, type StudyFigures } from './measure.ts';
import { benchMotion, phantomStudy } from './phantom-studies.ts';

const usage = `npm run bench -- preprocessing [options]
  --phantoms N   how many phantoms, 20 unless told; 0 for none
  --size N       pixels along an edge of a phantom's BRAVO, 48 to 256; 128 unless told
  --cases DIR    also measure the case in this folder, or those in its subfolders; may be given again
  --json FILE    write the figures to FILE
`;
/** Threads that the goals are for. */
const threads = 2;
const print = (text: string): void => void process.stdout.write(text);

interface Options {
  readonly phantoms: number;
  readonly size: number;
  readonly cases: readonly string[];
  readonly json: string | undefined;
}

/** Measures the preparation of studies whose truth is known. @returns 0 if all goals are met, 1 if not, 2 for wrong arguments */
export async function runPreprocessingBench(args: readonly string[]): Promise<number> {
  let options: Options;
  let folders: string[];
  try {
    options = optionsOf(args);
    folders = (await Promise.all(options.cases.map(findCases))).flat();
  } catch (error) {
    print(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  const { phantoms, size, json } = options;
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), load ${loadavg()[0]!.toFixed(1)}`;
  print(`${threads} threads on ${machine}\n`);
  const seeds = Array.from({ length: phantoms }, (_, n) => n + 1);
  const pool = createPreparationPool(threads);
  const measured = {
    phantoms: await measureAll(seeds, async (seed) => phantomStudy(seed, size), pool),
    cases: await measureAll(folders, readCase, pool),
  };
  await pool.close();
  const figures: Record<string, Figure[]> = {};
  for (const kind of ['phantoms', 'cases'] as const) {
    if (measured[kind].length === 0) continue;
    figures[kind] = figuresOf(measured[kind], kind);
    const { degrees, mm } = benchMotion;
    const titles = {
      phantoms: `${phantoms} phantoms, ${size} pixels, ≤ ${degrees}°, ${mm} mm`,
      cases: `${folders.length} cases`,
    };
    print(`\n${figuresTable(titles[kind], figures[kind])}`);
  }
  if (json) await writeFile(json, `${JSON.stringify({ machine, threads, size, figures, ...measured }, null, 2)}\n`);
  return Object.values(figures).every((all) => all.every(({ met }) => met)) ? 0 : 1;
}

/** @throws TypeError, RangeError */
function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      phantoms: { type: 'string', default: '20' },
      size: { type: 'string', default: '128' },
      cases: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
    },
  });
  const [phantoms, size] = [Number(values.phantoms), Number(values.size)];
  if (!Number.isInteger(phantoms) || phantoms < 0)
    throw new RangeError(`--phantoms is a whole number from 0, not ${values.phantoms}`);
  if (!Number.isInteger(size) || size < 48 || size > 256)
    throw new RangeError(`--size is a whole number from 48 to 256, not ${values.size}`);
  if (phantoms === 0 && values.cases.length === 0) throw new RangeError('there is nothing to measure');
  return { phantoms, size, cases: values.cases, json: values.json };
}

/** One after another: one study is in memory at a time. */
async function measureAll<T>(
  sources: readonly T[],
  open: (source: T) => Promise<BenchStudy>,
  pool: Parameters<typeof measureStudy>[1],
): Promise<StudyFigures[]> {
  const figures: StudyFigures[] = [];
  for (const source of sources) {
    const one = await measureStudy(await open(source), pool);
    print(studyLine(one));
    figures.push(one);
  }
  return figures;
}
