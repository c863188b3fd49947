import { useState } from 'preact/hooks';
import type { Role } from '#core/domain/roles.ts';
import { bravoSlices, may, nodesOf, type Study, type Viewer } from '../api/queries.ts';
import {
  readAssignMutation,
  type Staff,
  staffQuery,
  taskCreateMutation,
  taskExcludeMutation,
  taskReopenMutation,
  taskRepeatMutation,
} from '../api/reading-queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { State } from '../parts/badges.tsx';
import { Choice } from '../parts/choice.tsx';
import { Nothing, Panel } from '../parts/layout.tsx';
import { Lesions } from '../parts/lesions.tsx';
import { inWords, momentOf, plural } from '../parts/words.ts';
import { useData } from '../use-data.ts';

interface Props {
  readonly study: Study;
  readonly viewer: Viewer;
  readonly onDone: () => Promise<void>;
}
type Task = Study['tasks']['edges'][number]['node'];

/** Stands for nobody named. */
const byLoad = 'least';
const ended = new Set(['ACCEPTED', 'EXCLUDED']);

/** Rounds of reading, with what a coordinator does about them. */
export function ReadingPanel({ study, viewer, onDone }: Props) {
  const tasks = nodesOf(study.tasks);
  const coordinates = may(viewer, 'taskCreate');
  const mayOpen = coordinates && study.preparation?.state === 'READY' && tasks.every(({ state }) => ended.has(state));
  return (
    <Panel title="Reading">
      {tasks.length === 0 && <Nothing>No task has been opened for it.</Nothing>}
      {tasks.map((task) => (
        <article key={task.id}>
          <p class="line">
            <State state={task.state} /> Round {task.round}, {wayOf(task)}
            {task.repeatOf && <span class="faint">a hidden repeat of round {task.repeatOf.round}</span>}
            {task.unassignedReads > 0 && (
              <span class="warn-text">{plural(task.unassignedReads, 'read')} without a reader</span>
            )}
          </p>
          <ul class="plain">
            {task.reads.map((read) => (
              <li key={read.id} class="line">
                {inWords(read.kind)}: {read.reader?.name ?? 'a reader'} <State state={read.state} />
                {read.dueAt && (read.state === 'ASSIGNED' || read.state === 'STARTED') && (
                  <span class="faint">due {momentOf(read.dueAt)}</span>
                )}
              </li>
            ))}
          </ul>
          {coordinates && !ended.has(task.state) && <TaskActions task={task} siteId={study.site.id} onDone={onDone} />}
          {mayOpen && task.state === 'ACCEPTED' && <Repeat task={task} onDone={onDone} />}
        </article>
      ))}
      {mayOpen && <OpenTask study={study} ended={tasks[0]} onDone={onDone} />}
      {study.groundTruth && (
        <>
          <h3>Ground truth of {momentOf(study.groundTruth.savedAt)}</h3>
          {study.groundTruth.imported && (
            <p>
              Imported from {study.groundTruth.imported.source} by {study.groundTruth.imported.member.name}:{' '}
              {study.groundTruth.imported.reason}
              {study.groundTruth.imported.beganAsDraft && ' Its outlines were begun from what a program had found.'}
            </p>
          )}
          <Lesions lesions={study.groundTruth.lesions} sliceCount={bravoSlices(study.series)} />
        </>
      )}
    </Panel>
  );
}

const wayOf = ({ protocol }: Task): string =>
  protocol ? `${protocol.name} (version ${protocol.number})` : 'an imported label, read by nobody here';

/** A first task; after one that has ended a new round, for which there must be a reason. */
function OpenTask({ study, ended: before, onDone }: Omit<Props, 'viewer'> & { ended: Task | undefined }) {
  const { data } = useData<Staff>(staffQuery);
  const protocols = data ? nodesOf(data.viewer.tenant.protocols).filter(({ successor }) => successor === null) : [];
  const [chosen, setChosen] = useState('');
  const protocolId = chosen || protocols[0]?.id;
  if (data && protocols.length === 0) return <Nothing>An administrator has to publish a protocol first.</Nothing>;
  return (
    <ActionForm
      title={before ? 'Open a new round' : 'Open a task'}
      mutation={before ? taskReopenMutation : taskCreateMutation}
      fields={before ? [{ name: 'reason', label: 'Why it is read once more' }] : []}
      input={(values) => (before ? { taskId: before.id, protocolId, ...values } : { studyIds: [study.id], protocolId })}
      disabled={!protocolId}
      onDone={onDone}
    >
      <Choice label="Protocol" value={protocolId ?? ''} options={protocols} onChange={setChosen} />
    </ActionForm>
  );
}

/** One of its readers reads it once more, and does not know. */
function Repeat({ task, onDone }: { task: Task; onDone: () => Promise<void> }) {
  const readers = task.reads.flatMap(({ kind, state, reader }) =>
    kind === 'DELINEATE' && state === 'SUBMITTED' && reader ? [reader] : [],
  );
  const [chosen, setChosen] = useState('');
  const readerId = chosen || readers[0]?.id;
  if (!readerId) return null;
  return (
    <details>
      <summary>Have it read once more, without its reader knowing</summary>
      <ActionForm
        title="Plan a hidden repeat"
        mutation={taskRepeatMutation}
        fields={[]}
        input={() => ({ taskId: task.id, readerId })}
        onDone={onDone}
      >
        <Choice label="Reader" value={readerId} options={readers} onChange={setChosen} />
      </ActionForm>
    </details>
  );
}

/** Who reads next, as far as the lifecycle asks for somebody; and leaving the task out. */
function TaskActions({ task, siteId, onDone }: { task: Task; siteId: string; onDone: () => Promise<void> }) {
  const { data } = useData<Staff>(staffQuery);
  const [chosen, setChosen] = useState('');
  const wanted = wantedRead(task);
  // Nobody reads a task twice.
  const had = new Set(task.reads.map(({ reader }) => reader?.id));
  const people =
    wanted && data
      ? nodesOf(data.viewer.tenant.members).filter(
          (member) => member.state === 'ACTIVE' && !had.has(member.id) && holds(member.grants, wanted.role, siteId),
        )
      : [];
  const readerId = people.some(({ id }) => id === chosen) ? chosen : people[0]?.id;
  const options = [...people, { id: byLoad, name: 'Whoever has the least to do' }];
  return (
    <>
      {wanted && people.length === 0 && <Nothing>Nobody is left who may {wanted.what} here.</Nothing>}
      {wanted && people.length > 0 && (
        <ActionForm
          title={wanted.title}
          mutation={readAssignMutation}
          fields={[]}
          input={() => ({ taskIds: [task.id], kind: wanted.kind, ...(chosen !== byLoad && { readerId }) })}
          onDone={onDone}
        >
          <Choice
            label={inWords(wanted.role)}
            value={chosen === byLoad ? byLoad : (readerId ?? '')}
            options={options}
            onChange={setChosen}
          />
        </ActionForm>
      )}
      <details>
        <summary>Leave this task out</summary>
        <ActionForm
          title="Leave out"
          mutation={taskExcludeMutation}
          fields={[{ name: 'reason', label: 'Why' }]}
          input={(values) => ({ taskId: task.id, ...values })}
          onDone={onDone}
        />
      </details>
    </>
  );
}

type Members = ReturnType<typeof nodesOf<Staff['viewer']['tenant']['members']['edges'][number]['node']>>;
const holds = (grants: Members[number]['grants'], role: Role, siteId: string): boolean =>
  grants.some(
    (grant) => grant.role === role && (grant.sites.length === 0 || grant.sites.some(({ id }) => id === siteId)),
  );

/** The read that somebody has to be found for. */
function wantedRead({ state, unassignedReads }: Task) {
  if (unassignedReads === 0) return undefined;
  if (state === 'ADJUDICATING')
    return { kind: 'ADJUDICATE', role: 'ADJUDICATOR', title: 'Assign an adjudicator', what: 'adjudicate' } as const;
  if (state === 'CROSS_CHECKING')
    return { kind: 'CROSS_CHECK', role: 'READER', title: 'Assign a second reader', what: 'check' } as const;
  return { kind: 'DELINEATE', role: 'READER', title: 'Assign a reader', what: 'read' } as const;
}
