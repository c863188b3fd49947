import assert from 'node:assert/strict';
import test from 'node:test';
import {
  defaultMultipartLimits,
  MultipartError,
  type MultipartErrorCode,
  relatedBody,
  relatedParts,
} from './multipart.ts';

type Part = { headers: Record<string, string>; body: string };

async function* chunks(body: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

async function* split(body: Buffer, at: number): AsyncGenerator<Uint8Array> {
  yield body.subarray(0, at);
  yield body.subarray(at);
}

async function read(stream: AsyncIterable<Uint8Array>, contentType: string, limits = {}): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const { headers, body } of relatedParts(stream, contentType, { ...defaultMultipartLimits, ...limits })) {
    const bytes: Uint8Array[] = [];
    for await (const chunk of body) bytes.push(chunk);
    parts.push({ headers: Object.fromEntries(headers), body: Buffer.concat(bytes).toString('latin1') });
  }
  return parts;
}

function refusal(code: MultipartErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof MultipartError && error.code === code;
}

const type = 'multipart/related; type="application/dicom"; boundary=B0';
// The first body is full of near boundaries, the second is empty.
const tricky = '\r\n--B\r\n--B1\r\n--B0x\r\n\r\n--B0 \t.\r--B0\n--B0--\r\n';
const whole = Buffer.from(
  `preamble --B0\r\n--B0 \t\r\nContent-Type: application/dicom\r\nX-Long: a\r\n b\r\n\r\n${tricky}\r\n--B0\r\n\r\n\r\n--B0--\r\nepilogue\r\n--B0\r\n`,
  'latin1',
);
const expected: Part[] = [
  { headers: { 'content-type': 'application/dicom', 'x-long': 'a b' }, body: tricky },
  { headers: {}, body: '' },
];

test('the same parts come out wherever the stream is split', async () => {
  for (let at = 0; at <= whole.length; at++)
    assert.deepEqual(await read(split(whole, at), type), expected, `split at ${at}`);
  for (const size of [1, 2, 3, 7])
    assert.deepEqual(await read(chunks(whole, size), type), expected, `chunks of ${size}`);
});

test('a body truncated anywhere before its closing boundary is refused', async () => {
  const closing = whole.indexOf('--B0--\r\nepilogue') + 6;
  for (let end = 0; end < closing; end++)
    await assert.rejects(read(chunks(whole.subarray(0, end), 16), type), refusal('TRUNCATED'), `cut at ${end}`);
  assert.deepEqual(await read(chunks(whole.subarray(0, closing), 16), type), expected);
});

test('boundaries: quoted, escaped, in any case and order; refused if absent or ill-formed', async () => {
  const body = Buffer.from('--a b:=?\r\n\r\nx\r\n--a b:=?--');
  for (const contentType of [
    'multipart/related; boundary="a b:=?"',
    'Multipart/Related;BOUNDARY="a b:=?";type="application/dicom; boundary=no"',
    'multipart/related; type="x; boundary=no"; boundary="a\\ b:=?"',
  ])
    assert.deepEqual(await read(chunks(body, 5), contentType), [{ headers: {}, body: 'x' }]);
  // Two UUIDs and a dash, longer than RFC 2046 admits, as Orthanc sends it.
  const long = `${'0a3d8109-841e-48cb-8d4b-d2871d88aade'}-${'0a3d8109-841e-48cb-8d4b-d2871d88aade'}`;
  const longBody = Buffer.from(`--${long}\r\n\r\nx\r\n--${long}--`);
  assert.equal((await read(chunks(longBody, 5), `multipart/related; boundary=${long}`)).length, 1);
  for (const contentType of [
    'multipart/form-data; boundary=x',
    'multipart/related',
    'multipart/related; boundary=""',
    `multipart/related; boundary=${'x'.repeat(201)}`,
    'multipart/related; boundary="a\r\nb"',
    '',
  ])
    await assert.rejects(read(chunks(body, 5), contentType), refusal('NOT_MULTIPART'), contentType);
});

test('a closing boundary alone is a body without parts', async () => {
  assert.deepEqual(await read(chunks(Buffer.from('--B0--'), 2), type), []);
});

test('limits on headers, preamble, count and size of parts', async () => {
  const long = Buffer.from(`--B0\r\nA: ${'x'.repeat(200)}\r\n\r\nbody\r\n--B0--`);
  await assert.rejects(read(chunks(long, 9), type, { maxHeaderBytes: 100 }), refusal('HEADERS_TOO_LONG'));
  await assert.rejects(read(chunks(long, 1e6), type, { maxHeaderBytes: 100 }), refusal('HEADERS_TOO_LONG'));
  const bad = Buffer.from('--B0\r\nno colon\r\n\r\nbody\r\n--B0--');
  await assert.rejects(read(chunks(bad, 9), type), refusal('MALFORMED'));
  await assert.rejects(read(chunks(Buffer.alloc(100_000, 'x'), 5000), type), refusal('PREAMBLE_TOO_LONG'));
  await assert.rejects(read(chunks(whole, 50), type, { maxParts: 1 }), refusal('TOO_MANY_PARTS'));
  await assert.rejects(read(chunks(whole, 50), type, { maxPartBytes: tricky.length - 1 }), refusal('PART_TOO_LARGE'));
  assert.deepEqual(await read(chunks(whole, 50), type, { maxPartBytes: tricky.length }), expected);
});

test('unread and half-read bodies are skipped, and the source is released when reading stops', async () => {
  const seen: string[] = [];
  for await (const { headers, body } of relatedParts(chunks(whole, 4), type)) {
    seen.push(headers.get('content-type') ?? 'none');
    for await (const _ of body) break;
  }
  assert.deepEqual(seen, ['application/dicom', 'none']);
  let released = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks(whole, 4);
    } finally {
      released = true;
    }
  }
  for await (const _ of relatedParts(source(), type)) break;
  assert.equal(released, true);
});

test('what the writer writes, the parser reads', async () => {
  const bytes = Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 31) % 256));
  const { contentType, body } = relatedBody(
    [
      { headers: { 'Content-Type': 'application/dicom' }, body: bytes },
      { headers: { 'Content-Type': 'application/octet-stream' }, body: chunks(bytes, 999) },
    ],
    'application/dicom',
  );
  const parts = await read(body, contentType);
  assert.deepEqual(
    parts.map((part) => part.headers['content-type']),
    ['application/dicom', 'application/octet-stream'],
  );
  for (const part of parts) assert.equal(part.body, bytes.toString('latin1'));
  await assert.rejects(
    read(relatedBody([{ headers: { A: 'x\r\nB: y' }, body: bytes }], 'x/y').body, contentType),
    TypeError,
  );
});

test('400 MB pass in bounded memory', async () => {
  const chunk = Buffer.alloc(1 << 16, '\r\n--');
  async function* large(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('--B0\r\n\r\n');
    for (let n = 0; n < 6400; n++) yield chunk;
    yield Buffer.from('\r\n--B0--');
  }
  const before = process.memoryUsage().rss;
  let total = 0;
  for await (const { body } of relatedParts(large(), type)) for await (const bytes of body) total += bytes.length;
  assert.equal(total, 6400 * chunk.length);
  const growth = process.memoryUsage().rss - before;
  assert.ok(growth < 200 * 2 ** 20, `memory grew by ${growth} bytes`);
});
