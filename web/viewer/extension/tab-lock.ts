/** Whether this tab is the one that a read is drawn in. */
export type Hold = 'HELD' | 'ELSEWHERE' | 'TAKEN_AWAY';

/**
 * Asks to be the one tab of this browser in which a read is drawn. The answer comes by `tell`, and again if another tab takes the read over.
 * @param takeOver takes it from whatever tab has it
 */
export function holdRead(readId: string, takeOver: boolean, tell: (hold: Hold) => void): void {
  const forEver = new Promise<never>(() => {});
  navigator.locks
    .request(`metloop-read-${readId}`, takeOver ? { steal: true } : { ifAvailable: true }, (lock) => {
      tell(lock ? 'HELD' : 'ELSEWHERE');
      return lock ? forEver : undefined;
    })
    // The promise of a lock that is held for ever ends in one way only.
    .catch(() => tell('TAKEN_AWAY'));
}
