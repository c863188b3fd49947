import type { ProtocolId } from '../domain/ids.ts';
import type { TaskState } from '../domain/lifecycle.ts';

export type ReadKind = 'DELINEATE' | 'CROSS_CHECK' | 'ADJUDICATE';

/** Reads that a task needs before it goes on. */
export interface Places {
  readonly kind: ReadKind;
  readonly count: number;
}

interface Protocol {
  readonly reader_count: number;
}
interface Task {
  readonly state: TaskState;
  /** When the outlines to be checked were listed; null before, and where nothing is checked. */
  readonly checkable_at: Date | null;
  /** The task that it repeats: then its one reader was chosen with it. */
  readonly repeat_of_id: string | null;
}

/** By what a task is read. @throws Error for a round whose label was imported, which nobody reads */
export function protocolOf({ protocol_id }: { readonly protocol_id: ProtocolId | null }): ProtocolId {
  if (!protocol_id) throw new Error('a round whose label was imported has no protocol');
  return protocol_id;
}

/** Which reads somebody has to be found for, as the task stands; undefined where none. */
export function placesOf({ reader_count }: Protocol, { state, checkable_at, repeat_of_id }: Task): Places | undefined {
  if (repeat_of_id) return undefined;
  if (state === 'OPEN' || state === 'DELINEATING') return { kind: 'DELINEATE', count: reader_count };
  if (state === 'CROSS_CHECKING' && checkable_at) return { kind: 'CROSS_CHECK', count: 1 };
  if (state === 'ADJUDICATING') return { kind: 'ADJUDICATE', count: 1 };
  return undefined;
}
