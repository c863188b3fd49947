import { runPreprocessingBench } from '../../bench/preprocessing/run.ts';

/** Benches by name. */
const benches: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  preprocessing: runPreprocessingBench,
};

/** Runs the bench that the first argument names, with the others. */
export async function run([name = '', ...args]: readonly string[]): Promise<number> {
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (bench) return bench(args);
  process.stderr.write(`npm run bench -- <bench> [arguments], of ${Object.keys(benches).join(', ')}\n`);
  return 2;
}
