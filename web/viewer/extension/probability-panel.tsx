import { useEffect, useState } from 'preact/hooks';
import { graphql } from '../../app/api/graphql.ts';
import { type Connection, nodesOf } from '../../app/api/queries.ts';
import { paintOnImages } from './overlay.ts';
import { fetchMap, type ProbabilityMap, paintMap } from './probability-map.ts';

interface Answer {
  readonly state: string;
  readonly modelVersion: { readonly number: number };
  readonly results: readonly { readonly kind: string; readonly seriesInstanceUid: string }[];
}
const answersQuery = `query ($uid: String!) { studies(first: 1, filter: { studyInstanceUid: $uid }) { edges { node {
  segmentations(first: 25) { edges { node { state modelVersion { number } results { kind seriesInstanceUid } } } }
} } } }`;

/** The probability map of the newest answer about a study, or of the one whose label is shown; nothing where the caller may see none. */
export function StudyProbability({ studyUid, shownUid }: { studyUid: string; shownUid: string | undefined }) {
  const [answer, setAnswer] = useState<Answer>();
  useEffect(() => {
    type Studies = { studies: { edges: readonly { node: { segmentations: Connection<Answer> } }[] } };
    graphql<Studies>(answersQuery, { uid: studyUid }).then(
      ({ studies }) => {
        const found = studies.edges.flatMap(({ node }) => nodesOf(node.segmentations));
        const complete = found.filter(({ state }) => state === 'COMPLETED');
        const shown = complete.find(({ results }) => results.some((one) => one.seriesInstanceUid === shownUid));
        setAnswer(shown ?? complete[0]);
      },
      () => {},
    );
  }, [studyUid, shownUid]);
  const series = answer?.results.find(({ kind }) => kind === 'PROBABILITY_MAP')?.seriesInstanceUid;
  if (!answer || !series) return null;
  const path = `/studies/${studyUid}/series/${series}/probability`;
  return <ProbabilityPanel path={path} name={`Probability, model version ${answer.modelVersion.number}`} />;
}

/** Lays a probability map over the images, from a threshold on. */
export function ProbabilityPanel({ path, name }: { path: string; name: string }) {
  const [on, setOn] = useState(false);
  const [percent, setPercent] = useState(50);
  const [map, setMap] = useState<ProbabilityMap>();
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (!on || map) return;
    setProblem('');
    fetchMap(path).then(setMap, (error: Error) => setProblem(error.message));
  }, [on, map, path]);
  useEffect(() => {
    if (!on || !map) return;
    return paintOnImages((context, view, width, height) => {
      paintMap(map, Math.max(1, Math.round(2.55 * percent)), context, view, [width, height]);
    });
  }, [on, map, percent]);
  return (
    <section aria-label="Probability map">
      <label>
        <input type="checkbox" checked={on} onChange={({ currentTarget }) => setOn(currentTarget.checked)} /> {name}
      </label>
      {on && (
        <label class="slider">
          From
          <input
            type="range"
            min={1}
            max={99}
            value={percent}
            onInput={({ currentTarget }) => setPercent(Number(currentTarget.value))}
          />
          {percent} %
        </label>
      )}
      {on && !map && !problem && <p class="faint">Fetching …</p>}
      {problem && <p role="alert">{problem}</p>}
    </section>
  );
}
