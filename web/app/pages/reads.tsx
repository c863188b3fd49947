import { useState } from 'preact/hooks';
import { graphql } from '../api/graphql.ts';
import { type Connection, nodesOf, type Read, readStartMutation, readsQuery, type Viewer } from '../api/queries.ts';
import { State } from '../parts/badges.tsx';
import { Heading, Nothing, Problem, viewerAddress } from '../parts/layout.tsx';
import { inWords, momentOf, plural, shortId } from '../parts/words.ts';
import { navigate } from '../router.tsx';
import { explain, useData } from '../use-data.ts';

const lookAgainMs = 15_000;
const startable = new Set(['ASSIGNED', 'RETURNED']);

/** The caller's own queue. */
export function ReadsPage({ viewer }: { viewer: Viewer }) {
  const { data, error, reload } = useData<{ reads: Connection<Read> }>(readsQuery, {}, lookAgainMs);
  const [problem, setProblem] = useState<string>();
  // Who also coordinates is given everybody's reads.
  const reads = (data ? nodesOf(data.reads) : []).filter(({ reader }) => reader?.id === viewer.member.id);
  const open = reads.filter(({ state }) => state !== 'SUBMITTED' && state !== 'EXPIRED');
  const start = async (read: Read): Promise<void> => {
    try {
      if (startable.has(read.state)) await graphql(readStartMutation, { input: { readId: read.id } });
      if (read.kind === 'ADJUDICATE') navigate(`/reads/${encodeURIComponent(read.id)}`);
      else location.assign(viewerAddress(read.task.study.studyInstanceUid, { read: read.id }));
    } catch (failure) {
      setProblem(explain(failure));
      await reload();
    }
  };
  return (
    <>
      <Heading title="My reads" hint={data ? `${plural(open.length, 'read')} to do` : ''} />
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
                <td class="faint">
                  {read.head
                    ? `${momentOf(read.head.savedAt)}, ${plural(read.head.lesions.length, 'metastasis', 'metastases')}`
                    : '–'}
                </td>
                <td class="right">
                  {open.includes(read) && (
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
    </>
  );
}
