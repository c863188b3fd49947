import { type Db, inSavepoint } from '#core/db/database.ts';
import { holdUntilCommit } from '#core/db/transaction-lock.ts';
import type { SeriesId, SiteId, StudyId } from '#core/domain/ids.ts';
import { objectKey, quarantineKey } from '#core/storage/keys.ts';
import type { Caller, Services } from '../context.ts';
import type { Deidentified } from '../deidentify/deidentify.ts';
import { recordOutcomes, type SiteProfile } from '../deidentify/service.ts';
import { inRequest } from '../request.ts';
import type { FileArrival } from './file-arrival.ts';
import type { IntakeImage } from './intake.ts';
import { Refused } from './refused.ts';
import {
  ensureSeries,
  ensureStudy,
  ensureSubject,
  findInstances,
  insertInstances,
  type KnownInstance,
  type NewInstance,
} from './store.ts';
import { insertWithheld } from './withheld-store.ts';

interface Place {
  readonly studyId: StudyId;
  readonly seriesId: SeriesId;
}

/** What files are written for. */
interface Upload {
  readonly siteId: SiteId;
  readonly profile: SiteProfile;
  /** Of an upload's one file, if that has an address of its own. */
  readonly arrival: FileArrival | undefined;
}

interface Placed extends Place {
  readonly image: IntakeImage;
}

interface Waiting {
  readonly image: IntakeImage;
  resolve(): void;
  reject(error: unknown): void;
}

/** More in one transaction gain little. */
const mostAtOnce = 16;

const uidConflict = (): Refused => new Refused('UID_CONFLICT', 'Another file is stored under this SOP instance UID.');
const uidOf = ({ clean }: IntakeImage): string => clean.header.sopInstanceUid;
const placeNameOf = ({ clean: { patientPseudonym, header } }: IntakeImage): string =>
  `${patientPseudonym} ${header.study.instanceUid} ${header.series.instanceUid}`;

/**
 * Writes de-identified files of one upload. Files of one series that came while others were written are written together, in one
 * transaction: each is wholly there or absent, and a commit, which waits for the disk, serves several. Not of several series, whose rows
 * a transaction would keep from whoever recognizes the study, as that one keeps others from it.
 */
export class FileWriter {
  /** Studies that have files which they had not. */
  readonly grown = new Set<StudyId>();
  /** Of files that were stored before, perhaps by a request that died before it had finished. */
  readonly repeated = new Set<StudyId>();
  readonly #services: Services;
  readonly #caller: Caller;
  readonly #upload: Upload;
  /** By patient, study and series, so that the second file of a series asks for nothing. */
  readonly #places = new Map<string, Place>();
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(services: Services, caller: Caller, upload: Upload) {
    this.#services = services;
    this.#caller = caller;
    this.#upload = upload;
  }

  /** Resolves when the file is stored for good. @throws Refused */
  write(image: IntakeImage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ image, resolve, reject });
      if (!this.#busy) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const place = placeNameOf(this.#waiting[0]!.image);
      const together = new Map<string, Waiting>();
      // Of two files with one UID the second waits until the first is stored or refused.
      for (const one of this.#waiting)
        if (placeNameOf(one.image) === place && together.size < mostAtOnce && !together.has(uidOf(one.image)))
          together.set(uidOf(one.image), one);
      const chosen = [...together.values()];
      this.#waiting = this.#waiting.filter((one) => !chosen.includes(one));
      await this.#settle(chosen);
    }
    this.#busy = false;
  }

  async #settle(together: readonly Waiting[]): Promise<void> {
    try {
      const refusals = await this.#writeAll(together.map(({ image }) => image));
      for (const [n, { resolve, reject }] of together.entries()) refusals[n] ? reject(refusals[n]) : resolve();
    } catch (error) {
      // One that cannot be written must not keep the others out.
      if (together.length > 1) for (const one of together) await this.#settle([one]);
      else together[0]!.reject(error);
    }
  }

  /** @returns of each file why it is refused, if it is */
  async #writeAll(images: readonly IntakeImage[]): Promise<(Refused | undefined)[]> {
    const known = await inRequest(this.#services, this.#caller, ({ db }) => findInstances(db, images.map(uidOf)));
    const refusals = images.map((image) => this.#repeat(image, known.get(uidOf(image))));
    const fresh = images.filter((image) => !known.has(uidOf(image)));
    if (fresh.length === 0) {
      await this.#arriveAgain(images.flatMap((image, n) => (refusals[n] ? [] : known.get(uidOf(image))!)));
      return refusals;
    }
    // The objects first: a row implies that its object exists.
    if (!this.#withholds)
      await this.#putAll(fresh.map((image) => ({ image, key: objectKey(this.#caller.tenantId, image.sha256) })));
    const written = await inRequest(this.#services, this.#caller, ({ db }) => this.#insert(db, fresh));
    // Remembered only now: what a transaction made that was rolled back does not exist.
    for (const [name, place] of written.places) this.#places.set(name, place);
    for (const studyId of written.grown) this.grown.add(studyId);
    return images.map((image, n) => written.refusals.get(image) ?? refusals[n]);
  }

  /** True where nobody may read images until their faces are removed. */
  get #withholds(): boolean {
    return this.#upload.profile.options.deface;
  }

  async #putAll(all: readonly { readonly image: IntakeImage; readonly key: string }[]): Promise<void> {
    const { objects } = this.#services;
    const puts = all.map(({ image: { clean, sha256 }, key }) => objects.put(key, clean.bytes, { sha256 }));
    // All of them end before the transaction may: what was written later nobody would erase.
    for (const put of await Promise.allSettled(puts)) if (put.status === 'rejected') throw put.reason;
  }

  /** The file of an address that is stored already, perhaps by another upload. */
  async #arriveAgain([stored]: readonly KnownInstance[]): Promise<void> {
    const { arrival } = this.#upload;
    if (!arrival || !stored) return;
    await inRequest(this.#services, this.#caller, async ({ db }) => {
      if (!(await arrival.before(db))) await arrival.record(db, { studyId: stored.study_id });
    });
  }

  /** Of a file whose UID is stored: the same one again, or a refusal. */
  #repeat({ sourceHash }: IntakeImage, stored: KnownInstance | undefined) {
    if (stored && stored.source_hash !== sourceHash) return uidConflict();
    if (stored) this.repeated.add(stored.study_id);
    return undefined;
  }

  async #insert(db: Db, images: readonly IntakeImage[]) {
    const refusals = new Map<IntakeImage, Refused>();
    const { arrival, profile } = this.#upload;
    const before = await arrival?.before(db);
    if (before) {
      const { refusal } = before;
      if (refusal) for (const image of images) refusals.set(image, new Refused(refusal.code, refusal.message));
      return { places: new Map<string, Place>(), refusals, grown: [] };
    }
    const places = await this.#findPlaces(db, images, refusals);
    const placed = images.flatMap((image) => {
      const place = places.get(placeNameOf(image));
      return place ? [{ image, ...place }] : [];
    });
    // Asked again now that nobody else writes files of the study: what another request stored or withheld meanwhile is not written twice.
    const sent = placed.map(({ image }) => uidOf(image));
    const known = sent.length > 0 ? await findInstances(db, sent) : undefined;
    const absent = placed.filter(({ image }) => !known?.has(uidOf(image)));
    const created = await this.#insertPlaced(db, absent);
    const fresh = placed.filter(({ image }) => created.has(uidOf(image)));
    const others = placed.flatMap(({ image }) => (created.has(uidOf(image)) ? [] : [image]));
    // Stored by another request meanwhile, or at a site that the caller does not see.
    const present = others.length > 0 ? await findInstances(db, others.map(uidOf)) : undefined;
    for (const image of others) {
      const refusal = present?.has(uidOf(image)) ? this.#repeat(image, present.get(uidOf(image))) : uidConflict();
      if (refusal) refusals.set(image, refusal);
    }
    const { tenantId } = this.#caller;
    for (const [studyId, of] of Map.groupBy(fresh, (one) => one.studyId))
      await recordOutcomes(
        db,
        { tenantId, studyId, profileVersion: profile.version },
        of.map(({ image }) => image.clean.counts),
      );
    const taken = placed.find(({ image }) => !refusals.has(image));
    if (taken) await arrival?.record(db, { studyId: taken.studyId });
    return { places, refusals, grown: fresh.map(({ studyId }) => studyId) };
  }

  /** By name; what has none is refused. */
  async #findPlaces(db: Db, images: readonly IntakeImage[], refusals: Map<IntakeImage, Refused>) {
    const places = new Map<string, Place>();
    for (const image of images) {
      const name = placeNameOf(image);
      try {
        const remembered = places.get(name) ?? this.#places.get(name);
        if (remembered && places.size === 0) await this.#hold(db, remembered.studyId);
        places.set(name, remembered ?? (await inSavepoint(db, () => this.#placeOf(db, image.clean))));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refusals.set(image, error);
      }
    }
    return places;
  }

  /** @returns UIDs of those that were not there */
  async #insertPlaced(db: Db, placed: readonly Placed[]): Promise<Set<string>> {
    const { tenantId } = this.#caller;
    const rows = placed.map(
      ({ image: { clean, sha256, sourceHash, metadata }, studyId, seriesId }): NewInstance => ({
        ...{ tenantId, studyId, seriesId, sha256, sourceHash, metadata },
        ...{ header: clean.header, sizeBytes: clean.bytes.length },
      }),
    );
    if (!this.#withholds) return insertInstances(db, rows);
    const created = await insertWithheld(db, rows);
    // Here the rows, not yet committed, keep a worker from taking the bytes for those of nobody.
    const fresh = placed.filter(({ image }) => created.has(uidOf(image)));
    await this.#putAll(
      fresh.map(({ image, studyId }) => ({ image, key: quarantineKey(tenantId, studyId, image.sha256) })),
    );
    return created;
  }

  /**
   * Lets one transaction at a time write files of the study, so that what it finds there is all there is. Not by a lock on its row, which
   * those hold who recognize its sequences while further files come.
   */
  #hold(db: Db, studyId: StudyId): Promise<void> {
    return holdUntilCommit(db, this.#caller.tenantId, 'files of', studyId);
  }

  /** The study and series that an instance belongs to, made if new. */
  async #placeOf(db: Db, { header, patientPseudonym }: Deidentified): Promise<Place> {
    const { tenantId } = this.#caller;
    const subjectId = await ensureSubject(db, tenantId, patientPseudonym, header.patient.sex);
    const study = await ensureStudy(db, tenantId, this.#upload.siteId, subjectId, header);
    if (!study) throw new Refused('UID_CONFLICT', "The study's UID belongs to a study of another site or patient.");
    await this.#hold(db, study.id);
    const seriesId = await ensureSeries(db, tenantId, study.id, header);
    if (!seriesId) throw new Refused('UID_CONFLICT', "The series' UID belongs to a series of another study.");
    return { studyId: study.id, seriesId };
  }
}
