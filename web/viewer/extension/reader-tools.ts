import type { PointLps } from '#core/domain/geometry.ts';
import type { Outline } from '../drawing/outline-voxels.ts';
import { globals } from './image-stack.ts';
import type { MouseEvent3d, ToolClass, Viewport } from './ohif.ts';

/** What the first button of the mouse does over the images. */
export type ReaderTool =
  | 'CircularBrush'
  | 'CircularEraser'
  | 'ThresholdCircularBrush'
  | 'MetloopOutline'
  | 'MetloopGrow'
  | 'Length'
  | 'Bidirectional'
  | 'WindowLevel';

/** Who is told what was done with the two tools that are ours. */
export interface Hands {
  outlined(outline: Outline): void;
  clicked(viewport: Viewport, point: PointLps): void;
}

const toolGroupId = 'default';
let hands: Hands | undefined;

/** Adds what OHIF's tool group lacks, once. @param those who are told from now on */
export function giveTools(told: Hands): void {
  hands = told;
  const { ToolGroupManager, BaseTool, addTool } = globals().cornerstoneTools;
  const group = ToolGroupManager.getToolGroup(toolGroupId);
  if (!group || group.hasTool('MetloopGrow')) return;
  for (const tool of [outlineTool(BaseTool), growTool(BaseTool)]) addTool(tool);
  const wanted: readonly ReaderTool[] = ['MetloopOutline', 'MetloopGrow', 'Length', 'Bidirectional'];
  for (const name of wanted) if (!group.hasTool(name)) group.addTool(name);
}

const defaults = { supportedInteractionTypes: ['Mouse'], configuration: {} };

/** A line that follows the mouse and is closed when the button is let go. */
const outlineTool = (BaseTool: ToolClass): ToolClass =>
  class extends BaseTool {
    static readonly toolName: ReaderTool = 'MetloopOutline';
    #line: PointLps[] = [];
    #viewport: Viewport | undefined;

    constructor(properties = {}) {
      super(properties, defaults);
    }

    preMouseDownCallback = (event: MouseEvent3d): boolean => {
      this.#viewport = viewportOf(event);
      this.#line = [];
      this.#follow(event);
      return true;
    };

    mouseDragCallback(event: MouseEvent3d): void {
      this.#follow(event);
    }

    mouseUpCallback(): void {
      const [points, viewport] = [this.#line, this.#viewport];
      this.#line = [];
      this.#viewport = undefined;
      if (!viewport) return;
      globals().cornerstoneTools.utilities.triggerAnnotationRenderForViewportIds([viewport.id]);
      hands?.outlined({ points, normal: viewport.getCamera().viewPlaneNormal });
    }

    renderAnnotation({ viewport }: { readonly viewport: Viewport }, helper: unknown): boolean {
      if (viewport.id !== this.#viewport?.id || this.#line.length < 2) return false;
      const points = this.#line.map((point) => viewport.worldToCanvas(point));
      const look = { color: 'rgb(255, 214, 102)', width: 2, closePath: false };
      globals().cornerstoneTools.drawing.drawPolyline(helper, 'metloop-outline', 'line', points, look);
      return true;
    }

    #follow({ detail }: MouseEvent3d): void {
      if (!this.#viewport) return;
      const [x, y, z] = detail.currentPoints.world;
      this.#line.push([x, y, z]);
      globals().cornerstoneTools.utilities.triggerAnnotationRenderForViewportIds([this.#viewport.id]);
    }
  };

const growTool = (BaseTool: ToolClass): ToolClass =>
  class extends BaseTool {
    static readonly toolName: ReaderTool = 'MetloopGrow';

    constructor(properties = {}) {
      super(properties, defaults);
    }

    preMouseDownCallback = (event: MouseEvent3d): boolean => {
      const viewport = viewportOf(event);
      const [x, y, z] = event.detail.currentPoints.world;
      if (viewport) hands?.clicked(viewport, [x, y, z]);
      return true;
    };
  };

const viewportOf = ({ detail }: MouseEvent3d): Viewport | undefined =>
  globals().cornerstone.getEnabledElement(detail.element)?.viewport;
