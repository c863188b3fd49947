import { DicomError } from '../dicom-error.ts';
import type { CleanStream, StreamInfo } from './jpeg-stream.ts';

/** Markers of ISO/IEC 15444-1 table A.2 and 15444-15. */
const marker = {
  soc: 0xff4f,
  cap: 0xff50,
  siz: 0xff51,
  cod: 0xff52,
  coc: 0xff53,
  com: 0xff64,
  sot: 0xff90,
  sod: 0xff93,
  eoc: 0xffd9,
};
const maxTiles = 4096;
const malformed = (what: string): DicomError => new DicomError('MALFORMED', `A JPEG 2000 stream ${what}.`);

/**
 * Walks a JPEG 2000 code stream (ISO/IEC 15444-1 annex A), high-throughput or not: checks that its transformation is reversible, that
 * its tile-parts lie within it and that it ends with EOC, fills comments with zeros and cuts off what follows the end. Lengths stay, so
 * that pointers within the stream hold.
 * @throws DicomError MALFORMED, TRUNCATED, UNSUPPORTED for more than one component, UNSUPPORTED_TRANSFER_SYNTAX for a lossy stream
 */
export function cleanJpeg2000(source: Uint8Array, kind: 'JPEG_2000' | 'HTJ2K'): CleanStream {
  const walk = new Walk(Uint8Array.from(source));
  const { info, highThroughput } = walk.mainHeader();
  if (highThroughput !== (kind === 'HTJ2K'))
    throw new DicomError(
      'UNSUPPORTED_TRANSFER_SYNTAX',
      `A JPEG 2000 stream is ${highThroughput ? '' : 'not '}of the high-throughput kind, against its transfer syntax.`,
    );
  return { ...info, bytes: walk.tileParts() };
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 2;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
    if (bytes.length < 4 || this.#view.getUint16(0) !== marker.soc)
      throw malformed('does not begin with its marker FF4F: files in boxes (JP2) are not read');
  }

  mainHeader(): { info: StreamInfo; highThroughput: boolean } {
    let info: StreamInfo | undefined;
    let [highThroughput, coded] = [false, false];
    while (this.#marker() !== marker.sot) {
      const { code, body } = this.#segment();
      if (code === marker.siz) info = sizeOf(body);
      else if (code === marker.cap) highThroughput = true;
      else if (code === marker.cod) coded = true;
    }
    if (!info || !coded) throw malformed('lacks its size or its coding style');
    return { info, highThroughput };
  }

  /** Walks the tile-parts to the end of the stream. @returns all up to the end */
  tileParts(): Uint8Array {
    while (this.#marker() !== marker.eoc) {
      const start = this.#at;
      const { code, body } = this.#segment();
      if (code !== marker.sot || body.length !== 8)
        throw malformed(`has no tile where one should start, at byte ${start}`);
      const stated = new DataView(body.buffer, body.byteOffset).getUint32(2);
      while (this.#marker() !== marker.sod) this.#segment();
      this.#at += 2;
      // Zero: the last one, up to the end of the stream.
      const end = stated === 0 ? this.#lastEnd() : start + stated;
      if (end < this.#at || end + 2 > this.#bytes.length)
        throw new DicomError('TRUNCATED', 'A JPEG 2000 stream ends inside a tile.');
      this.#at = end;
    }
    return this.#bytes.subarray(0, this.#at + 2);
  }

  #lastEnd(): number {
    for (let at = this.#bytes.length - 2; at >= this.#at; at--)
      if (this.#bytes[at] === 0xff && this.#bytes[at + 1] === 0xd9) return at;
    throw new DicomError('TRUNCATED', 'A JPEG 2000 stream ends before its marker FFD9.');
  }

  #marker(): number {
    if (this.#at + 2 > this.#bytes.length)
      throw new DicomError('TRUNCATED', 'A JPEG 2000 stream ends before its marker FFD9.');
    const code = this.#view.getUint16(this.#at);
    if (code >>> 8 !== 0xff) throw malformed(`holds data where a marker should stand, at byte ${this.#at}`);
    return code;
  }

  #segment(): { code: number; body: Uint8Array } {
    const code = this.#marker();
    const length = this.#at + 4 <= this.#bytes.length ? this.#view.getUint16(this.#at + 2) : 0;
    const end = this.#at + 2 + length;
    if (length < 2 || end > this.#bytes.length) throw malformed(`has a segment of a wrong length at byte ${this.#at}`);
    const body = this.#bytes.subarray(this.#at + 4, end);
    // Scod, four bytes of SGcod and four of SPcod stand before the transformation; in COC the component and Scoc.
    if (code === marker.cod) requireReversible(body[9]);
    if (code === marker.coc) requireReversible(body[6]);
    if (code === marker.com) body.fill(0);
    this.#at = end;
    return { code, body };
  }
}

function requireReversible(transformation: number | undefined): void {
  if (transformation !== 1)
    throw new DicomError(
      'UNSUPPORTED_TRANSFER_SYNTAX',
      'A JPEG 2000 stream is lossy: its transformation is irreversible.',
    );
}

function sizeOf(body: Uint8Array): StreamInfo {
  if (body.length < 37) throw malformed('has a size segment that is too short');
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const word = (n: number): number => view.getUint32(2 + 4 * n);
  const [width, height] = [word(0) - word(2), word(1) - word(3)];
  const [tileWidth, tileHeight] = [word(4), word(5)];
  const components = view.getUint16(34);
  if (components !== 1 || body[37] !== 1 || body[38] !== 1)
    throw new DicomError('UNSUPPORTED', 'A JPEG 2000 stream has several components, or one on a coarser grid.');
  if (!(tileWidth > 0 && tileHeight > 0) || Math.ceil(word(0) / tileWidth) * Math.ceil(word(1) / tileHeight) > maxTiles)
    throw new DicomError('OUT_OF_BOUNDS', `A JPEG 2000 stream has more than ${maxTiles} tiles.`);
  return { rows: height, columns: width, components, precision: (body[36]! & 0x7f) + 1 };
}
