import { createHmac } from 'node:crypto';
import type { DicomErrorCode } from '#core/dicom/dicom-error.ts';
import { recognizeRoles, type SeriesParameters } from '#core/dicom/sequence-role.ts';
import { notFound } from '#core/domain/errors.ts';
import { newId, type SiteId, type StudyId, type UploadId } from '#core/domain/ids.ts';
import type { SeriesRole } from '#core/domain/sequence.ts';
import { auditRequest, type Caller, type Context, hasRoleAt, type Services } from '../context.ts';
import { presentProfile, type SiteProfile } from '../deidentify/service.ts';
import { holdStudy, startPreparation } from '../preparation/service.ts';
import { inRequest } from '../request.ts';
import { FileWriter } from './file-writer.ts';
import { deidentifyApart, IntakeFailure, type IntakeImage, type SentUids } from './intake.ts';
import { type RefusalCode, Refused } from './refused.ts';
import {
  endUpload,
  hasUnpreparedImages,
  insertRefusal,
  insertUpload,
  readAcquiredSeries,
  readDeidentificationKey,
  writeRoles,
} from './store.ts';

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

/** More files of a study may follow in a next request, so that its preparation waits this long. */
const settleSeconds = 3;

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

  private constructor(
    services: Services,
    caller: Caller,
    upload: { siteId: SiteId; id: UploadId; siteKey: Buffer; profile: SiteProfile },
  ) {
    this.#services = services;
    this.#caller = caller;
    this.#uploadId = upload.id;
    this.#siteKey = upload.siteKey;
    this.#profile = upload.profile;
    this.#writer = new FileWriter(services, caller, {
      siteId: upload.siteId,
      profileVersion: upload.profile.version,
    });
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
    // Two hospitals may give one number to two people: pseudonyms and UIDs are keyed by the site.
    const siteKey = createHmac('sha256', tenantKey).update(`site:${siteId}`).digest();
    return new UploadSession(services, caller, { siteId, id: uploadId, siteKey, profile });
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

  async #refuse({ code, message, fault }: Refused, sent: SentUids | undefined): Promise<Outcome> {
    this.#counts.refused++;
    const { tenantId } = this.#caller;
    await inRequest(this.#services, this.#caller, ({ db }) =>
      insertRefusal(db, { tenantId, uploadId: this.#uploadId, code, message }),
    );
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

  /** Recognizes the sequences of the studies that grew and queues their preparation. */
  async finish(): Promise<void> {
    const { grown, repeated } = this.#writer;
    for (const studyId of new Set([...grown, ...repeated]))
      await inRequest(this.#services, this.#caller, async (ctx) => {
        if (grown.has(studyId) || (await hasUnpreparedImages(ctx.db, studyId))) await recognizeAndPrepare(ctx, studyId);
      });
    await inRequest(this.#services, this.#caller, ({ db }) => endUpload(db, this.#uploadId, this.#counts));
  }
}

async function recognizeAndPrepare(ctx: Context, studyId: StudyId): Promise<void> {
  // Of several requests that end at once each recognizes what all before it have stored; without this they would undo each other.
  await holdStudy(ctx, studyId);
  const series = await readAcquiredSeries(ctx.db, studyId);
  const recognized = recognizeRoles(
    series.map(({ parameters, images }) => ({ ...(parameters as unknown as SeriesParameters), instanceCount: images })),
  );
  const taken = new Set<SeriesRole>(
    series.flatMap(({ role_set_by_member, role }) => (role_set_by_member && role !== 'OTHER' ? role : [])),
  );
  const roles = series.flatMap(({ id, role_set_by_member }, index) => {
    const found = recognized[index]!;
    if (role_set_by_member) return [];
    return taken.has(found.role)
      ? { id, role: 'OTHER' as const, reason: 'A member gave this role to another series.' }
      : { id, ...found };
  });
  if (roles.length > 0) await writeRoles(ctx.db, roles);
  const bravo = roles.some(({ role }) => role === 'BRAVO') || taken.has('BRAVO');
  if (bravo) await startPreparation(ctx, studyId, settleSeconds);
}
