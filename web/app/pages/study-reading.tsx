import { useState } from 'preact/hooks';
import type { Role } from '#core/domain/roles.ts';
import { bravoSlices, may, nodesOf, type Study, type Viewer } from '../api/queries.ts';
import {
  readAssignMutation,
  type Staff,
  staffQuery,
  taskCreateMutation,
  taskExcludeMutation,
} from '../api/reading-queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { State } from '../parts/badges.tsx';
import { Nothing, Panel } from '../parts/layout.tsx';
import { Lesions } from '../parts/lesions.tsx';
import { inWords, momentOf } from '../parts/words.ts';
import { useData } from '../use-data.ts';

interface Props {
  readonly study: Study;
  readonly viewer: Viewer;
  readonly onDone: () => Promise<void>;
}
type Task = Study['tasks']['edges'][number]['node'];

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
            <State state={task.state} /> Round {task.round}, {task.protocol.name}
          </p>
          <ul class="plain">
            {task.reads.map((read) => (
              <li key={read.id} class="line">
                {inWords(read.kind)}: {read.reader?.name ?? 'a reader'} <State state={read.state} />
              </li>
            ))}
          </ul>
          {coordinates && !ended.has(task.state) && <TaskActions task={task} siteId={study.site.id} onDone={onDone} />}
        </article>
      ))}
      {mayOpen && <OpenTask study={study} onDone={onDone} />}
      {study.groundTruth && (
        <>
          <h3>Ground truth of {momentOf(study.groundTruth.savedAt)}</h3>
          <Lesions lesions={study.groundTruth.lesions} sliceCount={bravoSlices(study.series)} />
        </>
      )}
    </Panel>
  );
}

function OpenTask({ study, onDone }: Omit<Props, 'viewer'>) {
  const { data } = useData<Staff>(staffQuery);
  const protocols = data ? nodesOf(data.viewer.tenant.protocols) : [];
  const [chosen, setChosen] = useState('');
  const protocolId = chosen || protocols[0]?.id;
  if (data && protocols.length === 0) return <Nothing>An administrator has to publish a protocol first.</Nothing>;
  return (
    <ActionForm
      title="Open a task"
      mutation={taskCreateMutation}
      fields={[]}
      input={() => ({ studyIds: [study.id], protocolId })}
      disabled={!protocolId}
      onDone={onDone}
    >
      <Choice label="Protocol" value={protocolId ?? ''} options={protocols} onChange={setChosen} />
    </ActionForm>
  );
}

/** Who reads next, as far as the lifecycle asks for somebody; and leaving the task out. */
function TaskActions({ task, siteId, onDone }: { task: Task; siteId: string; onDone: () => Promise<void> }) {
  const { data } = useData<Staff>(staffQuery);
  const [chosen, setChosen] = useState('');
  const current = task.reads.filter(({ state }) => state !== 'EXPIRED');
  const wanted = data && wantedRead(task, current, data);
  const busy = new Set(current.map(({ reader }) => reader?.id));
  const people =
    wanted && data
      ? nodesOf(data.viewer.tenant.members).filter(
          (member) => member.state === 'ACTIVE' && !busy.has(member.id) && holds(member.grants, wanted.role, siteId),
        )
      : [];
  const readerId = people.some(({ id }) => id === chosen) ? chosen : people[0]?.id;
  return (
    <>
      {wanted && people.length === 0 && <Nothing>Nobody is left who may {wanted.what} here.</Nothing>}
      {wanted && people.length > 0 && (
        <ActionForm
          title={wanted.title}
          mutation={readAssignMutation}
          fields={[]}
          input={() => ({ taskIds: [task.id], kind: wanted.kind, readerId })}
          onDone={onDone}
        >
          <Choice label={inWords(wanted.role)} value={readerId ?? ''} options={people} onChange={setChosen} />
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
function wantedRead({ state, protocol }: Task, current: Task['reads'], { viewer }: Staff) {
  const count = (kind: string): number => current.filter((read) => read.kind === kind).length;
  const readers = nodesOf(viewer.tenant.protocols).find(({ id }) => id === protocol.id)?.readerCount ?? 0;
  if ((state === 'OPEN' || state === 'DELINEATING') && count('DELINEATE') < readers)
    return { kind: 'DELINEATE', role: 'READER', title: 'Assign a reader', what: 'read' } as const;
  if (state === 'ADJUDICATING' && count('ADJUDICATE') === 0)
    return { kind: 'ADJUDICATE', role: 'ADJUDICATOR', title: 'Assign an adjudicator', what: 'adjudicate' } as const;
  return undefined;
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly { readonly id: string; readonly name: string }[];
  onChange: (id: string) => void;
}) {
  return (
    <label class="field">
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
