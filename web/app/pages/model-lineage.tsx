import { useState } from 'preact/hooks';
import { type Connection, may, type Named, nodesOf, type Version, type Viewer } from '../api/queries.ts';
import {
  datasetsQuery,
  type FamilyMember,
  lineageQuery,
  type TrainingRun,
  trainingRunStartMutation,
} from '../api/training-queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { Facts, Panel, Problem } from '../parts/layout.tsx';
import { LineagePlot, runningOf } from '../parts/lineage-plot.tsx';
import { Link } from '../router.tsx';
import { useData } from '../use-data.ts';
import { useJobs } from '../use-jobs.ts';

const lookAgainMs = 15_000;

/** What a version learnt from and started from, and what was started from it; a training under way is followed. */
export function LineagePanel({ version, viewer }: { version: Version; viewer: Viewer }) {
  const { data, error, reload } = useData<{ node: { lineage: FamilyMember[] } | null }>(
    lineageQuery,
    { id: version.id },
    lookAgainMs,
  );
  const family = data?.node?.lineage ?? [];
  const jobs = useJobs(runningOf(family), reload);
  const run = family.find(({ id }) => id === version.id)?.trainingRun;
  return (
    <Panel title="Where it comes from">
      <Problem message={error} />
      {family.length > 0 && <LineagePlot family={family} currentId={version.id} jobs={jobs} />}
      {run && <Parents run={run} />}
      {may(viewer, 'trainingRunStart') && !['REJECTED', 'RETIRED'].includes(version.state) && (
        <Retrain version={version} onDone={reload} />
      )}
    </Panel>
  );
}

const Parents = ({ run: { warmStart, dataset, startedBy, retrainingPolicy } }: { run: TrainingRun }) => (
  <Facts
    facts={[
      ['Started from', warmStart ? <VersionLink version={warmStart} /> : 'scratch'],
      [
        'Learnt from',
        <>
          {dataset.name} <code title={dataset.manifestSha256}>{dataset.manifestSha256.slice(0, 16)}…</code>
        </>,
      ],
      ['Started by', retrainingPolicy ? `policy ${retrainingPolicy.number}, set by ${startedBy.name}` : startedBy.name],
    ]}
  />
);

export const VersionLink = ({ version: { id, number } }: { version: { id: string; number: number } }) => (
  <Link to={`/models/${encodeURIComponent(id)}`}>Version {number}</Link>
);

/** Begins a training whose weights start from this version. */
function Retrain({ version, onDone }: { version: Version; onDone: () => Promise<void> }) {
  const { data } = useData<{ datasets: Connection<Named & { state: string }> }>(datasetsQuery);
  const datasets = data ? nodesOf(data.datasets).filter(({ state }) => state === 'FROZEN') : [];
  const [chosen, setChosen] = useState('');
  const datasetId = chosen || datasets[0]?.id;
  return (
    <ActionForm
      title="Train from this version"
      mutation={trainingRunStartMutation}
      fields={[{ name: 'epochs', label: 'Epochs; left out: as many as this version’s', count: 'OPTIONAL' }]}
      input={({ epochs }) => ({
        datasetId,
        warmStartId: version.id,
        plan: epochs ? { epochs: Number(epochs) } : {},
        idempotencyKey: crypto.randomUUID(),
      })}
      onDone={onDone}
      disabled={!datasetId}
    >
      <label class="field">
        Dataset
        <select value={datasetId} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
          {datasets.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </ActionForm>
  );
}
