import { type DatasetExport, datasetsWithExportsQuery, type ExportableDataset } from '../api/dataset-queries.ts';
import { type Connection, may, nodesOf, type Viewer } from '../api/queries.ts';
import { State } from '../parts/badges.tsx';
import { Nothing, Panel, Problem } from '../parts/layout.tsx';
import { inWords, momentOf, size } from '../parts/words.ts';
import { useData } from '../use-data.ts';

const lookAgainMs = 5000;
/** Until the server has begun. */
const soonMs = 1000;

/** Datasets: where an engineer gets a frozen one written out, and how the last export of each went. */
export function DatasetsPanel({ viewer }: { viewer: Viewer }) {
  const { data, error, reload } = useData<{ datasets: Connection<ExportableDataset> }>(
    datasetsWithExportsQuery,
    {},
    lookAgainMs,
  );
  const datasets = data ? nodesOf(data.datasets) : [];
  // Who freezes datasets may export them: both are an engineer's.
  const exports = may(viewer, 'datasetFreeze');
  return (
    <Panel title="Datasets">
      <Problem message={error} />
      {data && datasets.length === 0 && <Nothing>There is no dataset.</Nothing>}
      {datasets.length > 0 && (
        <table class="wide">
          <thead>
            <tr>
              <th>Name</th>
              <th>State</th>
              {exports && <th>Download</th>}
              <th>Last export</th>
            </tr>
          </thead>
          <tbody>
            {datasets.map((dataset) => (
              <tr key={dataset.id}>
                <td>{dataset.name}</td>
                <td>{inWords(dataset.state)}</td>
                {exports && (
                  <td>
                    <Downloads dataset={dataset} onBegin={() => setTimeout(reload, soonMs)} />
                  </td>
                )}
                <td>
                  {nodesOf(dataset.exports).map((one) => (
                    <LastExport key={one.id} one={one} />
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** The addresses as paths: the service's own name for itself may differ from the one that the page came by. */
const pathOf = (url: string): string => new URL(url).pathname;

function Downloads({ dataset, onBegin }: { dataset: ExportableDataset; onBegin: () => void }) {
  const forms = [
    ['BIDS', dataset.bids],
    ['nnU-Net', dataset.nnunet],
    ['DICOM', dataset.dicomSeg],
  ] as const;
  return (
    <span class="downloads">
      {forms.map(
        ([name, url]) =>
          url && (
            <a key={name} href={pathOf(url)} download aria-label={`${dataset.name} as ${name}`} onClick={onBegin}>
              {name}
            </a>
          ),
      )}
    </span>
  );
}

function LastExport({ one }: { one: DatasetExport }) {
  const { format, state, startedAt, requestedBy, caseCount, casesDone, sizeBytes, message } = one;
  return (
    <>
      <State state={state} />{' '}
      {state === 'RUNNING' && (
        <progress max={caseCount} value={casesDone} aria-label={`${casesDone} of ${caseCount} cases`} />
      )}{' '}
      <span class="faint">
        {format.toLowerCase().replace('_', '-')}, {size(sizeBytes)}, {momentOf(startedAt)}, {requestedBy.name}
      </span>
      {state === 'FAILED' && message && <span class="bad-text"> {message}</span>}
    </>
  );
}
