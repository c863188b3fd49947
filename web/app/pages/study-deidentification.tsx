import { type DeidentificationReport, deidentificationQuery } from '../api/deidentification-queries.ts';
import { Facts, Panel } from '../parts/layout.tsx';
import { inWords, plural } from '../parts/words.ts';
import { useData } from '../use-data.ts';

/** What most changes a file first. */
const order = ['REMOVED', 'REPLACED', 'EMPTIED', 'UID_REPLACED', 'DATE_SHIFTED', 'CLEANED', 'KEPT'];

/** What was done to the study's files before they were stored; nothing for those who may not know. */
export function DeidentificationPanel({ studyId }: { studyId: string }) {
  const { data } = useData<{ node: { deidentification: DeidentificationReport | null } | null }>(
    deidentificationQuery,
    { id: studyId },
  );
  const report = data?.node?.deidentification;
  if (!report) return null;
  const byAction = Map.groupBy(report.attributes, ({ action }) => action);
  return (
    <Panel title="De-identification" aside={<span class="faint">{plural(report.instanceCount, 'file')}</span>}>
      <Facts
        facts={report.profiles.map(({ profile, instanceCount }) => [
          `Profile version ${profile.version}`,
          `${plural(instanceCount, 'file')}: ${profile.methods.map(({ meaning }) => meaning).join(', ')}`,
        ])}
      />
      {order.flatMap((action) => {
        const attributes = byAction.get(action) ?? [];
        if (attributes.length === 0) return [];
        const total = attributes.reduce((sum, { count }) => sum + count, 0);
        return (
          <details key={action}>
            <summary>
              {inWords(action)}: {plural(attributes.length, 'attribute')}, {plural(total, 'value')}
            </summary>
            <Counts rows={attributes.map(({ tag, name, count }) => [tag ? `${name} ${tag}` : name, count])} />
          </details>
        );
      })}
      {report.rules.length > 0 && (
        <details>
          <summary>Rules that took something away</summary>
          <Counts rows={report.rules.map(({ rule, count }) => [inWords(rule), count])} />
        </details>
      )}
    </Panel>
  );
}

const Counts = ({ rows }: { rows: readonly (readonly [name: string, count: number])[] }) => (
  <table>
    <tbody>
      {rows.map(([name, count]) => (
        <tr key={name}>
          <td>{name}</td>
          <td class="number">{count}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
