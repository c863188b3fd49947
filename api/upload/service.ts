import { createHmac } from 'node:crypto';
import type { Db } from '#core/db/database.ts';
import type { DicomErrorCode } from '#core/dicom/dicom-error.ts';
import { notFound } from '#core/domain/errors.ts';
import { newId, type SeriesId, type SiteId, type StudyId, type UploadId } from '#core/domain/ids.ts';
import { objectKey, quarantineKey } from '#core/storage/keys.ts';
import { auditRequest, type Caller, hasRoleAt, type Services } from '../context.ts';
import type { Deidentified } from '../deidentify/deidentify.ts';
import { presentProfile, recordOutcome, type SiteProfile } from '../deidentify/service.ts';
import { inRequest } from '../request.ts';
import { AddressError, type UploadAddress } from './address.ts';
import { findAddressedUpload, insertArrival, lockOpenUpload, readArrivals } from './arrival-store.ts';
import { deidentifyApart, IntakeFailure, type IntakeImage, type SentUids } from './intake.ts';
import { isUnfinished, recognizeAndPrepare } from './recognize.ts';
import {
  endUpload,
  ensureSeries,
  ensureStudy,
  ensureSubject,
  findInstance,
  insertInstance,
  insertRefusal,
  insertUpload,
  readDeidentificationKey,
} from './store.ts';
import { insertWithheld } from './withheld-store.ts';

/** Why a file is refused; the GraphQL enum RefusalCode lists the same. */
export type RefusalCode =
  | 'UNREADABLE'
  | 'OUT_OF_BOUNDS'
  | 'UNSUPPORTED_CLASS'
  | 'BURNED_IN'
  | 'UID_CONFLICT'
  | 'NOT_DEIDENTIFIED';

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

interface Place {
  readonly studyId: StudyId;
  readonly seriesId: SeriesId;
}

class Refused extends Error {
  readonly code: RefusalCode;
  readonly sent: SentUids | undefined;
  readonly fault: DicomErrorCode | undefined;
  constructor(code: RefusalCode, message: string, sent?: SentUids, fault?: DicomErrorCode) {
    super(message);
    this.code = code;
    this.sent = sent;
    this.fault = fault;
  }
}

const uidConflict = (): Refused => new Refused('UID_CONFLICT', 'Another file is stored under this SOP instance UID.');

export const uploadEnded = (): AddressError =>
  new AddressError('UPLOAD_ENDED', 'The upload has ended: open another one by uploadCreate.');

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
  readonly #siteId: SiteId;
  readonly #uploadId: UploadId;
  readonly #siteKey: Buffer;
  /** As it is when the request begins, for all of its files. */
  readonly #profile: SiteProfile;
  readonly #grown = new Set<StudyId>();
  /** Of files that were stored before, perhaps by a request that died before it had finished. */
  readonly #repeated = new Set<StudyId>();
  /** By patient, study and series, so that the second file of a series asks for nothing. */
  readonly #places = new Map<string, Place>();
  readonly #counts = { files: 0, bytes: 0, stored: 0, refused: 0 };
  /** The one file that this session is for, if it has an address of its own. */
  readonly #expected: UploadAddress | undefined;

  private constructor(services: Services, caller: Caller, upload: OpenUpload) {
    this.#services = services;
    this.#caller = caller;
    this.#siteId = upload.siteId;
    this.#uploadId = upload.id;
    this.#profile = upload.profile;
    this.#expected = upload.expected;
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
      await this.#store(image);
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

  async #refuse({ code, message, fault }: Refused, sent: SentUids | undefined): Promise<Outcome> {
    this.#counts.refused++;
    const { tenantId } = this.#caller;
    await inRequest(this.#services, this.#caller, async ({ db }) => {
      if (await this.#hasArrived(db)) return;
      const refusalId = await insertRefusal(db, { tenantId, uploadId: this.#uploadId, code, message });
      await this.#arrive(db, { refusalId });
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

  async #store({ clean, sha256, sourceHash, metadata }: IntakeImage): Promise<void> {
    const { bytes, header } = clean;
    const { tenantId } = this.#caller;
    const placeName = [clean.patientPseudonym, header.study.instanceUid, header.series.instanceUid].join(' ');
    const known = await inRequest(this.#services, this.#caller, ({ db }) => findInstance(db, header.sopInstanceUid));
    if (known && known.source_hash !== sourceHash) throw uidConflict();
    if (known) {
      this.#repeated.add(known.study_id);
      if (this.#expected)
        await inRequest(this.#services, this.#caller, async ({ db }) => {
          if (!(await this.#hasArrived(db))) await this.#arrive(db, { studyId: known.study_id });
        });
      return;
    }
    const { objects } = this.#services;
    const withheld = this.#profile.options.deface;
    // The object first: a row implies that its object exists.
    if (!withheld) await objects.put(objectKey(tenantId, sha256), bytes, { sha256 });
    const stored = await inRequest(this.#services, this.#caller, async ({ db }) => {
      if (await this.#hasArrived(db)) return undefined;
      const place = this.#places.get(placeName) ?? (await this.#placeOf(db, clean));
      const image = { tenantId, ...place, header, sha256, sourceHash, sizeBytes: bytes.length, metadata };
      const result = withheld ? await insertWithheld(db, image) : await insertInstance(db, image);
      // Here the row, not yet committed, keeps a worker from taking the bytes for those of nobody.
      if (withheld && result === 'CREATED')
        await objects.put(quarantineKey(tenantId, place.studyId, sha256), bytes, { sha256 });
      if (result === 'CONFLICT') throw uidConflict();
      if (result === 'CREATED') {
        const { studyId } = place;
        const profileVersion = this.#profile.version;
        await recordOutcome(db, { tenantId, studyId, profileVersion, counts: clean.counts });
      }
      await this.#arrive(db, { studyId: place.studyId });
      return { ...place, created: result === 'CREATED' };
    });
    if (!stored) return;
    // Remembered only now: what a transaction made that was rolled back does not exist.
    this.#places.set(placeName, stored);
    (stored.created ? this.#grown : this.#repeated).add(stored.studyId);
  }

  /**
   * Of the file of an address: true if it came a second time meanwhile. Else the upload is held until the transaction ends, before
   * anything of a study is, as by who ends it.
   * @throws AddressError UPLOAD_ENDED
   */
  async #hasArrived(db: Db): Promise<boolean> {
    if (!this.#expected) return false;
    if (!(await lockOpenUpload(db, this.#uploadId))) throw uploadEnded();
    return (await readArrivals(db, this.#uploadId, [this.#expected.fileKey])).length > 0;
  }

  async #arrive(db: Db, what: { studyId: StudyId } | { refusalId: string }): Promise<void> {
    if (!this.#expected) return;
    const { fileKey, sizeBytes } = this.#expected;
    const { tenantId } = this.#caller;
    await insertArrival(db, { tenantId, uploadId: this.#uploadId, fileKey, sizeBytes, ...what });
  }

  /** The study and series that an instance belongs to, made if new. */
  async #placeOf(db: Db, { header, patientPseudonym }: Deidentified): Promise<Place> {
    const { tenantId } = this.#caller;
    const subjectId = await ensureSubject(db, tenantId, patientPseudonym, header.patient.sex);
    const study = await ensureStudy(db, tenantId, this.#siteId, subjectId, header);
    if (!study) throw new Refused('UID_CONFLICT', "The study's UID belongs to a study of another site or patient.");
    const seriesId = await ensureSeries(db, tenantId, study.id, header);
    if (!seriesId) throw new Refused('UID_CONFLICT', "The series' UID belongs to a series of another study.");
    return { studyId: study.id, seriesId };
  }

  /** Recognizes the sequences of the studies that grew and queues their preparation. */
  async finish(): Promise<void> {
    for (const studyId of new Set([...this.#grown, ...this.#repeated]))
      await inRequest(this.#services, this.#caller, async (ctx) => {
        if (this.#grown.has(studyId) || (await isUnfinished(ctx, studyId))) await recognizeAndPrepare(ctx, studyId);
      });
    await inRequest(this.#services, this.#caller, ({ db }) => endUpload(db, this.#uploadId, this.#counts));
  }
}
