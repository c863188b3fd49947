import { useState } from 'preact/hooks';
import { graphql } from '../api/graphql.ts';
import { nodesOf } from '../api/queries.ts';
import {
  type Desk,
  type DeskTask,
  deskQuery,
  readAssignMutation,
  taskPrioritizeMutation,
} from '../api/reading-queries.ts';
import { State } from '../parts/badges.tsx';
import { Heading, Nothing, Problem } from '../parts/layout.tsx';
import { inWords, momentOf, plural, shortId } from '../parts/words.ts';
import { Link } from '../router.tsx';
import { explain, useData } from '../use-data.ts';

const lookAgainMs = 15_000;
const placeOf: Readonly<Record<string, string>> = { CROSS_CHECKING: 'CROSS_CHECK', ADJUDICATING: 'ADJUDICATE' };

/** What is being read: what lacks a reader first, then by priority. */
export function DeskPage() {
  const [after, setAfter] = useState<string | null>(null);
  const { data, error, reload } = useData<Desk>(deskQuery, { after }, lookAgainMs);
  const [problem, setProblem] = useState<string>();
  const tasks = (data ? nodesOf(data.tasks) : []).toSorted(
    (a, b) => Number(b.unassignedReads > 0) - Number(a.unassignedReads > 0) || (b.priority ?? 0) - (a.priority ?? 0),
  );
  const change = async (mutation: string, input: object): Promise<void> => {
    setProblem(undefined);
    try {
      await graphql(mutation, { input });
    } catch (failure) {
      setProblem(explain(failure));
    }
    await reload();
  };
  const lacking = tasks.filter(({ unassignedReads }) => unassignedReads > 0).length;
  return (
    <>
      <Heading
        title="Reading desk"
        hint={data ? `${plural(tasks.length, 'task')} under way, ${lacking} without a reader` : ''}
      />
      <Problem message={error ?? problem} />
      {data && tasks.length === 0 && <Nothing>Nothing is being read.</Nothing>}
      {tasks.length > 0 && (
        <table class="wide">
          <thead>
            <tr>
              <th>Patient</th>
              <th>Site</th>
              <th>Protocol</th>
              <th>State</th>
              <th>Reads</th>
              <th class="number">Priority</th>
            </tr>
          </thead>
          <tbody>
            {tasks.map((task) => (
              <tr key={task.id}>
                <td>
                  <Link to={`/studies/${encodeURIComponent(task.study.id)}`}>
                    {shortId(task.study.subject.patientId)}
                  </Link>
                </td>
                <td>{task.study.site.name}</td>
                <td>{task.protocol?.name ?? 'Imported label'}</td>
                <td>
                  <State state={task.state} />
                </td>
                <td>
                  <Reads task={task} assign={(input) => change(readAssignMutation, input)} />
                </td>
                <td class="number">
                  <input
                    type="number"
                    class="priority"
                    aria-label={`Priority of ${shortId(task.study.subject.patientId)}`}
                    value={task.priority ?? 0}
                    onChange={({ currentTarget }) =>
                      change(taskPrioritizeMutation, { taskIds: [task.id], priority: Number(currentTarget.value) })
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {data?.tasks.pageInfo.hasNextPage && (
        <button type="button" onClick={() => setAfter(data.tasks.pageInfo.endCursor)}>
          More
        </button>
      )}
    </>
  );
}

/** Who reads, until when; and a reader for what nobody does. */
function Reads({ task, assign }: { task: DeskTask; assign: (input: object) => Promise<void> }) {
  const { state, unassignedReads } = task;
  return (
    <>
      {task.reads
        .filter((read) => read.state !== 'EXPIRED')
        .map((read) => (
          <div key={read.id} class="line">
            {inWords(read.kind)}: {read.reader?.name ?? 'a reader'} <State state={read.state} />
            {read.dueAt && read.state !== 'SUBMITTED' && <span class="faint">due {momentOf(read.dueAt)}</span>}
          </div>
        ))}
      {unassignedReads > 0 && (
        <div class="line">
          <span class="warn-text">{plural(unassignedReads, 'read')} without a reader</span>
          <button type="button" onClick={() => assign({ taskIds: [task.id], kind: placeOf[state] ?? 'DELINEATE' })}>
            Assign by load
          </button>
        </div>
      )}
    </>
  );
}
