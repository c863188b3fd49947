import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Log } from '#core/log.ts';

/** A row changed; access is checked again when it is read. */
export interface Change {
  readonly tenantId: string;
  readonly type: 'job' | 'task' | 'study' | 'segmentation';
  readonly id: string;
}

const reconnectAfterMs = 1000;

/**
 * Tells listeners in this process what changed in the database, by LISTEN on one connection of its own. What happened while that
 * connection was lost is not known, so listeners are told to look again (`undefined`).
 */
export class Changes {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #databaseUrl: string;
  readonly #log: Log;
  #client: pg.Client | undefined;
  #closed = false;

  constructor(databaseUrl: string, log: Log) {
    this.#databaseUrl = databaseUrl;
    this.#log = log;
  }

  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#databaseUrl,
      application_name: 'metloop-changes',
      keepAlive: true,
    });
    client.on('notification', ({ payload }) => {
      if (payload) this.#emitter.emit('change', JSON.parse(payload) as Change);
    });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('listen metloop_change');
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    if (this.#closed) return client.end();
    this.#client = client;
    // Not before: an attempt that fails ends too, and would be followed by two others.
    client.once('end', () => this.#reconnect());
    this.#emitter.emit('change', undefined);
  }

  #reconnect(): void {
    if (this.#closed) return;
    this.#log.warn('lost the connection that tells of changes');
    setTimeout(() => {
      if (!this.#closed) this.start().catch(() => this.#reconnect());
    }, reconnectAfterMs);
  }

  /** Calls `listener` for each change, and with undefined when some may have been missed. @returns a function that ends it. */
  listen(listener: (change: Change | undefined) => void): () => void {
    this.#emitter.on('change', listener);
    return () => this.#emitter.off('change', listener);
  }

  async stop(): Promise<void> {
    this.#closed = true;
    await this.#client?.end();
  }
}
