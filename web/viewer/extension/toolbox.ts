import { alignedRole } from './hanging-protocol.ts';
import { valuesOfImages } from './image-stack.ts';
import type { LabelEditor } from './label-editor.ts';
import { fillOutline, growAt } from './lesion-operations.ts';
import type { Managers, Viewport } from './ohif.ts';
import { giveTools, type ReaderTool } from './reader-tools.ts';

/** Radii of the brush, mm. */
export const radii = { least: 1, most: 20 } as const;
/** Of region growing: share of the enhancement that the level lies at, and reach in mm. */
export const shares = { least: 0.2, most: 0.9 } as const;
export const reaches = { least: 5, most: 40 } as const;

const brushes: readonly ReaderTool[] = ['CircularBrush', 'CircularEraser', 'ThresholdCircularBrush'];

/** The tool in the reader's hand and how it is set. */
export class Toolbox {
  tool: ReaderTool | undefined;
  /** Metastases are small: OHIF's own brush would cover most of them at once. */
  radiusMm = 4;
  share = 0.5;
  reachMm = 20;
  /** The threshold brush paints what is at least as bright on BRAVO; undefined until it is first used. */
  level: number | undefined;
  /** Least and greatest level that can be set. */
  levels: readonly [number, number] = [0, 1];
  /** What was done last. */
  told: { readonly text: string; readonly bad: boolean } | undefined;
  /** Metastases that are not shown. */
  hidden: ReadonlySet<number> = new Set();
  readonly #managers: Managers;
  readonly #editor: () => LabelEditor;
  readonly #tell: () => void;

  /**
   * @param editor of the label that is drawn on now
   * @param tell called whenever anything here is another
   */
  constructor(managers: Managers, editor: () => LabelEditor, tell: () => void) {
    this.#managers = managers;
    this.#editor = editor;
    this.#tell = tell;
    giveTools({
      outlined: (outline) => this.do((label) => fillOutline(label, outline)),
      clicked: (viewport, point) => this.do((label) => this.#grow(label, viewport, point)),
    });
  }

  /** Does something to the label and says what, or why not. */
  do(body: (editor: LabelEditor) => string): void {
    try {
      this.told = { text: body(this.#editor()), bad: false };
    } catch (error) {
      this.told = { text: (error as Error).message, bad: true };
    }
    this.#tell();
  }

  use(tool: ReaderTool): void {
    this.tool = tool;
    this.told = undefined;
    const { commandsManager } = this.#managers;
    commandsManager.runCommand('setToolActive', { toolName: tool, toolGroupId: 'default' });
    if (brushes.includes(tool)) this.setRadius(this.radiusMm);
    if (tool === 'ThresholdCircularBrush') this.do(() => this.#findLevels());
    this.#tell();
  }

  setRadius(radiusMm: number): void {
    this.radiusMm = Math.min(radii.most, Math.max(radii.least, radiusMm));
    this.#managers.commandsManager.runCommand('setBrushSize', { value: this.radiusMm });
    this.#tell();
  }

  setLevel(level: number): void {
    this.level = Math.min(this.levels[1], Math.max(this.levels[0], level));
    // Nothing is too bright.
    this.#managers.commandsManager.runCommand('setThresholdRange', { value: [this.level, Number.MAX_SAFE_INTEGER] });
    this.#tell();
  }

  setGrowth(share: number, reachMm: number): void {
    this.share = Math.min(shares.most, Math.max(shares.least, share));
    this.reachMm = Math.min(reaches.most, Math.max(reaches.least, reachMm));
    this.#tell();
  }

  undo(): void {
    this.#step('undo');
  }

  redo(): void {
    this.#step('redo');
  }

  toggleHidden(number: number): void {
    const next = new Set(this.hidden);
    if (!next.delete(number)) next.add(number);
    this.hidden = next;
    this.applyHidden([number]);
    this.#tell();
  }

  /** Hides in every image what is hidden. @param numbers those to look at; all that are hidden if left out */
  applyHidden(numbers: Iterable<number> = this.hidden): void {
    const { segmentationService, viewportGridService } = this.#managers.servicesManager.services;
    const { segmentationId } = this.#editor();
    for (const id of viewportGridService.getState().viewports.keys()) {
      if (segmentationService.getSegmentationRepresentations(id, { segmentationId }).length === 0) continue;
      for (const number of numbers)
        segmentationService.setSegmentVisibility(id, segmentationId, number, !this.hidden.has(number));
    }
  }

  #step(command: 'undo' | 'redo'): void {
    this.told = undefined;
    this.#managers.commandsManager.runCommand(command);
    this.#tell();
  }

  #grow(label: LabelEditor, viewport: Viewport, point: readonly [number, number, number]): string {
    const { told, level } = growAt(label, viewport.getImageIds?.() ?? [], point, {
      share: this.share,
      reachMm: this.reachMm,
    });
    // What a click has found on BRAVO is a good level for the threshold brush, which looks at BRAVO.
    if (alignedRole(viewport.id) === 'BRAVO') this.level = level;
    return told;
  }

  /** @throws Error before BRAVO is loaded */
  #findLevels(): string {
    const { cornerstoneViewportService, viewportGridService } = this.#managers.servicesManager.services;
    const ids = [...viewportGridService.getState().viewports.keys()];
    const bravo = ids.find((id) => alignedRole(id) === 'BRAVO');
    const imageIds = (bravo && cornerstoneViewportService.getCornerstoneViewport(bravo)?.getImageIds?.()) || [];
    if (imageIds.length > 0) {
      const values = valuesOfImages(imageIds)
        .filter((_, n) => n % 7 === 0)
        .sort();
      this.levels = [values[0]!, values.at(-1)!];
      // Above nearly all of a head, below what enhances.
      this.level ??= values[Math.floor(values.length * 0.98)]!;
    }
    this.setLevel(this.level ?? 0);
    return 'Paints only what is as bright on BRAVO as the level.';
  }
}
