import type { PointLps } from '#core/domain/geometry.ts';
import { isAlone } from './hanging-protocol.ts';
import type { CornerstoneGlobals, Viewport } from './ohif.ts';

/** Draws on top of an image, in its CSS pixels. */
export type Painter = (context: CanvasRenderingContext2D, view: Viewport, width: number, height: number) => void;

const painters = new Set<Painter>();
const rendered = 'CORNERSTONE_IMAGE_RENDERED';
const { document } = globalThis;

/** Paints on every image of the viewer after each of its renderings, whatever the layout. @returns what stops it */
export function paintOnImages(painter: Painter): () => void {
  // The events do not bubble, but the document sees them on their way down.
  if (painters.size === 0) document.addEventListener(rendered, repaintOne, true);
  painters.add(painter);
  repaint();
  return () => {
    painters.delete(painter);
    repaint();
    if (painters.size > 0) return;
    document.removeEventListener(rendered, repaintOne, true);
    for (const canvas of document.querySelectorAll('.metloop-overlay')) canvas.remove();
  };
}

/** Paints anew, for what is painted has changed. */
export function repaint(): void {
  for (const view of viewsShown()) paint(view);
}

/** Images that are on the screen. */
export const viewsShown = (): Viewport[] =>
  ((window as unknown as Partial<CornerstoneGlobals>).cornerstone?.getRenderingEngines() ?? []).flatMap((engine) =>
    engine.getViewports().filter((view) => view.element.isConnected && view.canvasToWorld),
  );

function repaintOne({ target }: Event): void {
  const view = viewsShown().find(({ element }) => element === target);
  if (view) paint(view);
}

function paint(view: Viewport): void {
  const { element } = view;
  const canvas = element.querySelector<HTMLCanvasElement>(':scope > .metloop-overlay') ?? addCanvas(element);
  const { clientWidth: width, clientHeight: height } = element;
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context || width === 0 || height === 0) return;
  context.scale(scale, scale);
  for (const painter of painters) painter(context, view, width, height);
}

function addCanvas(element: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.className = 'metloop-overlay';
  canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none';
  element.append(canvas);
  return canvas;
}

/** How far a place lies from the plane that a view shows, mm. */
export function distanceFromPlaneMm(view: Viewport, point: PointLps): number {
  const { focalPoint, viewPlaneNormal } = view.getCamera();
  return Math.abs(viewPlaneNormal.reduce((sum, n, axis) => sum + n * (point[axis]! - focalPoint[axis]!), 0));
}

/** Shows a place on every image but those in a space of their own. */
export function goTo(point: PointLps): void {
  for (const view of viewsShown().filter(({ id }) => !isAlone(id))) {
    view.jumpToWorld?.(point);
    view.render();
  }
}

/** Waits for a click on an image, which then does nothing else. @returns the place, LPS mm; undefined after Escape or `signal` */
export function pickPlace(signal: AbortSignal): Promise<PointLps | undefined> {
  const { promise, resolve } = Promise.withResolvers<PointLps | undefined>();
  const ended = new AbortController();
  const options = { capture: true, signal: AbortSignal.any([signal, ended.signal]) };
  const pick = (event: MouseEvent): void => {
    const view = viewsShown().find(({ element }) => element.contains(event.target as Node));
    if (!view || event.button !== 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { left, top } = view.element.getBoundingClientRect();
    resolve(view.canvasToWorld([event.clientX - left, event.clientY - top]));
  };
  document.addEventListener('mousedown', pick, options);
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && resolve(undefined), options);
  signal.addEventListener('abort', () => resolve(undefined));
  return promise.finally(() => ended.abort());
}
