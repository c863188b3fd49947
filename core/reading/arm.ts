import { SeededRandom } from '../domain/random.ts';

/** Whether a read starts from what a version found, or is of the control that measures what that does to readers. */
export type Arm = 'ASSISTED' | 'UNASSISTED';

/**
 * Draws the arm of a read. It depends on the protocol's seed, the task and the reader alone, so that it can be drawn again by
 * whoever audits it, and neither the order nor the time of assignments has a part in it.
 * @param unassistedShare part of the reads that are the control, 0 to 1
 */
export function drawArm(
  { seed, unassistedShare }: { readonly seed: number; readonly unassistedShare: number },
  taskId: string,
  readerId: string,
): Arm {
  const random = new SeededRandom(seed * 2 ** 21 + (fnv1a(`${taskId}:${readerId}`) >>> 11));
  return random.next() < unassistedShare ? 'UNASSISTED' : 'ASSISTED';
}

/** FNV-1a of 32 bits, over ASCII. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  return hash >>> 0;
}
