import { useState } from 'preact/hooks';
import { graphql } from '../api/graphql.ts';
import { bravoSlices, nodesOf } from '../api/queries.ts';
import { type Adjudication, adjudicationQuery, readSubmitMutation } from '../api/reading-queries.ts';
import { State } from '../parts/badges.tsx';
import { Heading, Nothing, Problem, viewerAddress } from '../parts/layout.tsx';
import { plural, shortId } from '../parts/words.ts';
import { Link, navigate } from '../router.tsx';
import { explain, useData } from '../use-data.ts';
import { DisputePanel } from './dispute.tsx';

/** What is drawn in the viewer meanwhile is seen here so soon after its save. */
const lookAgainMs = 5000;

/** An adjudicator's read: every place where the readers differ, to be settled one by one. A second reader's: every outline of the first. */
export function AdjudicatePage({ id }: { id: string }) {
  const [after, setAfter] = useState<string | null>(null);
  const { data, error, reload } = useData<{ node: Adjudication | null }>(adjudicationQuery, { id, after }, lookAgainMs);
  const [problem, setProblem] = useState<string>();
  const read = data?.node;
  if (read?.kind !== 'ADJUDICATE' && read?.kind !== 'CROSS_CHECK')
    return (
      <>
        <Heading title="Judging" />
        <Problem message={error} />
        {data && <Nothing>There is no such read of yours in which outlines are judged.</Nothing>}
      </>
    );
  const disputes = nodesOf(read.agreements);
  const { endCursor, hasNextPage } = read.agreements.pageInfo;
  const checks = read.kind === 'CROSS_CHECK';
  const noun = checks ? 'outline' : 'dispute';
  const open = disputes.filter(({ verdict, check }) => !(checks ? check : verdict)).length;
  const { study, protocol } = read.task;
  const started = read.state === 'STARTED';
  const submit = async (): Promise<void> => {
    const said = checks
      ? 'Sign that every outline of this study is checked and what you added is all that was missed, and close this read?'
      : 'Sign that every dispute of this study is settled, and close this read?';
    if (!confirm(said)) return;
    try {
      await graphql(readSubmitMutation, { input: { readId: read.id, revisionId: read.head?.id ?? null } });
      navigate('/reads');
    } catch (failure) {
      setProblem(explain(failure));
    }
  };
  return (
    <>
      <Heading
        title={`${checks ? 'Outlines' : 'Disputes'} of patient ${shortId(study.subject.patientId)}`}
        hint={[study.site.name, study.studyDate, protocol.name].filter(Boolean).join(' · ')}
      >
        <State state={read.state} />
        <a
          class="button"
          href={viewerAddress(study.studyInstanceUid, started ? { read: read.id } : {})}
          target="_blank"
          rel="noopener"
        >
          Open in viewer
        </a>
        {started && (
          <button type="button" class="primary" disabled={open > 0 || hasNextPage} onClick={submit}>
            Sign and submit
          </button>
        )}
      </Heading>
      <Problem message={error ?? problem} />
      <p class="faint below">
        {protocol.instructions}{' '}
        {checks
          ? 'The first reader is not named. In the viewer draw and save corrections, and metastases that were missed; then say here which of them correct what.'
          : 'The readers are not named; in the viewer their outlines can be laid over the images, and drawn anew.'}{' '}
        {started && (open > 0 ? `${plural(open, noun)} without a verdict.` : `Every ${noun} has its verdict.`)}
      </p>
      {disputes.map((dispute, index) => (
        <DisputePanel
          key={dispute.id}
          title={`${checks ? 'Outline' : 'Dispute'} ${index + 1} of ${disputes.length}${hasNextPage ? ' and more' : ''}`}
          dispute={dispute}
          redrawn={read.head?.lesions ?? []}
          checks={checks}
          sliceCount={bravoSlices(study.series)}
          readId={started ? read.id : undefined}
          studyInstanceUid={study.studyInstanceUid}
          onDone={reload}
        />
      ))}
      {hasNextPage && (
        <button type="button" disabled={open > 0} onClick={() => setAfter(endCursor)}>
          Next {noun}s
        </button>
      )}
      <Link to="/reads">Back to my reads</Link>
    </>
  );
}
