import { type Connection, nodesOf, type VersionInList, versionsQuery } from '../api/queries.ts';
import { State } from '../parts/badges.tsx';
import { Heading, Nothing, Problem } from '../parts/layout.tsx';
import { momentOf } from '../parts/words.ts';
import { Link } from '../router.tsx';
import { useData } from '../use-data.ts';

/** Every version and where it answers. */
export function ModelsPage() {
  const { data, error } = useData<{ modelVersions: Connection<VersionInList> }>(versionsQuery, {}, 15_000);
  const versions = data ? nodesOf(data.modelVersions) : [];
  return (
    <>
      <Heading title="Model versions" />
      <Problem message={error} />
      {data && versions.length === 0 && <Nothing>No version has been published.</Nothing>}
      {versions.length > 0 && (
        <table class="wide">
          <thead>
            <tr>
              <th>Version</th>
              <th>State</th>
              <th>Published</th>
              <th>Answers at</th>
              <th>For</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => {
              const live = nodesOf(version.rollouts).filter(({ stage }) => stage === 'LIVE');
              const sites = new Set(live.flatMap((rollout) => nodesOf(rollout.sites).map(({ name }) => name)));
              return (
                <tr key={version.id}>
                  <td>
                    <Link to={`/models/${encodeURIComponent(version.id)}`}>Version {version.number}</Link>
                  </td>
                  <td>
                    <State state={version.state} />
                  </td>
                  <td class="figures">{momentOf(version.publishedAt)}</td>
                  <td>{[...sites].join(', ') || <span class="faint">nowhere</span>}</td>
                  <td class="faint">{version.intendedUse}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </>
  );
}
