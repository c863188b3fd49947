import { useEffect, useReducer, useState } from 'preact/hooks';
import { graphql, SignedOut } from '../../app/api/graphql.ts';
import { CommentsPanel } from './comments-panel.tsx';
import { DrawingDesk } from './drawing-desk.tsx';
import type { Subject } from './extension.ts';
import { whenImagesAreThere } from './images-there.ts';
import type { Managers } from './ohif.ts';
import { ProbabilityPanel } from './probability-panel.tsx';
import { ReadFacts, type ReadTask, readTaskFields, Timer } from './read-facts.tsx';
import { type Head, ReadingSession } from './reading-session.ts';
import { ReferenceLabels } from './reference-labels.tsx';
import { SaveLine } from './save-line.tsx';
import { type Hold, holdRead } from './tab-lock.ts';

interface Read extends ReadTask {
  readonly id: string;
  readonly state: string;
  readonly head: Head | null;
  readonly secondsSpent: number;
  readonly showsAnswer: boolean;
}
const readQuery = `query ($id: ID!) { node(id: $id) { ... on Read {
  id state secondsSpent showsAnswer head { id segSeriesInstanceUid lesions { number coarse } } ${readTaskFields}
} } }`;
const submitMutation = `mutation ($input: ReadSubmitInput!) { readSubmit(input: $input) { read { id } userErrors { code message } } }`;

/** The work on a read: draw, save, sign. */
export function ReadPanel({ managers, subject, readId }: { managers: Managers; subject: Subject; readId: string }) {
  const [read, setRead] = useState<Read | null>();
  const [hold, setHold] = useState<Hold>();
  const [problem, setProblem] = useState('');
  useEffect(() => {
    graphql<{ node: Read | null }>(readQuery, { id: readId }).then(
      ({ node }) => setRead(node),
      (error: Error) => setProblem(error.message),
    );
    holdRead(readId, false, setHold);
  }, [readId]);
  if (problem) return <p role="alert">{problem}</p>;
  if (!read) return <p>{read === null ? 'There is no such read of yours.' : '…'}</p>;
  return (
    <>
      <ReadFacts read={read} />
      {read.state !== 'STARTED' ? (
        <p class="faint">This read is not open: {read.state.toLowerCase()}.</p>
      ) : hold === 'HELD' ? (
        <Drawing managers={managers} subject={subject} read={read} />
      ) : (
        hold && <HeldElsewhere hold={hold} take={() => holdRead(readId, true, setHold)} />
      )}
      {read.showsAnswer && (
        <ProbabilityPanel path={`/reads/${read.id}/probability`} name="Probability, as a version sees it" />
      )}
      <CommentsPanel taskId={read.task.id} owner={read.id} mayAdd={hold !== 'ELSEWHERE' && hold !== 'TAKEN_AWAY'} />
    </>
  );
}

function HeldElsewhere({ hold, take }: { hold: Hold; take: () => void }) {
  return (
    <>
      <p role="alert">
        {hold === 'ELSEWHERE'
          ? 'This read is open in another tab of this browser; two tabs would overwrite one another.'
          : 'This read goes on in another tab. Nothing drawn here is saved any more.'}
      </p>
      {hold === 'ELSEWHERE' && (
        <button type="button" onClick={take}>
          Go on in this tab
        </button>
      )}
    </>
  );
}

/** A session as long as the panel is there; drawn again with each of its states. */
function useSession(managers: Managers, read: Read): { session: ReadingSession | undefined; problem: string } {
  const [session, setSession] = useState<ReadingSession>();
  const [problem, setProblem] = useState('');
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    let opened: ReadingSession | undefined;
    const closed = new AbortController();
    const { id: readId, head, secondsSpent } = read;
    const stopWaiting = whenImagesAreThere(managers, () => {
      ReadingSession.open(managers, { readId, head, secondsSpent }, () => redraw(0), closed.signal).then(
        (made) => {
          opened = made;
          if (closed.signal.aborted) made.close();
          else setSession(made);
        },
        (error: Error) => {
          if (!closed.signal.aborted) setProblem(error.message);
        },
      );
    });
    return () => {
      closed.abort();
      stopWaiting();
      opened?.close();
    };
  }, [managers, read]);
  return { session, problem };
}

function Drawing({ managers, subject, read }: { managers: Managers; subject: Subject; read: Read }) {
  const { session, problem } = useSession(managers, read);
  const [message, setMessage] = useState('');
  const [busy, setBusy] = useState(false);
  if (problem) return <p role="alert">{problem}</p>;
  if (!session) return <p>Opening …</p>;
  const run = async (body: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setMessage('');
    await body().catch((error: Error) =>
      setMessage(error instanceof SignedOut ? 'Your session has ended. Sign in again in another tab.' : error.message),
    );
    setBusy(false);
  };
  const submit = async (): Promise<void> => {
    await session.save();
    const { state } = session;
    // The line above says why it was not saved.
    if (state.kind !== 'SAVED') return;
    const none = state.lesions === 0;
    if (!confirm(none ? 'Sign that there is no metastasis?' : 'Sign and close this read?')) return;
    await graphql(submitMutation, { input: { readId: read.id, revisionId: session.headId, noMetastasis: none } });
    session.close(true);
    location.assign('/reads');
  };
  return (
    <>
      <DrawingDesk managers={managers} subject={subject} session={session} run={run} />
      {read.kind !== 'DELINEATE' && <ReferenceLabels managers={managers} session={session} />}
      <div class="foot">
        <button type="button" class="primary" disabled={busy} onClick={() => run(() => session.save())}>
          Save
        </button>
        {read.kind === 'DELINEATE' ? (
          <button type="button" disabled={busy} onClick={() => run(submit)}>
            Sign and submit
          </button>
        ) : (
          <a href={`/reads/${encodeURIComponent(read.id)}`}>
            {read.kind === 'ADJUDICATE'
              ? 'To the disputes, to say what your drawing settles'
              : 'To the outlines, to say what your drawing corrects'}
          </a>
        )}
        <SaveLine session={session} run={run} />
        <Timer session={session} />
      </div>
      {message && <p role="alert">{message}</p>}
    </>
  );
}
