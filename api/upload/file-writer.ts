import { type Db, inSavepoint } from '#core/db/database.ts';
import type { SeriesId, SiteId, StudyId } from '#core/domain/ids.ts';
import { objectKey, quarantineKey } from '#core/storage/keys.ts';
import type { Caller, Services } from '../context.ts';
import type { Deidentified } from '../deidentify/deidentify.ts';
import { recordOutcomes, type SiteProfile } from '../deidentify/service.ts';
import { inRequest } from '../request.ts';
import { holdFiles } from '../study/service.ts';
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
import { Together } from './together.ts';
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
const mostAtOnce = 64;

const uidConflict = (): Refused => new Refused('UID_CONFLICT', 'Another file is stored under this SOP instance UID.');
const uidOf = ({ clean }: IntakeImage): string => clean.header.sopInstanceUid;
const placeNameOf = ({ clean: { patientPseudonym, header } }: IntakeImage): string =>
  `${patientPseudonym} ${header.study.instanceUid} ${header.series.instanceUid}`;

/**
 * Files of one series are written together, of that of which most wait. Not of several series, whose rows a transaction would keep from
 * whoever recognizes the study, as that one keeps others from it.
 */
function nextRows(waiting: readonly Waiting[]): readonly Waiting[] {
  const series = [...Map.groupBy(waiting, ({ image }) => placeNameOf(image)).values()];
  const most = Math.max(...series.map(({ length }) => length));
  return series.find(({ length }) => length === most)?.slice(0, mostAtOnce) ?? [];
}

/**
 * Writes de-identified files of one upload in two steps, bytes and then rows, each of several files at once: while rows of some are
 * written, a commit of which waits for the disk, the bytes of the next are. Each file is wholly there or absent.
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
  /** UIDs of files between the two steps. */
  readonly #underway = new Set<string>();
  readonly #bytes: Together<Waiting>;
  readonly #rows: Together<Waiting>;

  constructor(services: Services, caller: Caller, upload: Upload) {
    this.#services = services;
    this.#caller = caller;
    this.#upload = upload;
    this.#bytes = new Together(
      (waiting) => this.#nextBytes(waiting),
      (files) => this.#apart(files, (some) => this.#storeBytes(some)),
    );
    this.#rows = new Together(nextRows, (files) => this.#apart(files, (some) => this.#storeRows(some)));
  }

  /** Resolves when the file is stored for good. @throws Refused */
  write(image: IntakeImage): Promise<void> {
    return new Promise<void>((resolve, reject) => this.#bytes.add({ image, resolve, reject })).finally(() => {
      this.#underway.delete(uidOf(image));
      void this.#bytes.look();
    });
  }

  /** Of two files with one UID the second waits until the first is stored or refused. */
  #nextBytes(waiting: readonly Waiting[]): readonly Waiting[] {
    const next: Waiting[] = [];
    for (const file of waiting) {
      if (next.length === mostAtOnce) break;
      if (this.#underway.has(uidOf(file.image))) continue;
      this.#underway.add(uidOf(file.image));
      next.push(file);
    }
    return next;
  }

  /** One that cannot be written must not keep the others out. */
  async #apart(files: readonly Waiting[], write: (files: readonly Waiting[]) => Promise<void>): Promise<void> {
    try {
      await write(files);
    } catch (error) {
      if (files.length > 1) for (const file of files) await this.#apart([file], write);
      else files[0]!.reject(error);
    }
  }

  /** The objects first: a row implies that its object exists. */
  async #storeBytes(files: readonly Waiting[]): Promise<void> {
    const sent = files.map(({ image }) => uidOf(image));
    const known = await inRequest(this.#services, this.#caller, ({ db }) => findInstances(db, sent));
    const fresh = files.filter(({ image }) => !known.has(uidOf(image)));
    if (!this.#withholds)
      await this.#putAll(fresh.map(({ image }) => ({ image, key: objectKey(this.#caller.tenantId, image.sha256) })));
    for (const file of files) {
      const stored = known.get(uidOf(file.image));
      if (!stored) continue;
      const refusal = this.#repeat(file.image, stored);
      if (!refusal) await this.#arriveAgain(stored);
      refusal ? file.reject(refusal) : file.resolve();
    }
    this.#rows.add(...fresh);
  }

  async #storeRows(files: readonly Waiting[]): Promise<void> {
    const images = files.map(({ image }) => image);
    const written = await inRequest(this.#services, this.#caller, ({ db }) => this.#insert(db, images));
    // Remembered only now: what a transaction made that was rolled back does not exist.
    for (const [name, place] of written.places) this.#places.set(name, place);
    for (const studyId of written.grown) this.grown.add(studyId);
    for (const { image, resolve, reject } of files) {
      const refusal = written.refusals.get(image);
      refusal ? reject(refusal) : resolve();
    }
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
  async #arriveAgain(stored: KnownInstance): Promise<void> {
    const { arrival } = this.#upload;
    if (!arrival) return;
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
        if (remembered && places.size === 0) await holdFiles(db, this.#caller.tenantId, remembered.studyId);
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

  /** The study and series that an instance belongs to, made if new. */
  async #placeOf(db: Db, { header, patientPseudonym }: Deidentified): Promise<Place> {
    const { tenantId } = this.#caller;
    const subjectId = await ensureSubject(db, tenantId, patientPseudonym, header.patient.sex);
    const study = await ensureStudy(db, tenantId, this.#upload.siteId, subjectId, header);
    if (!study) throw new Refused('UID_CONFLICT', "The study's UID belongs to a study of another site or patient.");
    await holdFiles(db, tenantId, study.id);
    const seriesId = await ensureSeries(db, tenantId, study.id, header);
    if (!seriesId) throw new Refused('UID_CONFLICT', "The series' UID belongs to a series of another study.");
    return { studyId: study.id, seriesId };
  }
}
