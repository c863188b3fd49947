import { createHash } from 'node:crypto';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Held by this process alone; the kernel releases it when the process ends, in whatever way. */
export interface Exclusive {
  release(): Promise<void>;
}

/**
 * Claims a name among the processes of this machine (strictly: of this network namespace) by listening on an abstract
 * Unix socket. Unlike a lock file it cannot be left over.
 * @returns The claim, or the process id of its holder (undefined if the holder went away or did not answer).
 */
export async function claim(name: string): Promise<Exclusive | { readonly heldBy: number | undefined }> {
  const address = addressOf(name);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(String(process.pid));
  });
  const listening = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(address, () => resolve(true));
  });
  if (!listening) return { heldBy: await askHolder(address) };
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Runs `body` while holding the name, after waiting for its holder if there is one. `onWait` is called once if so. */
export async function exclusively<T>(name: string, body: () => Promise<T>, onWait?: () => void): Promise<T> {
  let waited = false;
  for (;;) {
    const claimed = await claim(name);
    if ('release' in claimed) {
      try {
        return await body();
      } finally {
        await claimed.release();
      }
    }
    if (!waited) onWait?.();
    waited = true;
    await sleep(200);
  }
}

function addressOf(name: string): string {
  return `\0metloop-${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;
}

async function askHolder(address: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = createConnection(address);
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(/^\d+$/.test(answer) ? Number(answer) : undefined));
  });
}
