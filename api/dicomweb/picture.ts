import { encode } from 'fast-png';
import type { Dataset } from '#core/dicom/dataset.ts';
import { DomainError } from '#core/domain/errors.ts';

/** Grey values of one frame, real-world where a rescale is given. */
export interface GreyFrame {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
  /** True if small values are bright (MONOCHROME1). */
  readonly inverted: boolean;
  readonly window: Window | undefined;
}

/** How values become grey (PS3.3 section C.11.2.1.2). */
export interface Window {
  readonly centre: number;
  readonly width: number;
  readonly shape: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
}

/** Where a picture is put: its greatest size, and the part of the frame that it shows; undefined for all. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
  readonly source?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

const maxEdge = 4096;

/** @param number from 1 @throws DomainError NOT_FOUND for what is no grey picture */
export function greyFrame(dataset: Dataset, bytes: Uint8Array, number: number): GreyFrame {
  const [rows, columns, bits] = ['Rows', 'Columns', 'BitsAllocated'].map((name) => dataset.requireNumber(name)) as [
    number,
    number,
    number,
  ];
  if ((dataset.number('SamplesPerPixel') ?? 1) !== 1 || rows > maxEdge || columns > maxEdge)
    throw new DomainError('NOT_FOUND', `Only grey pictures of at most ${maxEdge} pixels an edge are rendered.`);
  const [shared] = dataset.items('SharedFunctionalGroupsSequence');
  const own = dataset.items('PerFrameFunctionalGroupsSequence')[number - 1];
  const group = (name: string): Dataset => own?.items(name)[0] ?? shared?.items(name)[0] ?? dataset;
  const rescale = group('PixelValueTransformationSequence');
  const [slope, intercept] = [rescale.number('RescaleSlope') ?? 1, rescale.number('RescaleIntercept') ?? 0];
  const stored = storedValue(bytes, bits, dataset);
  const values = Float32Array.from({ length: rows * columns }, (_, n) => stored(n) * slope + intercept);
  const voi = group('FrameVOILUTSequence');
  const [centre, width] = [voi.number('WindowCenter'), voi.number('WindowWidth')];
  const window =
    centre === undefined || width === undefined || width <= 0
      ? undefined
      : { centre, width, shape: shapeOf(voi.text('VOILUTFunction')) };
  return { rows, columns, values, window, inverted: dataset.text('PhotometricInterpretation') === 'MONOCHROME1' };
}

function storedValue(bytes: Uint8Array, bits: number, dataset: Dataset): (n: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const signed = dataset.number('PixelRepresentation') === 1;
  if (bits === 1) return (n) => (bytes[n >> 3]! >> (n & 7)) & 1;
  if (bits === 8) return signed ? (n) => view.getInt8(n) : (n) => bytes[n]!;
  if (bits === 16) return signed ? (n) => view.getInt16(2 * n, true) : (n) => view.getUint16(2 * n, true);
  if (bits === 32 && dataset.has('FloatPixelData')) return (n) => view.getFloat32(4 * n, true);
  throw new DomainError('NOT_FOUND', `Pixels of ${bits} bits are not rendered.`);
}

export function shapeOf(text: string | undefined): Window['shape'] {
  const name = (text ?? '').toUpperCase().replace('-', '_');
  return name === 'SIGMOID' || name === 'LINEAR_EXACT' ? name : 'LINEAR';
}

/** The frame as PNG of 8 bits, by the window given, else its own, else from its least to its greatest value. */
export function renderPng(
  frame: GreyFrame,
  options: { window?: Window | undefined; viewport?: Viewport | undefined } = {},
): Uint8Array {
  const window = options.window ?? frame.window ?? fullRange(frame.values);
  const { width, height, values } = fitted(frame, options.viewport);
  const grey = greyBy(window);
  const data = Uint8Array.from(values, frame.inverted ? (value) => 255 - grey(value) : grey);
  return encode({ width, height, data, channels: 1, depth: 8 });
}

function fullRange(values: Float32Array): Window {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { centre: (least + greatest) / 2, width: Math.max(greatest - least, 1e-6), shape: 'LINEAR_EXACT' };
}

/** Grey of 0 to 255 (PS3.3 sections C.11.2.1.2.1, C.11.2.1.3.1 and C.11.2.1.3.2). */
function greyBy({ centre, width, shape }: Window): (value: number) => number {
  const clamped = (part: number): number => Math.round(255 * Math.min(1, Math.max(0, part)));
  if (shape === 'SIGMOID') return (value) => clamped(1 / (1 + Math.exp((-4 * (value - centre)) / width)));
  if (shape === 'LINEAR_EXACT') return (value) => clamped((value - centre) / width + 0.5);
  if (width <= 1) return (value) => (value > centre - 0.5 ? 255 : 0);
  return (value) => clamped((value - (centre - 0.5)) / (width - 1) + 0.5);
}

/** The part of the frame that is shown, as large as the viewport admits with its shape kept: means of the pixels under each one. */
function fitted(
  frame: GreyFrame,
  viewport: Viewport | undefined,
): { width: number; height: number; values: Float32Array } {
  if (!viewport) return { width: frame.columns, height: frame.rows, values: frame.values };
  const {
    x,
    y,
    width: across,
    height: down,
  } = viewport.source ?? { x: 0, y: 0, width: frame.columns, height: frame.rows };
  const scale = Math.min(viewport.width / across, viewport.height / down);
  const [width, height] = [Math.max(1, Math.round(across * scale)), Math.max(1, Math.round(down * scale))];
  const values = new Float32Array(width * height);
  const [stepX, stepY] = [across / width, down / height];
  const end = (at: number, step: number, limit: number): [number, number] => {
    const first = Math.min(Math.floor(at * step), limit - 1);
    return [first, Math.min(limit, Math.max(first + 1, Math.floor((at + 1) * step)))];
  };
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      const [[left, right], [top, bottom]] = [end(i, stepX, across), end(j, stepY, down)];
      let sum = 0;
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) sum += frame.values[(y + row) * frame.columns + x + column]!;
      values[j * width + i] = sum / ((right - left) * (bottom - top));
    }
  return { width, height, values };
}
