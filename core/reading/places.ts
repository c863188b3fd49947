import type { TaskState } from '../domain/lifecycle.ts';

export type ReadKind = 'DELINEATE' | 'ADJUDICATE';

/** Reads that a task needs before it goes on. */
export interface Places {
  readonly kind: ReadKind;
  readonly count: number;
}

/** Which reads somebody has to be found for while a task is in this state; undefined where none. */
export function placesOf({ reader_count }: { readonly reader_count: number }, state: TaskState): Places | undefined {
  if (state === 'OPEN' || state === 'DELINEATING') return { kind: 'DELINEATE', count: reader_count };
  if (state === 'ADJUDICATING') return { kind: 'ADJUDICATE', count: 1 };
  return undefined;
}
