import { useState } from 'preact/hooks';
import { viewerWarmUpPath } from '#core/domain/web-places.ts';
import { graphql } from '../api/graphql.ts';
import { type Connection, nodesOf, type Read, readStartMutation, readsQuery, type Viewer } from '../api/queries.ts';
import { State } from '../parts/badges.tsx';
import { Heading, Nothing, Problem, viewerAddress } from '../parts/layout.tsx';
import { inWords, momentOf, plural, shortId } from '../parts/words.ts';
import { navigate } from '../router.tsx';
import { explain, useData } from '../use-data.ts';

const lookAgainMs = 15_000;
const startable = new Set(['ASSIGNED', 'RETURNED']);

/** A read that can be gone on with. */
type Started = Pick<Read, 'id' | 'kind' | 'state'> & {
  readonly task: { readonly study: { readonly studyInstanceUid: string } };
};

/** Disputes are settled and outlines checked in a page of the app, outlines are drawn in the viewer. */
function open({ id, kind, task }: Started): void {
  if (kind !== 'DELINEATE') navigate(`/reads/${encodeURIComponent(id)}`);
  else location.assign(viewerAddress(task.study.studyInstanceUid, { read: id }));
}

const dayMs = 86_400_000;
const isLate = ({ state, dueAt }: Read): boolean =>
  state !== 'SUBMITTED' && dueAt !== null && Date.parse(dueAt) - Date.now() < dayMs;

/** The caller's own queue. */
export function ReadsPage({ viewer }: { viewer: Viewer }) {
  const { data, error, reload } = useData<{ reads: Connection<Read> }>(readsQuery, {}, lookAgainMs);
  const [problem, setProblem] = useState<string>();
  // Who also coordinates is given everybody's reads.
  const reads = (data ? nodesOf(data.reads) : []).filter(({ reader }) => reader?.id === viewer.member.id);
  const todo = reads.filter(({ state }) => state !== 'SUBMITTED' && state !== 'EXPIRED');
  const start = async (read: Started): Promise<void> => {
    try {
      if (startable.has(read.state)) await graphql(readStartMutation, { input: { readId: read.id } });
      open(read);
    } catch (failure) {
      setProblem(explain(failure));
      await reload();
    }
  };
  const startNext = async (): Promise<void> => {
    try {
      const { readStart } = await graphql<{ readStart: { read: Started | null } }>(readStartMutation, { input: {} });
      if (readStart.read) open(readStart.read);
      else setProblem('Nothing is waiting for you.');
    } catch (failure) {
      setProblem(explain(failure));
      await reload();
    }
  };
  return (
    <>
      <Heading title="My reads" hint={data ? `${plural(todo.length, 'read')} to do, the most urgent first` : ''}>
        <button type="button" class="primary" onClick={startNext}>
          Next read
        </button>
      </Heading>
      <Problem message={error ?? problem} />
      {data && reads.length === 0 && <Nothing>Nothing is in your queue.</Nothing>}
      {reads.length > 0 && (
        <table class="wide">
          <thead>
            <tr>
              <th>Patient</th>
              <th>Study date</th>
              <th>What</th>
              <th>Protocol</th>
              <th>State</th>
              <th>Due</th>
              <th>Last save</th>
              <th>
                <span class="hidden">Begin</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {reads.map((read) => (
              <tr key={read.id}>
                <td>{shortId(read.task.study.subject.patientId)}</td>
                <td class="figures">{read.task.study.studyDate ?? '–'}</td>
                <td>{inWords(read.kind)}</td>
                <td title={read.task.protocol.instructions}>{read.task.protocol.name}</td>
                <td>
                  <State state={read.state} />{' '}
                  {read.returnedReason && <span class="warn-text">{read.returnedReason}</span>}
                </td>
                <td class={isLate(read) ? 'warn-text' : 'faint'}>{read.dueAt ? momentOf(read.dueAt) : '–'}</td>
                <td class="faint">
                  {read.assisted && 'From a draft. '}
                  {read.head
                    ? `${momentOf(read.head.savedAt)}, ${plural(read.head.lesions.length, 'metastasis', 'metastases')}`
                    : '–'}
                </td>
                <td class="right">
                  {todo.includes(read) && (
                    <button type="button" class="primary" onClick={() => start(read)}>
                      {read.state === 'STARTED' ? 'Go on' : 'Start'}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {/* Before the viewer is asked for: then a study shows sooner. */}
      {todo.some(({ kind }) => kind === 'DELINEATE') && (
        <iframe hidden title="The viewer's scripts" src={viewerWarmUpPath} />
      )}
    </>
  );
}
