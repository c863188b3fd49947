import { auditHash } from './audit.ts';
import type { Db } from './database.ts';

export interface AuditVerdict {
  /** Events that stand as they were written. */
  readonly eventCount: number;
  /** The first event at fault; undefined for a whole chain. */
  readonly broken: { readonly number: number; readonly why: string } | undefined;
}

const pageSize = 1000;
const beginning = Buffer.alloc(32);

/**
 * Walks the audit trail of the transaction's tenant from its beginning: every event must follow the one before by number and hash, and
 * the last one must be the recorded end. Events may be appended meanwhile. Who can rewrite the table and its end alike is found only by
 * a hash that was noted elsewhere: compare the hash of an event known from before.
 */
export async function verifyAudit(db: Db): Promise<AuditVerdict> {
  let number = 0;
  let hash: Uint8Array = beginning;
  const broken = (at: number, why: string): AuditVerdict => ({ eventCount: at - 1, broken: { number: at, why } });
  for (;;) {
    const walked = number;
    for (let events = await readEvents(db, number); events.length > 0; events = await readEvents(db, number)) {
      for (const event of events) {
        if (event.number !== number + 1) return broken(number + 1, `Event ${number + 1} is missing.`);
        number = event.number;
        if (!event.previous_hash.equals(hash))
          return broken(number, `Event ${number} does not follow the one before it.`);
        hash = event.hash;
        if (!event.hash.equals(hashOf(event)))
          return broken(number, `Event ${number} was changed after it was written.`);
      }
    }
    // Read after the events: it may only be ahead of them, by what was appended meanwhile.
    const end = await db.selectFrom('audit_head').select(['number', 'hash']).executeTakeFirst();
    const last = end?.number ?? 0;
    if (last < number) return broken(last + 1, `Event ${last + 1} lies behind the end of the chain.`);
    if (last === number) {
      if (end && !end.hash.equals(hash)) return broken(number, `Event ${number} is not the recorded end of the chain.`);
      return { eventCount: number, broken: undefined };
    }
    if (walked === number) return broken(number + 1, `Event ${number + 1} is missing.`);
  }
}

type EventRow = Awaited<ReturnType<typeof readEvents>>[number];

const readEvents = (db: Db, after: number) =>
  db.selectFrom('audit_event').selectAll().where('number', '>', after).orderBy('number').limit(pageSize).execute();

const hashOf = (event: EventRow): Buffer =>
  auditHash(event.previous_hash, {
    tenantId: event.tenant_id,
    memberId: event.member_id,
    requestId: event.request_id,
    number: event.number,
    at: event.at.toISOString(),
    action: event.action,
    objectType: event.object_type,
    objectId: event.object_id,
    reason: event.reason,
    changes: event.changes as Readonly<Record<string, unknown>>,
  });
