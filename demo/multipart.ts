import { randomUUID } from 'node:crypto';

/** A multipart/related body of DICOM files, as any client would send it. */
export function relatedBody(files: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): {
  contentType: string;
  body: AsyncIterable<Uint8Array>;
} {
  const boundary = `demo-${randomUUID()}`;
  async function* encode(): AsyncGenerator<Uint8Array> {
    for await (const file of files) {
      yield Buffer.from(`\r\n--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
      yield file;
    }
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }
  return { contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`, body: encode() };
}

/** The parts of a multipart/related answer that is whole in memory. */
export function relatedParts(bytes: Uint8Array, contentType: string): Uint8Array[] {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1];
  if (!boundary) throw new Error(`"${contentType}" names no boundary`);
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Uint8Array[] = [];
  for (let at = data.indexOf(delimiter); ; ) {
    const begin = data.indexOf('\r\n\r\n', at);
    const next = data.indexOf(delimiter, at + delimiter.length);
    if (begin < 0 || next < 0) return parts;
    parts.push(Uint8Array.from(data.subarray(begin + 4, next - 2)));
    at = next;
  }
}
