import { type Grid, invertAffine, type Matrix4, type PointLps, transformPoint } from '#core/domain/geometry.ts';
import { SignedOut } from '../../app/api/graphql.ts';
import { type Cut, colour } from './map-colours.ts';
import type { Viewport } from './ohif.ts';

/** A version's probability of metastasis on BRAVO's grid, 255 for 1. */
export interface ProbabilityMap {
  readonly grid: Grid;
  readonly lpsToIndex: Matrix4;
  readonly bytes: Uint8Array;
}

/** @param path below /dicomweb @throws SignedOut, Error */
export async function fetchMap(path: string): Promise<ProbabilityMap> {
  const response = await fetch(`/dicomweb${path}`, { headers: { 'metloop-csrf': '1' } });
  if (response.status === 401) throw new SignedOut();
  const given = response.headers.get('metloop-grid');
  if (!response.ok || !given)
    throw new Error(`The probability map could not be fetched: the service answered ${response.status}.`);
  const grid = JSON.parse(given) as Grid;
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { grid, lpsToIndex: invertAffine(grid.indexToLps), bytes };
}

function cutOf({ lpsToIndex }: ProbabilityMap, view: Viewport): Cut {
  // Steps of 100 pixels, since one may be less than the view's own rounding.
  const index = (x: number, y: number): PointLps => transformPoint(lpsToIndex, view.canvasToWorld([x, y]));
  const at = index(0, 0);
  const step = (to: PointLps): PointLps => [(to[0] - at[0]) / 100, (to[1] - at[1]) / 100, (to[2] - at[2]) / 100];
  return { at, right: step(index(100, 0)), down: step(index(0, 100)) };
}

/**
 * Lays the map over a view in any plane, as far as it reaches the threshold (1 to 255).
 * @returns how many pixels were coloured
 */
export function paintMap(
  map: ProbabilityMap,
  threshold: number,
  context: CanvasRenderingContext2D,
  view: Viewport,
  [width, height]: readonly [number, number],
): number {
  const picture = new ImageData(width, height);
  const coloured = colour(map, cutOf(map, view), threshold, picture);
  const layer = new OffscreenCanvas(width, height);
  layer.getContext('2d')?.putImageData(picture, 0, 0);
  context.drawImage(layer, 0, 0);
  return coloured;
}
