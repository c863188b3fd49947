import { createHmac } from 'node:crypto';
import type { DicomErrorCode } from '#core/dicom/dicom-error.ts';
import { notFound } from '#core/domain/errors.ts';
import { newId, type SiteId, type UploadId } from '#core/domain/ids.ts';
import { auditRequest, type Caller, hasRoleAt, type Services } from '../context.ts';
import { presentProfile, type SiteProfile } from '../deidentify/service.ts';
import { inRequest } from '../request.ts';
import type { UploadAddress } from './address.ts';
import { findAddressedUpload } from './arrival-store.ts';
import { FileArrival, uploadEnded } from './file-arrival.ts';
import { FileWriter } from './file-writer.ts';
import { deidentifyApart, IntakeFailure, type IntakeImage, type SentUids } from './intake.ts';
import { isUnfinished, recognizeAndPrepare } from './recognize.ts';
import { type RefusalCode, Refused } from './refused.ts';
import { endUpload, insertRefusal, insertUpload, readDeidentificationKey } from './store.ts';

export type { RefusalCode } from './refused.ts';

/** What became of one file; UIDs of a stored one as sent, so that the sender knows them again, and as stored. */
export type Outcome =
  | {
      readonly stored: true;
      readonly sopClassUid: string;
      readonly sentSopInstanceUid: string;
      readonly studyInstanceUid: string;
      readonly seriesInstanceUid: string;
      readonly sopInstanceUid: string;
    }
  | {
      readonly stored: false;
      readonly code: RefusalCode;
      readonly message: string;
      /** The fault of the file more exactly, if it is one. */
      readonly fault?: DicomErrorCode;
      readonly sopClassUid?: string;
      readonly sentSopInstanceUid?: string;
    };

interface OpenUpload {
  readonly siteId: SiteId;
  readonly id: UploadId;
  readonly tenantKey: Buffer;
  readonly profile: SiteProfile;
  readonly expected?: UploadAddress;
}

const refusalCodes: Partial<Record<DicomErrorCode, RefusalCode>> = {
  OUT_OF_BOUNDS: 'OUT_OF_BOUNDS',
  UNSUPPORTED_CLASS: 'UNSUPPORTED_CLASS',
  BURNED_IN: 'BURNED_IN',
};

/**
 * Files on their way in from one site. Each is de-identified in memory and stored in a transaction of its own, so that it is wholly
 * there or absent; what identifies a patient never reaches a disk.
 */
export class UploadSession {
  readonly #services: Services;
  readonly #caller: Caller;
  readonly #uploadId: UploadId;
  readonly #siteKey: Buffer;
  /** As it is when the request begins, for all of its files. */
  readonly #profile: SiteProfile;
  readonly #writer: FileWriter;
  readonly #counts = { files: 0, bytes: 0, stored: 0, refused: 0 };
  /** Of the one file that this session is for, if it has an address of its own. */
  readonly #arrival: FileArrival | undefined;

  private constructor(services: Services, caller: Caller, upload: OpenUpload) {
    this.#services = services;
    this.#caller = caller;
    this.#uploadId = upload.id;
    this.#profile = upload.profile;
    this.#arrival = upload.expected && new FileArrival(caller.tenantId, upload.expected);
    this.#writer = new FileWriter(services, caller, {
      siteId: upload.siteId,
      profile: upload.profile,
      arrival: this.#arrival,
    });
    // Two hospitals may give one number to two people: pseudonyms and UIDs are keyed by the site.
    this.#siteKey = createHmac('sha256', upload.tenantKey).update(`site:${upload.siteId}`).digest();
  }

  /** @throws DomainError NOT_FOUND unless the caller may upload at the site. */
  static async open(services: Services, caller: Caller, siteId: SiteId): Promise<UploadSession> {
    if (!hasRoleAt(caller, siteId, 'COORDINATOR', 'CLINICIAN')) throw notFound('Site');
    const uploadId = newId<UploadId>();
    const { tenantKey, profile } = await inRequest(services, caller, async (ctx) => {
      if (!(await ctx.loaders.row('site', siteId))) throw notFound('Site');
      await insertUpload(ctx.db, { tenantId: caller.tenantId, id: uploadId, siteId, memberId: caller.memberId });
      await auditRequest(ctx, { action: 'uploadCreate', objectType: 'Upload', objectId: uploadId });
      return {
        tenantKey: await readDeidentificationKey(ctx.db),
        profile: await presentProfile(ctx.db, siteId),
      };
    });
    return new UploadSession(services, caller, { siteId, id: uploadId, tenantKey, profile });
  }

  /**
   * For the one file of an address, of an upload that is open already. Nothing is prepared at its end: more files follow.
   * @throws DomainError NOT_FOUND unless the caller may still upload at the site; AddressError UPLOAD_ENDED
   */
  static async ofAddress(services: Services, caller: Caller, expected: UploadAddress): Promise<UploadSession> {
    const { siteId, uploadId: id } = expected;
    if (!hasRoleAt(caller, siteId, 'COORDINATOR', 'CLINICIAN')) throw notFound('Upload');
    return inRequest(services, caller, async (ctx) => {
      const upload = await findAddressedUpload(ctx.db, id, caller.memberId);
      if (upload?.site_id !== siteId) throw notFound('Upload');
      if (upload.ended_at) throw uploadEnded();
      const [tenantKey, profile] = [await readDeidentificationKey(ctx.db), await presentProfile(ctx.db, siteId)];
      return new UploadSession(services, caller, { siteId, id, tenantKey, profile, expected });
    });
  }

  /**
   * De-identifies and stores one file. A refusal is an outcome, a fault of the service is thrown.
   * @param bytes Moved to a thread if they fill their buffer: then they are empty here afterwards.
   * @param studyInstanceUid That the file must belong to, as sent or as stored.
   */
  async receive(bytes: Uint8Array, studyInstanceUid?: string): Promise<Outcome> {
    this.#counts.files++;
    this.#counts.bytes += bytes.length;
    let sent: SentUids | undefined;
    try {
      const image = await this.#deidentify(bytes);
      const { clean } = image;
      const { header } = clean;
      sent = { sopClassUid: header.sopClassUid, sopInstanceUid: clean.originalSopInstanceUid };
      if (studyInstanceUid && ![clean.originalStudyInstanceUid, header.study.instanceUid].includes(studyInstanceUid))
        throw new Refused('UID_CONFLICT', 'The file belongs to another study than the address names.');
      await this.#writer.write(image);
      this.#counts.stored++;
      return {
        stored: true,
        sopClassUid: header.sopClassUid,
        sentSopInstanceUid: clean.originalSopInstanceUid,
        studyInstanceUid: header.study.instanceUid,
        seriesInstanceUid: header.series.instanceUid,
        sopInstanceUid: header.sopInstanceUid,
      };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return this.#refuse(error, error.sent ?? sent);
    }
  }

  /** Refuses a file that is not for here, unread. */
  refuse(bytes: Uint8Array, refusal: Refused): Promise<Outcome> {
    this.#counts.files++;
    this.#counts.bytes += bytes.length;
    return this.#refuse(refusal, undefined);
  }

  async #refuse({ code, message, fault }: Refused, sent: SentUids | undefined): Promise<Outcome> {
    this.#counts.refused++;
    const { tenantId } = this.#caller;
    await inRequest(this.#services, this.#caller, async ({ db }) => {
      if (await this.#arrival?.before(db)) return;
      const refusalId = await insertRefusal(db, { tenantId, uploadId: this.#uploadId, code, message });
      await this.#arrival?.record(db, { refusalId });
    });
    return {
      stored: false,
      code,
      message,
      ...(fault ? { fault } : {}),
      ...(sent ? { sopClassUid: sent.sopClassUid, sentSopInstanceUid: sent.sopInstanceUid } : {}),
    };
  }

  async #deidentify(bytes: Uint8Array): Promise<IntakeImage> {
    try {
      const answer = await deidentifyApart(bytes, { tenantKey: this.#siteKey, profile: this.#profile.options });
      if ('image' in answer) return answer.image;
      const { code, message, sent } = answer.refusal;
      throw new Refused(refusalCodes[code] ?? 'UNREADABLE', message, sent, code);
    } catch (error) {
      if (!(error instanceof IntakeFailure)) throw error;
      throw new Refused('NOT_DEIDENTIFIED', 'The file could not be de-identified.');
    }
  }

  /** Recognizes the sequences of the studies that grew and queues their preparation. One that fails does not keep the others from it. */
  async finish(): Promise<void> {
    const { grown, repeated } = this.#writer;
    const failures: unknown[] = [];
    for (const studyId of new Set([...grown, ...repeated]))
      await inRequest(this.#services, this.#caller, async (ctx) => {
        if (grown.has(studyId) || (await isUnfinished(ctx, studyId))) await recognizeAndPrepare(ctx, studyId);
      }).catch((error) => failures.push(error));
    await inRequest(this.#services, this.#caller, ({ db }) => endUpload(db, this.#uploadId, this.#counts));
    if (failures.length > 0) throw failures[0];
  }
}
