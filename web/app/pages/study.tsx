import { useState } from 'preact/hooks';
import type { FollowedJob } from '../api/follow-jobs.ts';
import { graphql } from '../api/graphql.ts';
import {
  bravoSlices,
  may,
  nodesOf,
  requestSegmentationMutation,
  type Segmentation,
  type Study,
  studyQuery,
  type Viewer,
} from '../api/queries.ts';
import { JobState } from '../parts/badges.tsx';
import { Heading, Nothing, Panel, Problem, viewerAddress } from '../parts/layout.tsx';
import { Lesions } from '../parts/lesions.tsx';
import { momentOf, plural, shortId } from '../parts/words.ts';
import { explain, useData } from '../use-data.ts';
import { useJobs } from '../use-jobs.ts';
import { DefacingPanel } from './study-defacing.tsx';
import { DeidentificationPanel } from './study-deidentification.tsx';
import { DeliveriesPanel } from './study-deliveries.tsx';
import { PreparationPanel } from './study-preparation.tsx';
import { ReadingPanel } from './study-reading.tsx';
import { SeriesPanel } from './study-series.tsx';

const lookAgainMs = 15_000;

/** One study: what it consists of, how it was prepared, read and segmented. */
export function StudyPage({ id, viewer }: { id: string; viewer: Viewer }) {
  const { data, error, reload } = useData<{ node: Study | null }>(studyQuery, { id }, lookAgainMs);
  const study = data?.node;
  const jobs = useJobs(study ? [study.preparation, ...nodesOf(study.segmentations)] : [], reload);
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
          <SeriesPanel study={study} viewer={viewer} onDone={reload} />
          <PreparationPanel study={study} viewer={viewer} job={jobs.get(study.preparation?.id ?? '')} onDone={reload} />
        </div>
        <div>
          <SegmentationsPanel study={study} jobs={jobs} />
          {may(viewer, 'destinations') && <DeliveriesPanel study={study} viewer={viewer} />}
          <ReadingPanel study={study} viewer={viewer} onDone={reload} />
          <DefacingPanel studyId={study.id} viewer={viewer} />
          <DeidentificationPanel studyId={study.id} />
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

function SegmentationsPanel({ study, jobs }: { study: Study; jobs: ReadonlyMap<string, FollowedJob> }) {
  const segmentations = nodesOf(study.segmentations);
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
            <ShowResult study={study} segmentation={one} />
            {state === 'COMPLETED' && <Lesions lesions={one.lesions} sliceCount={bravoSlices(study.series)} />}
            {one.dropped.length > 0 && (
              <p class="faint">{plural(one.dropped.length, 'finding')} left out as too small or outside the brain.</p>
            )}
          </article>
        );
      })}
    </Panel>
  );
}

/** Leads to the viewer with the result laid over the images; without a lesion there is none to lay. */
function ShowResult({ study, segmentation: { results } }: { study: Study; segmentation: Segmentation }) {
  const seg = results.find(({ kind }) => kind === 'SEG');
  return seg ? (
    <p>
      <a href={viewerAddress(study.studyInstanceUid, { show: seg.seriesInstanceUid })}>Show in the viewer</a>
    </p>
  ) : null;
}
