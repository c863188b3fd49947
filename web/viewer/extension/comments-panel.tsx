import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { graphql, Refused, SignedOut } from '../../app/api/graphql.ts';
import { momentOf } from '../../app/parts/words.ts';
import { type CommentDraft, CommentJournal } from './comment-journal.ts';
import { type Comment, fetchComments, paintPins, placeOf, sendComment, settleComment } from './comments.ts';
import { goTo, paintOnImages, pickPlace } from './overlay.ts';

const sendAgainEveryMs = 10_000;

/** Whose comments on which task are shown. */
export interface Talk {
  readonly taskId: string;
  /** A read or a member, whose drafts this browser keeps. */
  readonly owner: string;
  readonly mayAdd: boolean;
}

/** Comments as the server has them, and those that it does not have yet. */
function useComments({ taskId, owner }: Talk) {
  const journal = useMemo(() => new CommentJournal(owner, taskId), [owner, taskId]);
  const [comments, setComments] = useState<readonly Comment[]>([]);
  const [drafts, setDrafts] = useState<readonly CommentDraft[]>(() => journal.drafts());
  const [problem, setProblem] = useState('');
  const explain = useCallback(
    (error: Error) =>
      setProblem(error instanceof SignedOut ? 'Your session has ended. Sign in again in another tab.' : error.message),
    [],
  );
  const load = useCallback(() => fetchComments(taskId).then(setComments, explain), [taskId, explain]);
  const send = useCallback(async (): Promise<void> => {
    for (const draft of journal.drafts().filter(({ said }) => said)) {
      const error = await sendComment(draft).then(
        () => undefined,
        (failure: Error) => failure,
      );
      if (!error) journal.forget(draft.key);
      // What the service refuses is changed by its author, not sent again.
      else if (error instanceof Refused && error.code !== 'FAILED' && error.code !== 'INTERNAL') {
        journal.keep({ ...draft, said: false });
        explain(error);
      }
    }
    setDrafts(journal.drafts());
    await load();
  }, [journal, load, explain]);
  useEffect(() => {
    void send();
    const timer = setInterval(() => journal.drafts().some(({ said }) => said) && void send(), sendAgainEveryMs);
    return () => clearInterval(timer);
  }, [journal, send]);
  const change = (draft: CommentDraft): void => {
    journal.keep(draft);
    setDrafts(journal.drafts());
  };
  const say = (draft: CommentDraft): void => {
    setProblem('');
    change({ ...draft, said: true });
    void send();
  };
  const drop = ({ key }: CommentDraft): void => {
    journal.forget(key);
    setDrafts(journal.drafts());
  };
  return { comments, drafts, problem, explain, load, change, say, drop };
}

/** What was said of places in a task, with pins on the images; and something more to say. */
export function CommentsPanel(talk: Talk) {
  const { comments, drafts, problem, explain, load, change, say, drop } = useComments(talk);
  const [picking, setPicking] = useState<AbortController>();
  usePins(comments, drafts);
  const pin = async (): Promise<void> => {
    const aborter = new AbortController();
    setPicking(aborter);
    const point = await pickPlace(aborter.signal);
    setPicking(undefined);
    if (point) change({ key: crypto.randomUUID(), taskId: talk.taskId, point, body: '', said: false });
  };
  if (!talk.mayAdd && comments.length === 0) return null;
  return (
    <section aria-label="Comments">
      <h2>Comments</h2>
      {comments.length > 0 && (
        <ol class="comments">
          {comments.map((comment, index) => (
            <Said
              key={comment.id}
              comment={comment}
              number={index + 1}
              onSettle={() => void load()}
              onError={explain}
            />
          ))}
        </ol>
      )}
      {drafts.map((draft) => (
        <Draft key={draft.key} draft={draft} change={change} say={say} drop={drop} />
      ))}
      {picking && (
        <p role="status">
          Click on the place in any of the images.{' '}
          <button type="button" onClick={() => picking.abort()}>
            Not now
          </button>
        </p>
      )}
      {talk.mayAdd && !picking && (
        <button type="button" onClick={() => void pin()}>
          Pin a comment to a place
        </button>
      )}
      {problem && <p role="alert">{problem}</p>}
    </section>
  );
}

const studyQuery = `query ($uid: String!) { viewer { member { id } permissions }
  studies(first: 1, filter: { studyInstanceUid: $uid }) { edges { node { tasks(first: 1) { edges { node { id } } } } } } }`;

/** Those on the newest round of a study, for whoever does not read it. */
export function StudyComments({ studyUid }: { studyUid: string }) {
  const [talk, setTalk] = useState<Talk>();
  useEffect(() => {
    type Tasks = { edges: readonly { node: { tasks: { edges: readonly { node: { id: string } }[] } } }[] };
    type Answer = { viewer: { member: { id: string }; permissions: readonly string[] }; studies: Tasks };
    graphql<Answer>(studyQuery, { uid: studyUid }).then(
      ({ viewer, studies }) => {
        const taskId = studies.edges[0]?.node.tasks.edges[0]?.node.id;
        const mayAdd = viewer.permissions.includes('commentAdd');
        if (taskId) setTalk({ taskId, owner: viewer.member.id, mayAdd });
      },
      () => {},
    );
  }, [studyUid]);
  return talk ? <CommentsPanel {...talk} /> : null;
}

function usePins(comments: readonly Comment[], drafts: readonly CommentDraft[]): void {
  useEffect(() => {
    const pins = [
      ...comments.map((comment, index) => ({
        point: placeOf(comment),
        text: String(index + 1),
        open: comment.resolvedAt === null,
      })),
      ...drafts.map(({ point }) => ({ point, text: '?', open: true })),
    ];
    return pins.length > 0 ? paintOnImages(paintPins(pins)) : undefined;
  }, [comments, drafts]);
}

interface SaidProps {
  readonly comment: Comment;
  readonly number: number;
  readonly onSettle: () => void;
  readonly onError: (error: Error) => void;
}

function Said({ comment, number, onSettle, onError }: SaidProps) {
  const { id, body, mine, member, createdAt, resolvedAt } = comment;
  const who = mine ? 'you' : (member?.name ?? 'a reader');
  return (
    <li class={resolvedAt ? 'settled' : ''}>
      <span>
        <b>{number}</b> {body}
      </span>
      <span class="faint">
        {who}, {momentOf(createdAt)}
        {resolvedAt && `; settled ${momentOf(resolvedAt)}`}
      </span>
      <span class="row">
        <button type="button" onClick={() => goTo(placeOf(comment))}>
          Go to
        </button>
        <button type="button" onClick={() => settleComment(id, resolvedAt === null).then(onSettle, onError)}>
          {resolvedAt ? 'Open again' : 'Settle'}
        </button>
      </span>
    </li>
  );
}

interface DraftProps {
  readonly draft: CommentDraft;
  readonly change: (draft: CommentDraft) => void;
  readonly say: (draft: CommentDraft) => void;
  readonly drop: (draft: CommentDraft) => void;
}

/** One that the server does not have. */
function Draft({ draft, change, say, drop }: DraftProps) {
  if (draft.said) return <p role="status">“{draft.body}” is kept in this browser and sent by itself.</p>;
  // OHIF would take what is typed for its keys.
  const own = (event: Event): void => event.stopPropagation();
  return (
    <div class="draft">
      <textarea
        aria-label="Comment"
        rows={3}
        maxLength={2000}
        value={draft.body}
        onKeyDown={own}
        onKeyUp={own}
        onKeyPress={own}
        onInput={({ currentTarget }) => change({ ...draft, body: currentTarget.value })}
      />
      <span class="row">
        <button type="button" class="primary" disabled={draft.body.trim() === ''} onClick={() => say(draft)}>
          Say it
        </button>
        <button type="button" onClick={() => goTo(draft.point)}>
          Go to
        </button>
        <button type="button" onClick={() => drop(draft)}>
          Drop
        </button>
      </span>
    </div>
  );
}
