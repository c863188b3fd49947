import type { FollowedJob } from '../api/follow-jobs.ts';
import { type Connection, may, nodesOf, type Viewer } from '../api/queries.ts';
import { type TrainingRun, trainingRunsQuery } from '../api/training-queries.ts';
import { JobState } from '../parts/badges.tsx';
import { Heading, Nothing, Problem } from '../parts/layout.tsx';
import { momentOf } from '../parts/words.ts';
import { useData } from '../use-data.ts';
import { useJobs } from '../use-jobs.ts';
import { DatasetsPanel } from './datasets.tsx';
import { VersionLink } from './model-lineage.tsx';
import { RetrainingPanel } from './retraining.tsx';

const lookAgainMs = 15_000;

/** Trainings, those under way as they go on, when one starts by itself, and the datasets that they learn from. */
export const TrainingPage = ({ viewer }: { viewer: Viewer }) => (
  <>
    <Heading title="Training" />
    <RetrainingPanel viewer={viewer} />
    {may(viewer, 'trainingRuns') && <Runs />}
    {may(viewer, 'datasets') && <DatasetsPanel viewer={viewer} />}
  </>
);

function Runs() {
  const { data, error, reload } = useData<{ trainingRuns: Connection<TrainingRun> }>(
    trainingRunsQuery,
    {},
    lookAgainMs,
  );
  const runs = data ? nodesOf(data.trainingRuns) : [];
  const jobs = useJobs(runs, reload);
  return (
    <>
      <Problem message={error} />
      {data && runs.length === 0 && <Nothing>Nothing has been trained.</Nothing>}
      {runs.length > 0 && (
        <table class="wide">
          <thead>
            <tr>
              <th>Queued</th>
              <th>State</th>
              <th>Dataset</th>
              <th>From</th>
              <th>Started by</th>
              <th>Led to</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <Run key={run.id} run={run} job={jobs.get(run.id)} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Run({ run, job }: { run: TrainingRun; job: FollowedJob | undefined }) {
  const { progress, dataset, warmStart, startedBy, retrainingPolicy, modelVersion } = run;
  const present = job?.progress ?? progress;
  return (
    <tr>
      <td class="figures">{momentOf(progress.queuedAt)}</td>
      <td>
        <JobState state={job?.state || run.state} progress={present} />
        {present.message && <span class="faint"> {present.message}</span>}
      </td>
      <td>{dataset.name}</td>
      <td>{warmStart ? <VersionLink version={warmStart} /> : <span class="faint">scratch</span>}</td>
      <td>{retrainingPolicy ? `policy ${retrainingPolicy.number}` : startedBy.name}</td>
      <td>{modelVersion ? <VersionLink version={modelVersion} /> : <span class="faint">–</span>}</td>
    </tr>
  );
}
