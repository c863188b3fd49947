import { DomainError } from '#core/domain/errors.ts';
import type { Grid } from '#core/domain/geometry.ts';
import type { DatasetId } from '#core/domain/ids.ts';
import { objectKey } from '#core/storage/keys.ts';
import { ObjectCorrupt, ObjectNotFound } from '#core/storage/object-store.ts';
import type { Caller, Services } from '../context.ts';
import { inRequest } from '../request.ts';
import type { Contents, ExportedCase, ExportedDataset, ExportedSeries, ExportedStudy } from './contents.ts';
import { type CaseRow, readCaseDetails } from './store.ts';
import { niftiApart } from './volume-thread.ts';
import { VolumeRefused, type VolumeWork } from './volume-work.ts';

/** Files fetched at once. */
const atOnce = 8;

/** A case of the dataset, and what the database has of it. */
export interface CaseToExport {
  readonly study: ExportedStudy;
  readonly row: CaseRow;
}

export interface StoredContentsOptions {
  readonly services: Services;
  readonly caller: Caller;
  readonly requestId: string;
  readonly dataset: ExportedDataset;
  readonly cases: readonly CaseToExport[];
  readonly onCase: () => Promise<void>;
  /** Fires when nobody takes the archive any more. */
  readonly signal: AbortSignal;
}

/** A dataset's studies as they are stored, read when they are asked for and with the rights that the caller has then. */
export class StoredContents implements Contents {
  readonly dataset: ExportedDataset;
  /** Cases whose files are gone. */
  readonly leftOut: ExportedStudy[] = [];
  readonly #options: StoredContentsOptions;

  constructor(options: StoredContentsOptions) {
    this.#options = options;
    this.dataset = options.dataset;
  }

  async *cases(): AsyncGenerator<ExportedCase, void, void> {
    for (const { study, row } of this.#options.cases) {
      this.#options.signal.throwIfAborted();
      const one = await this.#open(study, row);
      if (await this.#isStored(one)) yield one;
      else this.leftOut.push(study);
      await this.#options.onCase();
    }
  }

  async #open(study: ExportedStudy, row: CaseRow): Promise<ExportedCase> {
    const { services, caller, requestId } = this.#options;
    const datasetId = this.dataset.id as DatasetId;
    const details = await inRequest(services, caller, ({ db }) => readCaseDetails(db, datasetId, row), requestId);
    if (!details)
      throw new DomainError('WRONG_STATE', 'A study of the dataset may be seen by you no longer, so the export ended.');
    if (!details.series.some(({ role }) => role === 'BRAVO'))
      throw new DomainError('WRONG_STATE', `Study ${study.studyId} has no BRAVO any more; freeze another dataset.`);
    return { ...study, ...details };
  }

  /** By its label and a file of each series: a study is erased as a whole. */
  async #isStored({ labelSha256, series }: ExportedCase): Promise<boolean> {
    const { services, caller } = this.#options;
    const some = [labelSha256, ...series.flatMap(({ sha256s }) => sha256s[0] ?? [])];
    const heads = await Promise.all(some.map((sha256) => services.objects.head(objectKey(caller.tenantId, sha256))));
    return heads.every((head) => head !== undefined);
  }

  /** @throws DomainError if it is gone or damaged */
  async stored(sha256: string): Promise<Uint8Array> {
    const { services, caller, signal } = this.#options;
    signal.throwIfAborted();
    try {
      return await services.objects.getVerified(objectKey(caller.tenantId, sha256), sha256);
    } catch (cause) {
      if (cause instanceof ObjectCorrupt)
        throw new DomainError('INVALID', `The stored file ${sha256} is damaged; restore it, then export again.`, {
          cause,
        });
      if (!(cause instanceof ObjectNotFound)) throw cause;
      throw new DomainError(
        'WRONG_STATE',
        'Files of a study went while it was sent, as of one that was withdrawn; export again.',
        { cause },
      );
    }
  }

  async image(one: ExportedCase, series: ExportedSeries): Promise<Uint8Array> {
    const grid = series.role === 'BRAVO' ? one.bravoGrid : null;
    return this.#images(one, series, series.sha256s, grid);
  }

  async imageOnBravo(one: ExportedCase, series: ExportedSeries): Promise<Uint8Array> {
    return this.#images(one, series, series.onBravoSha256s, one.bravoGrid);
  }

  async blankOnBravo({ bravoGrid: grid, studyId }: ExportedCase): Promise<Uint8Array> {
    return this.#make({ kind: 'blank', grid }, `An empty channel of study ${studyId}`);
  }

  async label(one: ExportedCase, values: 'LESIONS' | 'ONE_CLASS'): Promise<Uint8Array> {
    const file = await this.stored(one.labelSha256);
    return this.#make({ kind: 'label', file, values, grid: one.bravoGrid }, `The label of study ${one.studyId}`);
  }

  async #images(
    { studyId }: ExportedCase,
    { role }: ExportedSeries,
    sha256s: readonly string[],
    grid: Grid | null,
  ): Promise<Uint8Array> {
    const files: Uint8Array[] = [];
    for (let n = 0; n < sha256s.length; n += atOnce)
      files.push(...(await Promise.all(sha256s.slice(n, n + atOnce).map((sha256) => this.stored(sha256)))));
    return this.#make({ kind: 'images', files, grid }, `The series ${role} of study ${studyId}`);
  }

  /** @throws DomainError for what people can mend, saying of which study it is */
  async #make(work: VolumeWork, what: string): Promise<Uint8Array> {
    try {
      return await niftiApart(work);
    } catch (cause) {
      if (!(cause instanceof VolumeRefused)) throw cause;
      throw new DomainError('INVALID', `${what} cannot be written: ${cause.message}.`, { cause });
    }
  }
}
