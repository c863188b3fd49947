import type { PointLps } from '#core/domain/geometry.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import type { Subject } from './extension.ts';
import { alignedOptions, alignedRole, aloneViewportIdOf, shownRoles, viewportIdOf } from './hanging-protocol.ts';
import { whenImagesAreThere } from './images-there.ts';
import { showOnImages } from './label.ts';
import type { Managers, Viewport } from './ohif.ts';
import { findPrior, type PriorStudy } from './prior-study.ts';

/** Side by side on BRAVO's grid; as they were acquired; one beside the same sequence of the study before. */
type Arrangement = 'ALIGNED' | 'NATIVE' | 'PRIOR';
export type Orientation = 'axial' | 'sagittal' | 'coronal';

interface Pane {
  readonly role: Sequence;
  readonly viewportId: string;
  readonly seriesInstanceUid: string;
  readonly options: object;
}

/** For display sets that are not there yet. */
const patienceMs = 30_000;

/** Which images are shown and how large. Only those on BRAVO's grid are drawn on, and only they move together. */
export class Layouts {
  arrangement: Arrangement = 'ALIGNED';
  large = false;
  readonly #managers: Managers;
  readonly #subject: Subject;
  readonly #segmentationId: () => string;
  readonly #shown: () => void;
  #prior: PriorStudy | undefined;
  /** Point that all planes go through, LPS mm. */
  #lookedAt: PointLps | undefined;

  /** @param shown called whenever other images were put up */
  constructor(managers: Managers, subject: Subject, segmentationId: () => string, shown: () => void) {
    this.#managers = managers;
    this.#subject = subject;
    this.#segmentationId = segmentationId;
    this.#shown = shown;
  }

  /** One image in place of several, or several again. */
  async toggleLarge(): Promise<void> {
    await this.#put(this.arrangement, !this.large);
  }

  /** @throws Error if the study has nothing of the kind, SignedOut */
  async toggle(arrangement: 'NATIVE' | 'PRIOR'): Promise<void> {
    if (this.arrangement === arrangement) return this.#put('ALIGNED', this.large);
    if (arrangement === 'PRIOR') await this.#openPrior();
    await this.#put(arrangement, arrangement === 'PRIOR' ? false : this.large);
  }

  /** Of the images on BRAVO's grid, which move together. */
  turn(orientation: Orientation): void {
    const { viewportGridService, cornerstoneViewportService } = this.#managers.servicesManager.services;
    const viewportId = [...viewportGridService.getState().viewports.keys()].find(alignedRole);
    const viewport = viewportId && cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (!viewport) return;
    this.#lookedAt = lookedAt(viewport, this.#lookedAt);
    const point = this.#lookedAt;
    // The others follow: were each turned, each would also take the others back to the middle of the head.
    this.#managers.commandsManager.runCommand('setViewportOrientation', { viewportId, orientation });
    // Only once they have followed, since they answer with the middle of the head.
    setTimeout(() => viewport.jumpToWorld?.(point), 50);
  }

  async #put(arrangement: Arrangement, large: boolean): Promise<void> {
    const { viewportGridService } = this.#managers.servicesManager.services;
    const role = this.#activeRole();
    const all = this.#panes(arrangement, role);
    const panes = large ? all.filter((pane) => pane.role === role).slice(0, 1) : all;
    const uids = await Promise.all(panes.map(({ seriesInstanceUid }) => this.#displaySetUid(seriesInstanceUid)));
    const columns = panes.length > 1 ? 2 : 1;
    await viewportGridService.setLayout({
      numRows: Math.ceil(panes.length / columns),
      numCols: columns,
      layoutOptions: [],
      activeViewportId: (panes.find((pane) => pane.role === role) ?? panes[0]!).viewportId,
      findOrCreateViewport: (position) =>
        panes[position] && {
          displaySetInstanceUIDs: [uids[position]],
          displaySetOptions: [{}],
          viewportOptions: panes[position].options,
        },
      isHangingProtocolLayout: true,
    });
    this.arrangement = arrangement;
    this.large = large;
    whenImagesAreThere(this.#managers, () => {
      void showOnImages(this.#managers, this.#segmentationId()).then(this.#shown);
    });
  }

  #panes(arrangement: Arrangement, active: Sequence): Pane[] {
    const { shown, acquired } = this.#subject.series;
    const aligned = (role: Sequence): Pane => ({
      role,
      viewportId: viewportIdOf(role),
      seriesInstanceUid: shown[role]!,
      options: alignedOptions(role),
    });
    if (arrangement === 'ALIGNED') return shownRoles(shown).map(aligned);
    const alone = (role: Sequence, what: 'native' | 'prior', seriesInstanceUid: string): Pane => ({
      role,
      viewportId: aloneViewportIdOf(role, what),
      seriesInstanceUid,
      options: aloneOptions(aloneViewportIdOf(role, what)),
    });
    if (arrangement === 'NATIVE') return shownRoles(acquired).map((role) => alone(role, 'native', acquired[role]!));
    const { series } = this.#prior!;
    const before = series[active] ? active : 'BRAVO';
    if (!series[before]) throw new Error('The study before has no such images.');
    return [aligned(before), alone(before, 'prior', series[before])];
  }

  #activeRole(): Sequence {
    const { activeViewportId } = this.#managers.servicesManager.services.viewportGridService.getState();
    const shown = shownRoles(this.#subject.series.shown);
    return shown.find((role) => activeViewportId.endsWith(`-${role}`)) ?? shown[0] ?? 'BRAVO';
  }

  async #openPrior(): Promise<void> {
    this.#prior ??= await findPrior(this.#subject.studyInstanceUid);
    if (!this.#prior) throw new Error('You see no earlier study of this person.');
    const { studyInstanceUid, series } = this.#prior;
    const wanted = Object.values(series);
    const isThere = (): boolean => wanted.every((uid) => this.#findDisplaySet(uid));
    if (isThere()) return;
    const [source] = this.#managers.extensionManager.getDataSources('metloop');
    await source.retrieve.series.metadata({ StudyInstanceUID: studyInstanceUid });
    for (const until = Date.now() + patienceMs; !isThere(); await new Promise((again) => setTimeout(again, 100)))
      if (Date.now() > until) throw new Error('The earlier study could not be opened.');
  }

  #findDisplaySet(seriesInstanceUid: string) {
    const { displaySetService } = this.#managers.servicesManager.services;
    return displaySetService.getActiveDisplaySets().find((set) => set.SeriesInstanceUID === seriesInstanceUid);
  }

  /** Of series that are not shown at first, which come after those that are. @throws Error if the viewer does not load it */
  async #displaySetUid(seriesInstanceUid: string): Promise<string> {
    for (const until = Date.now() + patienceMs; ; await new Promise((again) => setTimeout(again, 100))) {
      const found = this.#findDisplaySet(seriesInstanceUid);
      if (found) return found.displaySetInstanceUID;
      if (Date.now() > until) throw new Error('The viewer has not loaded these images.');
    }
  }
}

/** Where the plane that is shown lies, and across it where the reader looked before: turning shows the middle of the head there. */
function lookedAt(viewport: Viewport, before: PointLps | undefined): PointLps {
  const { focalPoint, viewPlaneNormal: n } = viewport.getCamera();
  if (!before) return focalPoint;
  const apart = focalPoint.reduce((sum, at, axis) => sum + (at - before[axis]!) * n[axis]!, 0);
  return [before[0] + apart * n[0], before[1] + apart * n[1], before[2] + apart * n[2]];
}

/** Each by itself: it lies in a space of its own, and no label is laid over it. */
const aloneOptions = (viewportId: string): object => ({
  viewportId,
  toolGroupId: 'default',
  viewportType: 'stack',
  allowUnmatchedView: true,
  initialImageOptions: { preset: 'middle' },
  syncGroups: [],
});
