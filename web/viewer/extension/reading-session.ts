import { graphql, Refused, SignedOut } from '../../app/api/graphql.ts';
import { Journal, type JournalEntry } from './journal.ts';
import { beginLabel, labelOf, type SavedRevision, saveLabel, showLabel } from './label.ts';
import { LabelEditor } from './label-editor.ts';
import { type DrawnSlice, drawnSegments, drawnSlices, isWhole, redraw } from './label-pixels.ts';
import type { Managers, Segmentation } from './ohif.ts';
import { ReadClock } from './read-clock.ts';
import { fingerprint } from './runs.ts';

/** Where what is drawn is. Times are milliseconds since 1970. */
export type SaveState =
  | { readonly kind: 'OPENING' }
  /** Nothing was drawn since the label was opened. */
  | { readonly kind: 'UNTOUCHED' }
  /** The server has read it back. */
  | { readonly kind: 'SAVED'; readonly at: number; readonly lesions: number; readonly voxels: number }
  /** On this machine's disk, the server does not have it yet. */
  | { readonly kind: 'KEPT'; readonly at: number }
  | { readonly kind: 'SAVING' }
  /** On this machine's disk, and the server does not take it now; tried again by the clock. */
  | { readonly kind: 'WAITING'; readonly why: 'UNREACHABLE' | 'SIGNED_OUT'; readonly at: number }
  /** Another save of the read was made elsewhere. */
  | { readonly kind: 'STALE' }
  /** What is kept here was drawn from another save than is the last one. */
  | { readonly kind: 'LEFT_OVER'; readonly entry: JournalEntry }
  | { readonly kind: 'REFUSED'; readonly message: string };

export interface Head {
  readonly id: string;
  readonly segSeriesInstanceUid: string | null;
  readonly lesions: readonly { readonly number: number; readonly coarse: boolean }[];
}

export interface OpenRead {
  readonly readId: string;
  readonly head: Head | null;
  /** As its saves have told so far. */
  readonly secondsSpent: number;
}

/** Of looking for changes, and so the most that a dead tab can lose. */
const keepEveryMs = 2000;
const saveEveryMs = 25_000;
const retryEveryMs = 10_000;

const headQuery = `query ($id: ID!) { node(id: $id) { ... on Read { head {
  id segSeriesInstanceUid segSopInstanceUid voxelCount lesions { number voxelCount longestDiameterMm coarse } } } } }`;

/** The work on one read in one tab: keeps what is drawn on the disk within seconds and with the server within half a minute. */
export class ReadingSession {
  state: SaveState = { kind: 'OPENING' };
  readonly clock: ReadClock;
  /** Series of this read's own saves. */
  readonly ownSeries = new Set<string>();
  readonly #managers: Managers;
  readonly #readId: string;
  readonly #journal: Journal;
  readonly #tell: () => void;
  readonly #ends: (() => void)[] = [];
  #head: Head | null;
  #editor: LabelEditor | undefined;
  /** Fingerprint of what the server has. */
  #saved = fingerprint([]);
  #touched = false;
  #saving: Promise<void> | undefined;
  #triedAt = Date.now();
  /** What is drawn on. */
  #labelId: string | undefined;
  /** SEGs that were sent and not acknowledged, with the fingerprints of what they hold and the seconds told with them. */
  readonly #sent = new Map<string, { readonly print: number; readonly seconds: number }>();

  private constructor(
    managers: Managers,
    { readId, head, secondsSpent }: OpenRead,
    journal: Journal,
    tell: () => void,
  ) {
    this.#managers = managers;
    this.#readId = readId;
    this.#head = head;
    if (head?.segSeriesInstanceUid) this.ownSeries.add(head.segSeriesInstanceUid);
    this.clock = new ReadClock(readId, secondsSpent);
    this.#journal = journal;
    this.#tell = tell;
  }

  /**
   * Shows the last save with what was drawn after it and kept here, or an empty label.
   * @param tell called whenever `state` is another
   * @param signal fires when the read goes on elsewhere: from then on nothing kept is touched
   */
  static async open(
    managers: Managers,
    read: OpenRead,
    tell: () => void,
    signal: AbortSignal,
  ): Promise<ReadingSession> {
    const session = new ReadingSession(managers, read, await Journal.open(), tell);
    await session.#show(signal);
    session.#watch();
    return session;
  }

  get segmentation(): Segmentation | undefined {
    const segmentations = this.#managers.servicesManager.services.segmentationService.getSegmentations();
    return segmentations.find(({ segmentationId }) => segmentationId === this.#labelId);
  }

  /** Changes the label in whole steps. @throws Error before there is one */
  get editor(): LabelEditor {
    if (!this.#editor) throw new Error('There is no label to draw on.');
    return this.#editor;
  }

  get headId(): string | null {
    return this.#head?.id ?? null;
  }

  /** Makes the read's own label the one that is drawn on, after others were shown. */
  drawOnOwn(): void {
    const { segmentationService, viewportGridService } = this.#managers.servicesManager.services;
    for (const viewportId of viewportGridService.getState().viewports.keys())
      segmentationService.setActiveSegmentation(viewportId, this.editor.segmentationId);
  }

  /**
   * Saves what is drawn now, whatever the clock says.
   * @throws Error while the reader has not said what becomes of a drawing that was left over, which a save would lose
   */
  async save(autosaved = false): Promise<void> {
    if (this.state.kind === 'LEFT_OVER')
      throw new Error('Say first what becomes of the drawing that this browser has kept: the line at the foot asks.');
    while (this.#saving) await this.#saving;
    this.#saving = this.#save(autosaved).finally(() => {
      this.#saving = undefined;
    });
    await this.#saving;
  }

  /** Saves on top of what was saved elsewhere. */
  async saveOnTop(): Promise<void> {
    const { node } = await graphql<{ node: { head: Head | null } }>(headQuery, { id: this.#readId });
    this.#head = node.head;
    await this.save();
  }

  /** Takes back what was kept here, over what is shown; it cannot be undone, nor can what was done before. */
  async takeBack({ slices, coarse = [] }: JournalEntry): Promise<void> {
    const { segmentationId } = this.editor;
    redraw(segmentationId, slices);
    this.editor.forgetSteps();
    const drawn = drawnSegments(segmentationId).map(({ number }) => number);
    this.editor.listDrawn(drawn, new Set(coarse));
    this.#touched = true;
    await this.#keep();
  }

  async dropLeftOver(): Promise<void> {
    await this.#journal.forget(this.#readId);
    this.#become({ kind: 'UNTOUCHED' });
  }

  /** @param signed with nothing left to tell */
  close(signed = false): void {
    for (const end of this.#ends) end();
    this.clock.close(signed);
  }

  async #show(signal: AbortSignal): Promise<void> {
    const { segSeriesInstanceUid } = this.#head ?? {};
    const stored = segSeriesInstanceUid ? await labelOf(this.#managers, segSeriesInstanceUid) : undefined;
    const labelId = stored ? stored.displaySetInstanceUID : await this.#begin();
    if (stored) await showLabel(this.#managers, stored);
    this.#labelId = labelId;
    const coarse = (this.#head?.lesions ?? []).filter((lesion) => lesion.coarse).map(({ number }) => number);
    this.#editor = new LabelEditor(this.#managers, labelId, new Set(coarse));
    this.#editor.listDrawn(drawnSegments(labelId).map(({ number }) => number));
    this.#saved = this.#fingerprint(this.#slices());
    // Only now, since another tab may have taken the read meanwhile, and keeps what is drawn there.
    const entry = await this.#journal.find(this.#readId);
    signal.throwIfAborted();
    if (!entry) this.#become({ kind: 'UNTOUCHED' });
    else await this.#settle(entry);
  }

  /** @returns the id of an empty label */
  async #begin(): Promise<string> {
    const { segmentationService } = this.#managers.servicesManager.services;
    const before = new Set(segmentationService.getSegmentations().map(({ segmentationId }) => segmentationId));
    await beginLabel(this.#managers);
    const begun = segmentationService.getSegmentations().find(({ segmentationId }) => !before.has(segmentationId));
    if (!begun) throw new Error('There is no label to draw on.');
    return begun.segmentationId;
  }

  /** What becomes of what this browser kept. */
  async #settle(entry: JournalEntry): Promise<void> {
    if (fingerprint(entry.slices, new Set(entry.coarse)) === this.#saved) {
      // The server has it: only its answer was lost.
      await this.#forget();
      this.#become({ kind: 'UNTOUCHED' });
    } else if (entry.parentId !== this.headId) this.#become({ kind: 'LEFT_OVER', entry });
    else await this.takeBack(entry).catch(() => this.#become({ kind: 'LEFT_OVER', entry }));
  }

  #watch(): void {
    const { segmentationService } = this.#managers.servicesManager.services;
    for (const name of ['SEGMENTATION_DATA_MODIFIED', 'SEGMENTATION_MODIFIED']) {
      const event = segmentationService.EVENTS[name];
      if (!event) throw new Error(`This OHIF does not tell of ${name}.`);
      const { unsubscribe } = segmentationService.subscribe(event, () => {
        this.#touched = true;
      });
      this.#ends.push(unsubscribe);
    }
    const timer = setInterval(() => {
      this.#tick().catch((error: Error) => this.#become({ kind: 'REFUSED', message: error.message }));
    }, keepEveryMs);
    this.#ends.push(() => clearInterval(timer));
    const warn = (event: BeforeUnloadEvent): void => {
      if (this.#touched || this.state.kind === 'SAVING') event.preventDefault();
      this.#keepNow();
    };
    const keep = (): void => this.#keepNow();
    addEventListener('beforeunload', warn);
    // A tab out of sight may be closed or frozen without another word.
    globalThis.document.addEventListener('visibilitychange', keep);
    this.#ends.push(() => {
      removeEventListener('beforeunload', warn);
      globalThis.document.removeEventListener('visibilitychange', keep);
    });
  }

  /** Does not wait for the next look at what is drawn: there may be none. */
  #keepNow(): void {
    if (this.#touched && !this.#saving && this.state.kind !== 'LEFT_OVER') this.#keep().catch(() => {});
  }

  async #tick(): Promise<void> {
    // A question that waits for the reader is not answered by drawing on.
    this.clock.keep();
    if (this.#saving || this.state.kind === 'LEFT_OVER') return;
    // A disk that does not take it must not keep it from the server.
    if (this.#touched) await this.#keep().catch(() => this.save(true));
    const { kind } = this.state;
    const due = kind === 'KEPT' ? saveEveryMs : kind === 'WAITING' ? retryEveryMs : Number.POSITIVE_INFINITY;
    if (Date.now() - this.#triedAt >= due) await this.save(true);
  }

  /** Writes what differs from what the server has to the disk. */
  async #keep(): Promise<void> {
    this.#touched = false;
    const slices = this.#slices();
    if (this.#fingerprint(slices) === this.#saved) {
      await this.#forget();
      if (['OPENING', 'KEPT', 'LEFT_OVER'].includes(this.state.kind)) this.#become({ kind: 'UNTOUCHED' });
      return;
    }
    const at = Date.now();
    const coarse = [...this.editor.coarse];
    try {
      await this.#journal.keep({ readId: this.#readId, parentId: this.headId, slices, coarse, keptAt: at });
    } catch (error) {
      this.#touched = true;
      throw error;
    }
    if (this.state.kind === 'STALE') return;
    this.#become(this.state.kind === 'WAITING' ? { ...this.state, at } : { kind: 'KEPT', at });
  }

  /** An entry that stays on the disk is known again by what is in it. */
  #forget(): Promise<void> {
    return this.#journal.forget(this.#readId).catch(() => {});
  }

  async #save(autosaved: boolean): Promise<void> {
    await this.#keep().catch(() => {});
    const sent = this.#fingerprint(this.#slices());
    this.#become({ kind: 'SAVING' });
    this.#triedAt = Date.now();
    const secondsSpent = this.clock.untoldSeconds;
    try {
      const revision = await saveLabel(this.#managers, {
        readId: this.#readId,
        parentId: this.headId,
        segmentation: this.segmentation,
        coarse: this.editor.coarse,
        secondsSpent,
        autosaved,
        onSent: (uid) => this.#sent.set(uid, { print: sent, seconds: secondsSpent }),
      });
      this.#take(revision, sent, secondsSpent);
      // Strokes made meanwhile are kept as drawn from the new revision.
      await this.#keep().catch(() => {});
    } catch (error) {
      if (!(await this.#takeUnheard(error as Error))) this.#become(this.#stateAfter(error as Error));
      // What was drawn since goes on top of it.
      else if (this.#stateKind() === 'KEPT') await this.#save(autosaved);
    }
  }

  /** Where the newest save is one of this tab's whose answer never came, it is taken as if it had. @returns whether it was */
  async #takeUnheard(error: Error): Promise<boolean> {
    if (!(error instanceof Refused && error.code === 'STALE')) return false;
    type Found = { node: { head: (SavedRevision & { readonly segSopInstanceUid: string | null }) | null } };
    const head = await graphql<Found>(headQuery, { id: this.#readId }).then(
      ({ node }) => node.head,
      () => null,
    );
    const own = head?.segSopInstanceUid ? this.#sent.get(head.segSopInstanceUid) : undefined;
    if (!head || !own) return false;
    this.#take(head, own.print, own.seconds);
    await this.#keep().catch(() => {});
    return true;
  }

  #take(revision: SavedRevision, sent: number, seconds: number): void {
    this.#head = revision;
    this.#saved = sent;
    this.#sent.clear();
    if (revision.segSeriesInstanceUid) this.ownSeries.add(revision.segSeriesInstanceUid);
    this.clock.told(seconds);
    this.#become({ kind: 'SAVED', at: Date.now(), lesions: revision.lesions.length, voxels: revision.voxelCount });
  }

  #stateAfter(error: Error & { readonly status?: number }): SaveState {
    const at = Date.now();
    if (error instanceof SignedOut || error.status === 401) return { kind: 'WAITING', why: 'SIGNED_OUT', at };
    if (error instanceof Refused && error.code === 'STALE') return { kind: 'STALE' };
    const refused = error instanceof Refused && error.code !== 'FAILED' && error.code !== 'INTERNAL';
    if (refused || (error.status !== undefined && error.status >= 400 && error.status < 500))
      return { kind: 'REFUSED', message: error.message };
    return { kind: 'WAITING', why: 'UNREACHABLE', at };
  }

  /** As it is by now: what is awaited changes it. */
  #stateKind(): SaveState['kind'] {
    return this.state.kind;
  }

  #slices(): DrawnSlice[] {
    const { segmentation } = this;
    if (!segmentation || !isWhole(segmentation.segmentationId))
      throw new Error('A part of the label is no longer in memory: reload the page, and what was kept is shown again.');
    return drawnSlices(segmentation.segmentationId);
  }

  #fingerprint(slices: readonly DrawnSlice[]): number {
    return fingerprint(slices, this.#editor?.coarse);
  }

  #become(state: SaveState): void {
    this.state = state;
    this.#tell();
  }
}
