import type { Readable } from 'node:stream';
import { audit } from '#core/db/audit.ts';
import { serviceScope } from '#core/db/database.ts';
import type { DatasetManifest } from '#core/domain/dataset-manifest.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import { type DatasetExportId, type DatasetId, newId } from '#core/domain/ids.ts';
import { objectKey } from '#core/storage/keys.ts';
import { auditRequest, type Caller, type Context, type Services } from '../context.ts';
import { inRequest } from '../request.ts';
import { OverBudget } from '../upload/memory-budget.ts';
import { archiveOf, type SentFile } from './archive.ts';
import { bids } from './bids.ts';
import type { ExportedDataset, ExportFile, ExportFormat, Layout } from './contents.ts';
import { dicomSeg } from './dicom-seg.ts';
import { archiveManifest } from './manifest.ts';
import { nnunet } from './nnunet.ts';
import {
  type ExportEnd,
  endExport,
  findDataset,
  insertExport,
  readCaseRows,
  readsBlind,
  writeProgress,
} from './store.ts';
import { type CaseToExport, StoredContents } from './stored-contents.ts';
import { labelledStudies } from './study-labels.ts';

const layouts: Readonly<Record<ExportFormat, Layout>> = { BIDS: bids, NNUNET: nnunet, DICOM_SEG: dicomSeg };

/** Of this process: each holds a series in memory. */
const mostAtOnce = 2;
let underWay = 0;

/** Between two notes of how far an export is. */
const noteEveryMs = 2000;
/** Without a note for so long, an export's server has ended without a word. */
export const lostAfterMs = 120_000;

/** An archive that is about to be sent. */
export interface BegunExport {
  readonly id: DatasetExportId;
  readonly fileName: string;
  readonly archive: Readable;
  /** To be called once, when sending has ended; `whole` if the receiver took all of it. */
  end(whole: boolean): Promise<void>;
}

/**
 * Begins to write a dataset out: nothing is made before it is read from `archive`, and nothing is kept.
 * @throws DomainError NOT_FOUND; WRONG_STATE for a draft, and for who reads blind: labels of other rounds are in it
 * @throws OverBudget while this server sends as many as it can
 */
export async function beginExport(
  services: Services,
  caller: Caller,
  request: { datasetId: DatasetId; format: ExportFormat; requestId: string },
): Promise<BegunExport> {
  if (underWay >= mostAtOnce)
    throw new OverBudget(`This server is sending ${underWay} exports, as many as it can; try again later.`);
  underWay++;
  try {
    const admitted = await inRequest(services, caller, (ctx) => admit(ctx, request), request.requestId);
    return new Sending(services, caller, { ...request, ...admitted }, () => void underWay--);
  } catch (error) {
    underWay--;
    throw error;
  }
}

interface Admitted {
  readonly id: DatasetExportId;
  readonly dataset: ExportedDataset;
  readonly cases: readonly CaseToExport[];
}

async function admit(
  ctx: Context,
  { datasetId, format }: { datasetId: DatasetId; format: ExportFormat },
): Promise<Admitted> {
  const { db, caller, services } = ctx;
  const row = await findDataset(db, datasetId);
  if (!row) throw notFound('Dataset', ['datasetId']);
  const { manifest_sha256: manifestSha256, frozen_at: frozenAt, name } = row;
  if (!manifestSha256 || !frozenAt)
    throw new DomainError('WRONG_STATE', 'The dataset is a draft, which has no cases yet: freeze it first.');
  if (await readsBlind(db))
    throw new DomainError(
      'WRONG_STATE',
      'You hold a blind read, and an export holds accepted labels: finish your reads first, or ask a colleague.',
    );
  const manifest = await services.objects.getVerified(objectKey(caller.tenantId, manifestSha256), manifestSha256);
  const { cases: frozen } = JSON.parse(new TextDecoder().decode(manifest)) as DatasetManifest;
  const rows = await readCaseRows(db, datasetId);
  if (rows.length !== frozen.length)
    throw new DomainError(
      'WRONG_STATE',
      'You may not see every study of the dataset, so it cannot be exported to you.',
    );
  const studies = labelledStudies(rows);
  const id = newId<DatasetExportId>();
  const { tenantId, memberId } = caller;
  await insertExport(db, { tenantId, id, datasetId, format, memberId, caseCount: rows.length });
  await auditRequest(ctx, {
    action: 'datasetExport',
    objectType: 'Dataset',
    objectId: datasetId,
    changes: { exportId: id, format, manifestSha256, cases: rows.length },
  });
  const dataset = { id: datasetId, name, manifestSha256, frozenAt };
  return { id, dataset, cases: studies.map((study, n) => ({ study, row: rows[n]! })) };
}

type ExportToSend = Admitted & { readonly format: ExportFormat; readonly requestId: string };

class Sending implements BegunExport {
  readonly id: DatasetExportId;
  readonly archive: Readable;
  readonly fileName: string;
  readonly #services: Services;
  readonly #caller: Caller;
  readonly #export: ExportToSend;
  readonly #release: () => void;
  readonly #left = new AbortController();
  readonly #files: SentFile[] = [];
  #casesDone = 0;
  #sizeBytes = 0;
  #failure: unknown;
  #notedAt = Date.now();
  readonly #beat: NodeJS.Timeout;

  constructor(services: Services, caller: Caller, one: ExportToSend, release: () => void) {
    this.#services = services;
    this.#caller = caller;
    this.#export = one;
    this.#release = release;
    const { id, dataset, format } = one;
    this.id = id;
    this.fileName = `${dataset.name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'dataset'}-${format.toLowerCase().replace('_', '-')}.zip`;
    this.archive = archiveOf(this.#all(), {
      modified: dataset.frozenAt,
      onFile: (file) => {
        this.#files.push(file);
        this.#sizeBytes += file.sizeBytes;
      },
      signal: this.#left.signal,
    });
    this.archive.once('error', (error) => (this.#failure ??= error));
    this.#beat = setInterval(() => void this.#note(), lostAfterMs / 8).unref();
  }

  /** All files below the top folder, the manifest last: an archive without it is not whole. */
  async *#all(): AsyncGenerator<ExportFile, void, void> {
    const { cases, dataset, format, requestId } = this.#export;
    const layout = layouts[format];
    const folder = layout.folder(dataset);
    const contents = new StoredContents({
      ...{ services: this.#services, caller: this.#caller, requestId, dataset, cases, signal: this.#left.signal },
      onCase: async () => {
        this.#casesDone++;
        if (Date.now() - this.#notedAt >= noteEveryMs) await this.#note();
      },
    });
    for await (const { path, ...rest } of layout.files(contents)) yield { path: folder + path, ...rest };
    const sent = this.#files.map((file) => ({ ...file, path: file.path.slice(folder.length) }));
    const { path, ...rest } = archiveManifest({ dataset, format, files: sent, leftOut: contents.leftOut });
    yield { path: folder + path, ...rest };
  }

  async end(whole: boolean): Promise<void> {
    clearInterval(this.#beat);
    this.#release();
    this.#left.abort(new Error('the receiver hung up'));
    const { id, requestId, dataset } = this.#export;
    const end = this.#endOf(whole);
    const { tenantId, memberId } = this.#caller;
    if (end.state === 'FAILED')
      this.#services.log.error({ err: this.#failure, requestId, tenantId, exportId: id }, 'an export failed');
    const { state, casesDone, fileCount, sizeBytes, manifestSha256 } = end;
    await this.#services.database.inTenant(serviceScope(tenantId), async (db) => {
      await endExport(db, id, end);
      await audit(
        db,
        { tenantId, memberId, requestId },
        {
          action: 'datasetExportEnd',
          objectType: 'Dataset',
          objectId: dataset.id,
          changes: { exportId: id, state, cases: casesDone, files: fileCount, bytes: sizeBytes, manifestSha256 },
        },
      );
    });
  }

  #endOf(whole: boolean): ExportEnd {
    const sent = { casesDone: this.#casesDone, fileCount: this.#files.length, sizeBytes: this.#sizeBytes };
    if (whole) return { ...sent, state: 'SUCCEEDED', manifestSha256: this.#files.at(-1)!.sha256, message: null };
    const failed = this.#failure !== undefined;
    return {
      ...sent,
      state: failed ? 'FAILED' : 'CANCELLED',
      manifestSha256: null,
      message: failed ? this.#messageOf(this.#failure) : 'The receiver hung up.',
    };
  }

  #messageOf(failure: unknown): string {
    if (failure instanceof DomainError) return failure.message;
    return `The service failed; its operators can find why by the request id ${this.#export.requestId}.`;
  }

  async #note(): Promise<void> {
    this.#notedAt = Date.now();
    const sent = { casesDone: this.#casesDone, fileCount: this.#files.length, sizeBytes: this.#sizeBytes };
    await this.#services.database
      .inTenant(serviceScope(this.#caller.tenantId), (db) => writeProgress(db, this.#export.id, sent))
      // The next note may succeed, and the archive does not depend on it.
      .catch((err: unknown) => this.#services.log.warn({ err }, 'how far an export is could not be noted'));
  }
}
