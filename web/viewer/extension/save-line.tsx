import { plural } from '../../app/parts/words.ts';
import type { ReadingSession, SaveState } from './reading-session.ts';

const timeOf = (at: number): string => new Date(at).toLocaleTimeString('en-GB');

/** Where what is drawn is, and what the reader can do where it is not with the server. */
export function SaveLine({ session, run }: { session: ReadingSession; run: (body: () => Promise<void>) => void }) {
  const { state } = session;
  const bad = ['WAITING', 'STALE', 'LEFT_OVER', 'REFUSED'].includes(state.kind);
  return (
    <>
      <p role={bad ? 'alert' : 'status'}>{inWords(state)}</p>
      {state.kind === 'WAITING' && state.why === 'SIGNED_OUT' && (
        <a href="/" target="_blank" rel="noreferrer">
          Sign in again in another tab
        </a>
      )}
      {state.kind === 'STALE' && (
        <div class="row">
          <button type="button" onClick={() => run(() => session.saveOnTop())}>
            Save what is shown here on top
          </button>
          <button type="button" onClick={() => run(() => session.dropLeftOver().then(() => location.reload()))}>
            Show the other save instead
          </button>
        </div>
      )}
      {state.kind === 'LEFT_OVER' && (
        <div class="row">
          <button type="button" onClick={() => run(() => session.takeBack(state.entry))}>
            Show what was kept here
          </button>
          <button type="button" onClick={() => run(() => session.dropLeftOver())}>
            Forget it
          </button>
        </div>
      )}
    </>
  );
}

function inWords(state: SaveState): string {
  switch (state.kind) {
    case 'OPENING':
      return 'Opening …';
    case 'UNTOUCHED':
      return 'Draw on any of the images. What you draw is saved by itself.';
    case 'SAVED':
      return `Saved ${timeOf(state.at)} and read back: ${plural(state.lesions, 'metastasis', 'metastases')}, ${plural(state.voxels, 'voxel')}.`;
    case 'KEPT':
      return `Kept in this browser at ${timeOf(state.at)}; goes to the server by itself.`;
    case 'SAVING':
      return 'Saving …';
    case 'WAITING':
      return state.why === 'SIGNED_OUT'
        ? `Your session has ended. All is kept in this browser (${timeOf(state.at)}) and is saved when you have signed in again.`
        : `The server does not answer. All is kept in this browser (${timeOf(state.at)}); it is tried again every 10 s.`;
    case 'STALE':
      return 'This read was saved elsewhere meanwhile, so what is shown here was not saved. It is kept in this browser.';
    case 'LEFT_OVER':
      return `This browser kept a drawing at ${timeOf(state.entry.keptAt)} that began from an earlier save than the one shown.`;
    case 'REFUSED':
      return `Not saved: ${state.message} It is kept in this browser.`;
  }
}
