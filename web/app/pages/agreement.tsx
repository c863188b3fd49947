import { useState } from 'preact/hooks';
import { type AgreementRow, type AgreementRowKind, agreementQuery } from '../api/agreement-queries.ts';
import type { Estimate, Viewer } from '../api/queries.ts';
import { DicePlot, VolumePlot } from '../parts/agreement-plots.tsx';
import { Choice } from '../parts/choice.tsx';
import { Heading, Nothing, Panel, Problem } from '../parts/layout.tsx';
import { inWords, number, plural } from '../parts/words.ts';
import { useData } from '../use-data.ts';

const kinds: readonly { readonly id: AgreementRowKind; readonly name: string }[] = [
  { id: 'READER', name: 'Readers against ground truth' },
  { id: 'PAIR', name: 'Readers against each other' },
  { id: 'SITE', name: 'Sites' },
  { id: 'MONTH', name: 'Months' },
  { id: 'REPEAT', name: 'Readers against themselves, in hidden repeats' },
  { id: 'ARM', name: 'Reads from a draft and their control' },
];
const bands = [
  { id: 'all', name: 'All lesions', filter: {} },
  { id: 'small', name: 'Shorter than 5 mm', filter: { maxDiameterMm: 5 } },
  { id: 'middle', name: '5 to 10 mm', filter: { minDiameterMm: 5, maxDiameterMm: 10 } },
  { id: 'large', name: '10 mm and longer', filter: { minDiameterMm: 10 } },
];

/** How well readers agree, to be looked at first and read second. */
export function AgreementPage({ viewer }: { viewer: Viewer }) {
  const [by, setBy] = useState<AgreementRowKind>('READER');
  const [band, setBand] = useState('all');
  const [site, setSite] = useState('');
  const sites = viewer.sites.edges.map(({ node }) => node);
  const filter = { ...bands.find(({ id }) => id === band)?.filter, ...(site && { siteIds: [site] }) };
  const { data, error } = useData<{ agreement: { rows: readonly AgreementRow[] } }>(agreementQuery, { by, filter });
  const rows = (data?.agreement.rows ?? []).map((row) => (by === 'ARM' ? { ...row, label: inWords(row.label) } : row));
  return (
    <>
      <Heading title="Agreement" hint="Of signed reads of accepted studies; readers see their own." />
      <Problem message={error} />
      <div class="filters">
        <Choice label="Rows" value={by} options={kinds} onChange={(id) => setBy(id as AgreementRowKind)} />
        <Choice label="Lesions" value={band} options={bands} onChange={setBand} />
        <Choice label="Site" value={site} options={[{ id: '', name: 'All' }, ...sites]} onChange={setSite} />
      </div>
      {data && rows.length === 0 && <Nothing>No accepted study has such reads.</Nothing>}
      {rows.length > 0 && (
        <>
          <Panel title="Outlines">
            <DicePlot rows={rows} />
          </Panel>
          <div class="plots">
            {rows.map((row) => (
              <Panel
                key={row.label}
                title={row.label}
                aside={<span class="faint">{plural(row.taskCount, 'study', 'studies')}</span>}
              >
                <VolumePlot row={row} />
                {row.volumeMeansMm3.length === 0 && <Nothing>No lesion was found that the reference has.</Nothing>}
              </Panel>
            ))}
          </div>
          <Panel title="Figures">
            <Table rows={rows} />
          </Panel>
        </>
      )}
    </>
  );
}

const columns = [
  ['sensitivity', 'Lesions found', 2, 1],
  ['falsePositivesPerCase', 'More, a study', 2, 1],
  ['lesionDice', 'Dice', 2, 1],
  ['lesionHd95Mm', 'Distance 95 % (mm)', 1, 1],
  ['editedFraction', 'Changed of the draft', 2, 1],
  ['secondsSpent', 'Minutes', 1, 60],
] as const;

function Table({ rows }: { rows: readonly AgreementRow[] }) {
  return (
    <table class="wide">
      <thead>
        <tr>
          <th>Reads</th>
          <th class="number">Lesions</th>
          {columns.map(([key, title]) => (
            <th key={key} class="number">
              {title}
            </th>
          ))}
          <th class="number" title="Cohen's kappa with the reference, on whether a slice has a lesion">
            κ by slice
          </th>
          <th class="number" title="Fleiss' kappa among the readers of each study, on whether a slice has a lesion">
            κ of readers
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label}>
            <td>{row.label}</td>
            <td class="number">{row.lesionCount}</td>
            {columns.map(([key, , digits, unit]) => (
              <td key={key} class="number">
                <Mean estimate={row[key]} digits={digits} unit={unit} />
              </td>
            ))}
            <td class="number">{number(row.kappa, 2)}</td>
            <td class="number">{number(row.fleissKappa, 2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Mean({ estimate, digits, unit }: { estimate: Estimate | null; digits: number; unit: number }) {
  if (!estimate) return <>–</>;
  const { mean, low95, high95 } = estimate;
  return (
    <>
      {number(mean / unit, digits)}
      {low95 !== null && high95 !== null && (
        <span class="interval">
          {number(low95 / unit, digits)}–{number(high95 / unit, digits)}
        </span>
      )}
    </>
  );
}
