import { usage } from '../commands.ts';

/** Shows the commands. */
export async function run(): Promise<number> {
  process.stdout.write(usage());
  return 0;
}
