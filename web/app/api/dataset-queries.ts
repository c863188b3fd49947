import { type Connection, type Named, pageFields } from './queries.ts';

export interface DatasetExport {
  readonly id: string;
  readonly format: string;
  readonly state: string;
  readonly startedAt: string;
  readonly requestedBy: Named;
  readonly caseCount: number;
  readonly casesDone: number;
  readonly sizeBytes: number;
  readonly message: string | null;
}

export interface ExportableDataset extends Named {
  readonly state: string;
  /** Null for a draft. */
  readonly bids: string | null;
  readonly nnunet: string | null;
  readonly dicomSeg: string | null;
  /** The newest, if there is one. */
  readonly exports: Connection<DatasetExport>;
}

export const datasetsWithExportsQuery = `{ datasets(first: 50) { edges { node { id name state
  bids: exportUrl(format: BIDS) nnunet: exportUrl(format: NNUNET) dicomSeg: exportUrl(format: DICOM_SEG)
  exports(first: 1) { edges { node { id format state startedAt requestedBy { id name } caseCount casesDone sizeBytes message } } ${pageFields} }
} } ${pageFields} } }`;
