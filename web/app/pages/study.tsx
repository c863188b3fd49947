import { useEffect, useState } from 'preact/hooks';
import { type FollowedJob, followJobs } from '../api/follow-jobs.ts';
import { graphql } from '../api/graphql.ts';
import {
  may,
  nodesOf,
  requestSegmentationMutation,
  type Segmentation,
  type Study,
  studyQuery,
  type Viewer,
} from '../api/queries.ts';
import { JobState, State } from '../parts/badges.tsx';
import { Facts, Heading, Nothing, Panel, Problem, viewerAddress } from '../parts/layout.tsx';
import { Lesions } from '../parts/lesions.tsx';
import { inWords, momentOf, number, plural, shortId } from '../parts/words.ts';
import { explain, useData } from '../use-data.ts';

const running = new Set(['QUEUED', 'RUNNING']);
const lookAgainMs = 15_000;

/** One study: what it consists of, how it was prepared, read and segmented. */
export function StudyPage({ id, viewer }: { id: string; viewer: Viewer }) {
  const { data, error, reload } = useData<{ node: Study | null }>(studyQuery, { id }, lookAgainMs);
  const study = data?.node;
  const jobs = useJobs(study, reload);
  if (!study)
    return (
      <>
        <Heading title="Study" />
        <Problem message={error} />
        {data && <Nothing>There is no such study, or you may not see it.</Nothing>}
      </>
    );
  return (
    <>
      <Heading
        title={`Patient ${shortId(study.subject.patientId)}`}
        hint={[study.site.name, study.studyDate, study.ageYears && `${study.ageYears} years`, study.scanner]
          .filter(Boolean)
          .join(' · ')}
      >
        <RequestSegmentation study={study} viewer={viewer} onRequested={reload} />
        <a class="button primary" href={viewerAddress(study.studyInstanceUid)}>
          Open in viewer
        </a>
      </Heading>
      <Problem message={error} />
      <div class="columns">
        <div>
          <SeriesPanel study={study} />
          <PreparationPanel study={study} job={jobs.get(study.preparation?.id ?? '')} />
        </div>
        <div>
          <SegmentationsPanel segmentations={nodesOf(study.segmentations)} jobs={jobs} />
          <TasksPanel study={study} />
        </div>
      </div>
    </>
  );
}

function RequestSegmentation({
  study,
  viewer,
  onRequested,
}: {
  study: Study;
  viewer: Viewer;
  onRequested: () => Promise<void>;
}) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  if (!may(viewer, 'requestSegmentation')) return null;
  const request = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await graphql(requestSegmentationMutation, { input: { studyId: study.id, idempotencyKey: crypto.randomUUID() } });
      await onRequested();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Problem message={problem} />
      <button type="button" disabled={busy || study.preparation?.state !== 'READY'} onClick={request}>
        Request a segmentation
      </button>
    </>
  );
}

function SeriesPanel({ study }: { study: Study }) {
  return (
    <Panel title="Series">
      <table>
        <thead>
          <tr>
            <th>Role</th>
            <th>Description</th>
            <th class="number">TR / TE / TI (ms)</th>
            <th class="number">Images</th>
          </tr>
        </thead>
        <tbody>
          {study.series.map((series) => (
            <tr key={series.id} class={series.derivedFrom ? 'faint' : ''}>
              <td>{series.derivedFrom ? 'copy' : series.role ? inWords(series.role) : series.modality}</td>
              <td>{series.description ?? '–'}</td>
              <td class="number">
                {[series.repetitionTimeMs, series.echoTimeMs, series.inversionTimeMs]
                  .map((value) => number(value))
                  .join(' / ')}
              </td>
              <td class="number">{series.instanceCount}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {study.missingRoles.length > 0 && <p class="warn-text">Missing: {study.missingRoles.map(inWords).join(', ')}</p>}
    </Panel>
  );
}

function PreparationPanel({ study: { preparation }, job }: { study: Study; job: FollowedJob | undefined }) {
  if (!preparation)
    return (
      <Panel title="Preparation">
        <Nothing>Not prepared: it needs a BRAVO series.</Nothing>
      </Panel>
    );
  const { registrations, warnings, brainMaskVolumeMm3 } = preparation;
  return (
    <Panel
      title="Preparation"
      aside={<JobState state={job?.state || preparation.state} progress={job?.progress ?? preparation.progress} />}
    >
      {brainMaskVolumeMm3 !== null && <Facts facts={[['Brain mask', `${number(brainMaskVolumeMm3 / 1000, 0)} cm³`]]} />}
      {registrations.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>Laid on BRAVO</th>
              <th class="number">Rotation (°)</th>
              <th class="number">Shift (mm)</th>
              <th class="number">NMI</th>
              <th>Plausible</th>
            </tr>
          </thead>
          <tbody>
            {registrations.map((one) => (
              <tr key={one.series.role}>
                <td>{inWords(one.series.role ?? 'OTHER')}</td>
                <td class="number">{number(one.rotationDegrees, 2)}</td>
                <td class="number">{number(one.translationMm, 2)}</td>
                <td class="number">{number(one.nmi, 3)}</td>
                <td>{one.plausible ? 'yes' : <span class="warn-text">no</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {warnings.map((warning) => (
        <p key={warning} class="warn-text">
          {warning}
        </p>
      ))}
    </Panel>
  );
}

function SegmentationsPanel({
  segmentations,
  jobs,
}: {
  segmentations: readonly Segmentation[];
  jobs: ReadonlyMap<string, FollowedJob>;
}) {
  return (
    <Panel title="Segmentations">
      {segmentations.length === 0 && <Nothing>None has been asked for.</Nothing>}
      {segmentations.map((one) => {
        const job = jobs.get(one.id);
        const state = job?.state || one.state;
        return (
          <article key={one.id}>
            <p class="line">
              <JobState state={state} progress={job?.progress ?? one.progress} />
              <span class="faint">
                Model version {one.modelVersion.number}, {one.requestedBy.name}, {momentOf(one.progress.queuedAt)}
              </span>
            </p>
            {state === 'COMPLETED' && <Lesions lesions={one.lesions} />}
            {one.dropped.length > 0 && (
              <p class="faint">{plural(one.dropped.length, 'finding')} left out as too small or outside the brain.</p>
            )}
          </article>
        );
      })}
    </Panel>
  );
}

function TasksPanel({ study }: { study: Study }) {
  const tasks = nodesOf(study.tasks);
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
              <li key={read.id}>
                {inWords(read.kind)} · {read.reader?.name ?? 'a reader'} <State state={read.state} />
              </li>
            ))}
          </ul>
        </article>
      ))}
      {study.groundTruth && (
        <>
          <h3>Ground truth of {momentOf(study.groundTruth.savedAt)}</h3>
          <Lesions lesions={study.groundTruth.lesions} />
        </>
      )}
    </Panel>
  );
}

/** The preparation and the segmentations under way, as they change. */
function useJobs(study: Study | null | undefined, reload: () => Promise<void>): ReadonlyMap<string, FollowedJob> {
  const [jobs, setJobs] = useState<ReadonlyMap<string, FollowedJob>>(new Map());
  const all = study ? [study.preparation, ...nodesOf(study.segmentations)] : [];
  const ids = all.flatMap((job) => (job && running.has(job.state) ? job.id : [])).join(' ');
  useEffect(() => {
    if (!ids) return setJobs(new Map());
    return followJobs(
      ids.split(' '),
      (job) => setJobs((before) => new Map(before).set(job.id, job)),
      () => void reload(),
    );
  }, [ids, reload]);
  return jobs;
}
