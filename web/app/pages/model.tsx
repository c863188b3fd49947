import { may, nodesOf, type Version, type Viewer, versionQuery } from '../api/queries.ts';
import { State } from '../parts/badges.tsx';
import { Figures } from '../parts/figures.tsx';
import { Facts, Heading, Nothing, Panel, Problem } from '../parts/layout.tsx';
import { inWords, momentOf, number } from '../parts/words.ts';
import { useData } from '../use-data.ts';
import { LineagePanel } from './model-lineage.tsx';
import { Sign, Submit } from './model-review.tsx';
import { RollOut, Rollouts } from './model-rollouts.tsx';

/** One version: its figures, its review and where it was rolled out. */
export function ModelPage({ id, viewer }: { id: string; viewer: Viewer }) {
  const { data, error, reload } = useData<{ node: Version | null }>(versionQuery, { id }, 15_000);
  const version = data?.node;
  if (!version)
    return (
      <>
        <Heading title="Model version" />
        <Problem message={error} />
        {data && <Nothing>There is no such version.</Nothing>}
      </>
    );
  const evaluations = nodesOf(version.evaluations);
  const test = evaluations.find(({ subset, state }) => subset === 'TEST' && state === 'SUCCEEDED');
  return (
    <>
      <Heading title={`Model version ${version.number}`} hint={`published ${momentOf(version.publishedAt)}`}>
        <State state={version.state} />
      </Heading>
      <Problem message={error} />
      {evaluations.map((evaluation) => (
        <Panel
          key={evaluation.id}
          title={`Figures, ${inWords(evaluation.subset).toLowerCase()} patients`}
          aside={<State state={evaluation.state} />}
        >
          <Figures rows={evaluation.byGroup} />
          {evaluation.bySite.length > 1 && <Figures rows={evaluation.bySite} />}
          <p class="faint note">
            {evaluation.intensityBaseline &&
              `A plain threshold on BRAVO reaches a Dice of ${number(evaluation.intensityBaseline.dice, 3)} on the same cases. `}
            {evaluation.reportSha256 && `Report ${evaluation.reportSha256}`}
          </p>
        </Panel>
      ))}
      <div class="columns">
        <div>
          <Panel title="What it is">
            <Facts
              facts={[
                ['For', version.intendedUse || '–'],
                ['Weak where', version.limits || '–'],
                ['Needs', version.requiredRoles.map(inWords).join(', ')],
                ['Threshold', `${number(version.threshold, 3)} (${inWords(version.thresholdRule)})`],
                ...version.artifacts.map(
                  ({ kind, sha256 }) => [inWords(kind), <code key={kind}>{sha256.slice(0, 16)}…</code>] as const,
                ),
              ]}
            />
          </Panel>
          <Panel title="Review">
            {version.reviews.length === 0 && <Nothing>Nobody has signed.</Nothing>}
            {version.reviews.map(({ id: reviewId, decision, comment, signature }) => (
              <article key={reviewId}>
                <p class="line">
                  <State state={decision === 'APPROVE' ? 'APPROVED' : 'REJECTED'} /> {signature.printedName},{' '}
                  {momentOf(signature.signedAt)}
                </p>
                <p>“{signature.meaning}”</p>
                <p class="faint">{comment}</p>
              </article>
            ))}
            {version.state === 'CANDIDATE' && test && may(viewer, 'modelVersionSubmit') && (
              <Submit version={version} evaluation={test} onDone={reload} />
            )}
            {version.state === 'IN_REVIEW' && test?.reportSha256 && may(viewer, 'reviewSign') && (
              <Sign version={version} reportSha256={test.reportSha256} onDone={reload} />
            )}
          </Panel>
        </div>
        <div>
          {may(viewer, 'trainingRuns') && <LineagePanel version={version} viewer={viewer} />}
          <Panel title="Rollouts">
            <Rollouts
              rollouts={nodesOf(version.rollouts)}
              mayRollBack={may(viewer, 'rolloutRollback')}
              onDone={reload}
            />
            {version.state === 'APPROVED' && may(viewer, 'rolloutCreate') && (
              <RollOut version={version} viewer={viewer} onDone={reload} />
            )}
          </Panel>
        </div>
      </div>
    </>
  );
}
