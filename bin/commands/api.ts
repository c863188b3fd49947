import { runApi } from '../../api/main.ts';
import { cacheFolder } from '../../gpu-worker/native/engine-folder.ts';
import { buildWeb } from '../../web/build.ts';

/** Serves the API, the web app and the viewer until SIGTERM. */
export async function run(): Promise<number> {
  const log = (line: string): boolean => process.stderr.write(`${line}\n`);
  await runApi(process.env, await buildWeb({ cacheFolder: cacheFolder(), log }));
  return 0;
}
