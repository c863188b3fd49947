import { useState } from 'preact/hooks';
import { seriesRoles } from '#core/domain/sequence.ts';
import { graphql } from '../api/graphql.ts';
import { may, type Series, type Study, type Viewer } from '../api/queries.ts';
import { seriesUpdateMutation } from '../api/reading-queries.ts';
import { Panel, Problem } from '../parts/layout.tsx';
import { inWords, number } from '../parts/words.ts';
import { explain } from '../use-data.ts';

interface Props {
  readonly study: Study;
  readonly viewer: Viewer;
  readonly onDone: () => Promise<void>;
}

/** What the study consists of; a coordinator says what a series is where its parameters told wrong. */
export function SeriesPanel({ study, viewer, onDone }: Props) {
  const [problem, setProblem] = useState<string>();
  const mayChange = may(viewer, 'seriesUpdate');
  const change = async (series: Series, role: string): Promise<void> => {
    const question = `Take “${series.description ?? 'this series'}” for ${inWords(role)}? The study is prepared anew.`;
    try {
      if (confirm(question)) await graphql(seriesUpdateMutation, { input: { seriesId: series.id, role } });
      setProblem(undefined);
    } catch (error) {
      setProblem(explain(error));
    }
    await onDone();
  };
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
              <td title={series.roleReason ?? ''}>
                {mayChange && series.role ? (
                  <RoleChoice series={series} onChange={(role) => change(series, role)} />
                ) : (
                  kindOf(series)
                )}
              </td>
              <td>{nameOf(series)}</td>
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
      <Problem message={problem} />
      {study.missingRoles.length > 0 && <p class="warn-text">Missing: {study.missingRoles.map(inWords).join(', ')}</p>}
    </Panel>
  );
}

const kindOf = ({ derivedFrom, role, modality }: Series): string =>
  derivedFrom ? 'Copy' : role ? inWords(role) : modality;

/** Of a copy rather what it shows than its technical name. */
const nameOf = ({ derivedFrom, description }: Series): string =>
  derivedFrom?.role && derivedFrom.role !== 'OTHER' ? `${inWords(derivedFrom.role)} on BRAVO` : (description ?? '–');

function RoleChoice({ series, onChange }: { series: Series; onChange: (role: string) => Promise<void> }) {
  const role = series.role ?? 'OTHER';
  return (
    <select
      class="plain-select"
      aria-label={`Role of ${series.description ?? 'the series'}`}
      value={role}
      onChange={({ currentTarget: select }) => {
        const wanted = select.value;
        // What is said stands only once the service has taken it.
        select.value = role;
        void onChange(wanted);
      }}
    >
      {seriesRoles.map((one) => (
        <option key={one} value={one}>
          {inWords(one)}
        </option>
      ))}
    </select>
  );
}
