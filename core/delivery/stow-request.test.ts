import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { parseHostRules } from './host-rules.ts';
import { type StowPart, sendStow } from './stow-request.ts';

const piece = new Uint8Array(1000);
const pieces = 100;

/** A file that comes slowly, so that an answer can come before its end. */
const slowPart: StowPart = {
  sizeBytes: pieces * piece.length,
  sha256: createHash('sha256')
    .update(new Uint8Array(pieces * piece.length))
    .digest('hex'),
  async *open() {
    for (let n = 0; n < pieces; n++) {
      yield piece;
      await pause(5);
    }
  },
};

/** Sends to a server that answers before it has read anything. */
async function sendToHasty(statusCode: number): Promise<{ status: number }> {
  const server = http.createServer((_, response) => response.writeHead(statusCode).end('<html>Welcome</html>'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const options = { hosts: parseHostRules('127.0.0.1'), signal: AbortSignal.timeout(10_000) };
    return await sendStow({ url, token: undefined }, [slowPart], options);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('who says 200 before everything was sent has not stored it', async () => {
  await assert.rejects(sendToHasty(200), /before everything was sent/);
});

test('who refuses before everything was sent is heard', async () => {
  assert.equal((await sendToHasty(413)).status, 413);
});
