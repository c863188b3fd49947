/** Run by the conformance suite as a process of its own: starts to put an object and never comes to its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openObjectStore, storeConfigFromEnv } from '#core/storage/open-store.ts';

async function* endless(): AsyncIterable<Uint8Array> {
  for (let n = 0; n < 10; n++) yield new Uint8Array(1 << 20);
  process.stdout.write('half-way\n');
  await sleep(60_000);
}

const store = await openObjectStore(storeConfigFromEnv(process.env));
await store.put(process.argv[2]!, endless());
