import type { Db } from '#core/db/database.ts';
import type { StudyId, TenantId } from '#core/domain/ids.ts';
import { AddressError, type UploadAddress } from './address.ts';
import { type Arrival, insertArrival, lockOpenUpload, readArrivals } from './arrival-store.ts';

/** The arrival of the one file that an address is for. */
export class FileArrival {
  readonly #tenantId: TenantId;
  readonly #address: UploadAddress;

  constructor(tenantId: TenantId, address: UploadAddress) {
    this.#tenantId = tenantId;
    this.#address = address;
  }

  /**
   * What became of the file if it came a second time meanwhile. Else the upload is held until the transaction ends, before anything of a
   * study is, as by who ends it.
   * @throws AddressError UPLOAD_ENDED
   */
  async before(db: Db): Promise<Arrival | undefined> {
    const { uploadId, fileKey } = this.#address;
    if (!(await lockOpenUpload(db, uploadId))) throw uploadEnded();
    return (await readArrivals(db, uploadId, [fileKey]))[0];
  }

  async record(db: Db, what: { studyId: StudyId } | { refusalId: string }): Promise<void> {
    const { uploadId, fileKey, sizeBytes } = this.#address;
    await insertArrival(db, { tenantId: this.#tenantId, uploadId, fileKey, sizeBytes, ...what });
  }
}

export const uploadEnded = (): AddressError =>
  new AddressError('UPLOAD_ENDED', 'The upload has ended: open another one by uploadCreate.');
