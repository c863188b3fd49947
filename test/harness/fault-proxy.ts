import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with one request. */
export type Fault =
  /** 503 before it reaches the server. */
  | 'REFUSE'
  /** The server does it, and the connection breaks before it can say so. */
  | 'LOSE_ANSWER'
  /** The connection breaks in the middle of the answer. */
  | 'CUT_ANSWER';

export interface FaultProxy {
  readonly port: number;
  /** The next requests of this method get these faults, one each. */
  next(method: string, ...faults: readonly Fault[]): void;
  /** Requests of this method that arrived. */
  count(method: string): number;
  stop(): Promise<void>;
}

/** Stands between a client and a server on this machine; without faults it changes nothing. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const waiting = new Map<string, Fault[]>();
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const { method = '' } = request;
    counts.set(method, (counts.get(method) ?? 0) + 1);
    pass(request, response, targetPort, waiting.get(method)?.shift());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    next: (method, ...faults) => void waiting.set(method, [...faults]),
    count: (method) => counts.get(method) ?? 0,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function pass(request: IncomingMessage, response: ServerResponse, port: number, fault: Fault | undefined): void {
  if (fault === 'REFUSE') {
    request.resume().on('end', () => response.writeHead(503).end());
    return;
  }
  const { method, url, headers } = request;
  const onward = send({ port, host: '127.0.0.1', method, path: url, headers }, (answer) => {
    if (fault === 'LOSE_ANSWER') {
      answer.resume().on('end', () => response.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    const half = Number(answer.headers['content-length'] ?? 0) / 2;
    let passed = 0;
    answer.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      response.write(chunk);
      if (fault === 'CUT_ANSWER' && passed >= half) response.destroy();
    });
    answer.on('end', () => response.end());
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}
