import { type QueueName, queueNames } from '../../core/jobs/contract.ts';
import { runWorker } from '../../gpu-worker/main.ts';

const isQueue = (name: string): name is QueueName => (queueNames as readonly string[]).includes(name);

/** Works on jobs until SIGTERM: `--queues prepare,report,deliver,train,infer`, all of them unless told. */
export async function run(args: readonly string[]): Promise<number> {
  const index = args.indexOf('--queues');
  const names = index < 0 ? [...queueNames] : (args[index + 1] ?? '').split(',');
  const unknown = names.filter((name) => !isQueue(name));
  if (unknown.length > 0) {
    process.stderr.write(`there is no queue "${unknown[0]}"; there are ${queueNames.join(', ')}\n`);
    return 2;
  }
  await runWorker(process.env, names.filter(isQueue));
  return 0;
}
