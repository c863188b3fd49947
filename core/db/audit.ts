import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { MemberId, TenantId } from '../domain/ids.ts';
import type { Db } from './database.ts';

/** Something that happened, as it is to be remembered. */
export interface AuditEntry {
  /** The mutation's name or, for a worker, the job's kind and outcome. */
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly reason?: string;
  /** Fields after the change; of patients' data hashes only. */
  readonly changes?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditSource {
  readonly tenantId: TenantId;
  /** Null for the service itself. */
  readonly memberId: MemberId | null;
  /** Id of the request or job, as in the logs. */
  readonly requestId: string;
}

interface ChainedEvent extends AuditSource {
  readonly number: number;
  readonly at: string;
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly reason: string | null;
  readonly changes: Readonly<Record<string, unknown>>;
}

/** Hash over an event and the hash before it: SHA-256 of the previous hash and the fields as JSON in a fixed order. */
export function auditHash(previous: Uint8Array, event: ChainedEvent): Buffer {
  const changes = Object.fromEntries(Object.entries(event.changes).sort(([a], [b]) => (a < b ? -1 : 1)));
  const fields = [
    event.tenantId,
    event.number,
    event.at,
    event.memberId,
    event.action,
    event.objectType,
    event.objectId,
    event.reason,
    changes,
    event.requestId,
  ];
  return createHash('sha256').update(previous).update(JSON.stringify(fields)).digest();
}

const wellFormed = (changes: NonNullable<AuditEntry['changes']>): ChainedEvent['changes'] =>
  Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [
      key.toWellFormed(),
      typeof value === 'string' ? value.toWellFormed() : value,
    ]),
  );

/** Appends an event to the tenant's chain, in the transaction of what it tells of. */
export async function audit(db: Db, source: AuditSource, entry: AuditEntry): Promise<void> {
  const { tenantId, memberId, requestId } = source;
  await db
    .insertInto('audit_head')
    .values({ tenant_id: tenantId, number: 0, hash: Buffer.alloc(32) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const head = await db
    .selectFrom('audit_head')
    .select(['number', 'hash', sql<Date>`date_trunc('milliseconds', clock_timestamp())`.as('now')])
    .forUpdate()
    .executeTakeFirstOrThrow();
  const event: ChainedEvent = {
    tenantId,
    memberId,
    requestId,
    number: head.number + 1,
    at: head.now.toISOString(),
    action: entry.action,
    objectType: entry.objectType,
    objectId: entry.objectId,
    // The database holds no half surrogate pairs: hashed as they came, they would look like a forgery when they are read back.
    reason: entry.reason?.toWellFormed() ?? null,
    changes: wellFormed(entry.changes ?? {}),
  };
  const hash = auditHash(head.hash, event);
  await db
    .insertInto('audit_event')
    .values({
      tenant_id: tenantId,
      number: event.number,
      at: event.at,
      member_id: memberId,
      action: event.action,
      object_type: event.objectType,
      object_id: event.objectId,
      reason: event.reason,
      changes: JSON.stringify(event.changes),
      request_id: requestId,
      previous_hash: head.hash,
      hash,
    })
    .execute();
  await db.updateTable('audit_head').set({ number: event.number, hash }).execute();
}
