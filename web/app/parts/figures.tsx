import type { Estimate, Figures as Row } from '../api/queries.ts';
import { number } from './words.ts';

const columns: readonly (readonly [keyof Row, string, number])[] = [
  ['auc', 'AUC', 3],
  ['dice', 'Dice', 3],
  ['precision', 'Precision', 3],
  ['recall', 'Recall', 3],
  ['lesionSensitivity', 'Lesions found', 3],
  ['fpPerCase', 'False findings a case', 2],
  ['fpPerCase10mm3', '… of ≥ 10 mm³', 2],
];

/** The API's counts of lesions, `1-3`, for people; sites keep their names. */
const labelOf = (label: string): string =>
  label === 'all' ? 'All' : /^[\d>]/.test(label) ? `${label.replace('-', '–')} metastases` : label;

/** Figures of an evaluation, means over patients with their 95 % intervals. */
export function Figures({ rows }: { rows: readonly Row[] }) {
  return (
    <table class="wide">
      <thead>
        <tr>
          <th>Patients</th>
          <th class="number">Cases</th>
          <th class="number">Lesions</th>
          {columns.map(([key, title]) => (
            <th key={key} class="number">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label}>
            <td>{labelOf(row.label)}</td>
            <td class="number">{row.caseCount}</td>
            <td class="number">{row.lesionCount}</td>
            {columns.map(([key, , digits]) => (
              <td key={key} class="number">
                <Figure estimate={row[key] as Estimate | null} digits={digits} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Figure({ estimate, digits }: { estimate: Estimate | null; digits: number }) {
  if (!estimate) return <>–</>;
  const { mean, low95, high95 } = estimate;
  return (
    <>
      {number(mean, digits)}
      {low95 !== null && high95 !== null && (
        <span class="interval">
          {number(low95, digits)}–{number(high95, digits)}
        </span>
      )}
    </>
  );
}
