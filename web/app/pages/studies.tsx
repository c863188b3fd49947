import { useState } from 'preact/hooks';
import { sequences } from '#core/domain/sequence.ts';
import type { FollowedJob } from '../api/follow-jobs.ts';
import { graphql } from '../api/graphql.ts';
import { type Connection, nodesOf, type StudyInList, studiesQuery, type Viewer } from '../api/queries.ts';
import { JobState, State } from '../parts/badges.tsx';
import { Heading, Nothing, Problem, viewerAddress } from '../parts/layout.tsx';
import { inWords, number, shortId } from '../parts/words.ts';
import { Link } from '../router.tsx';
import { explain, useData } from '../use-data.ts';
import { useJobs } from '../use-jobs.ts';

const states = ['QUEUED', 'RUNNING', 'READY', 'NEEDS_REVIEW', 'FAILED'] as const;
/** New studies are told of by no subscription. */
const lookAgainMs = 10_000;

interface Answer {
  readonly studies: Connection<StudyInList>;
}

/** Every study that one may see, as it is now. */
export function StudiesPage({ viewer }: { viewer: Viewer }) {
  const [site, setSite] = useState('');
  const [state, setState] = useState('');
  const filter = { ...(site && { siteIds: [site] }), ...(state && { preparationStates: [state] }) };
  const { data, error, reload } = useData<Answer>(studiesQuery, { filter }, lookAgainMs);
  const [older, setOlder] = useState<Connection<StudyInList>>();
  const [problem, setProblem] = useState<string>();
  const first = data ? nodesOf(data.studies) : [];
  const known = new Set(first.map(({ id }) => id));
  const studies = [...first, ...(older ? nodesOf(older).filter(({ id }) => !known.has(id)) : [])];
  const jobs = useJobs(
    studies.map(({ preparation }) => preparation),
    reload,
  );
  const last = (older ?? data?.studies)?.pageInfo;
  const showOlder = (): void => {
    graphql<Answer>(studiesQuery, { filter, after: last?.endCursor }).then(
      ({ studies: more }) => setOlder({ ...more, edges: [...(older?.edges ?? []), ...more.edges] }),
      (failure) => setProblem(explain(failure)),
    );
  };
  const show = (change: () => void): void => {
    setOlder(undefined);
    change();
  };
  const sites = nodesOf(viewer.sites);
  return (
    <>
      <Heading title="Studies">
        {sites.length > 1 && (
          <label>
            Site
            <select value={site} onChange={({ currentTarget }) => show(() => setSite(currentTarget.value))}>
              <option value="">All</option>
              {sites.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          Preparation
          <select value={state} onChange={({ currentTarget }) => show(() => setState(currentTarget.value))}>
            <option value="">Any</option>
            {states.map((name) => (
              <option key={name} value={name}>
                {inWords(name)}
              </option>
            ))}
          </select>
        </label>
      </Heading>
      <Problem message={error ?? problem} />
      {data && studies.length === 0 && (
        <Nothing>No study yet that you may see{site || state ? ' with these conditions' : ''}.</Nothing>
      )}
      {studies.length > 0 && (
        <table class="wide">
          <thead>
            <tr>
              <th>Patient</th>
              <th>Study date</th>
              <th>Age, sex</th>
              <th>Site</th>
              <th>Scanner</th>
              <th>Sequences</th>
              <th>Preparation</th>
              <th>Reading</th>
              <th>
                <span class="hidden">Viewer</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {studies.map((study) => (
              <Row key={study.id} study={study} job={jobs.get(study.preparation?.id ?? '')} />
            ))}
          </tbody>
        </table>
      )}
      {last?.hasNextPage && (
        <button type="button" onClick={showOlder}>
          Show older studies
        </button>
      )}
    </>
  );
}

function Row({ study, job }: { study: StudyInList; job: FollowedJob | undefined }) {
  const { preparation, subject } = study;
  const task = study.tasks.edges.find(({ node }) => node.repeatOf === null)?.node;
  const state = job?.state || preparation?.state;
  return (
    <tr>
      <td>
        <Link to={`/studies/${encodeURIComponent(study.id)}`}>{shortId(subject.patientId)}</Link>
      </td>
      <td class="figures">{study.studyDate ?? '–'}</td>
      <td>
        {number(study.ageYears, 0)}
        {subject.sex ? `, ${subject.sex.charAt(0)}` : ''}
      </td>
      <td>{study.site.name}</td>
      <td class="faint">{study.scanner ?? '–'}</td>
      <td>
        <span class="roles">
          {sequences.map((role) => {
            const missing = study.missingRoles.includes(role);
            return (
              <span
                key={role}
                class={missing ? 'role missing' : 'role'}
                title={missing ? `${inWords(role)} is missing` : inWords(role)}
              >
                {inWords(role)}
              </span>
            );
          })}
        </span>
      </td>
      <td>
        {state && preparation ? (
          <JobState state={state} progress={job?.progress ?? preparation.progress} />
        ) : (
          <span class="faint">none</span>
        )}
      </td>
      <td>{task ? <State state={task.state} /> : <span class="faint">–</span>}</td>
      <td class="right">
        <a class="button" href={viewerAddress(study.studyInstanceUid)}>
          View
        </a>
      </td>
    </tr>
  );
}
