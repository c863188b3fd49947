import assert from 'node:assert/strict';
import test from 'node:test';
import { ZipFile } from 'yazl';
import { defaultZipLimits, dicomFilesOf, ZipError, type ZipErrorCode, type ZipLimits } from './zip.ts';

/** What passes for a DICOM file here: the archive's reader looks at no more. */
const dicom = (text: string): Buffer => Buffer.concat([Buffer.alloc(128), Buffer.from(`DICM${text}`)]);

async function archiveOf(entries: Readonly<Record<string, Buffer>>, options: { mode?: number } = {}): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(entries)) zip.addBuffer(bytes, name, { mode: options.mode ?? 0o100644 });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function read(archive: Buffer, limits?: Partial<ZipLimits>): Promise<string[]> {
  const files: string[] = [];
  for await (const file of dicomFilesOf(archive, { ...defaultZipLimits, ...limits })) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file) chunks.push(chunk);
    files.push(Buffer.concat(chunks).toString('latin1', 132));
  }
  return files;
}
const refused = (code: ZipErrorCode) => (error: unknown) =>
  error instanceof ZipError && error.code === code && /^[A-Z].*\.$/.test(error.message);

test('DICOM files are given in order, whatever they are called; the rest is passed over', async () => {
  const archive = await archiveOf({
    'A/IM1': dicom('one'), 'readme.txt': Buffer.alloc(500, 'x'), 'A/.hidden': dicom('h'), DICOMDIR: dicom('index'), 'a/dicomdir': dicom('i'),
    '__MACOSX/A/IM1': dicom('m'), short: Buffer.from('DICM'), 'A/ünïcode.dcm': dicom('two'), large: dicom('x'.repeat(300_000)),
  }); // biome-ignore format: a table
  assert.deepEqual(await read(archive), ['one', 'two', 'x'.repeat(300_000)]);
  assert.deepEqual(await read(await archiveOf({ stored: dicom('abc') })), ['abc']);
});

test('what is no archive, an empty one, and one without images are told apart', async () => {
  await assert.rejects(read(Buffer.from('no archive at all, but a text')), refused('NOT_ZIP'));
  await assert.rejects(read(Buffer.alloc(0)), refused('NOT_ZIP'));
  await assert.rejects(read(await archiveOf({})), refused('EMPTY'));
  await assert.rejects(read(await archiveOf({ 'a.txt': Buffer.alloc(1000) })), refused('EMPTY'));
  await assert.rejects(read(await archiveOf({ link: dicom('target') }, { mode: 0o120777 })), refused('EMPTY'));
});

test('bombs are refused by what the directory says, before anything is opened', async () => {
  const zeros = await archiveOf({ bomb: Buffer.concat([dicom(''), Buffer.alloc(70 * 2 ** 20)]) });
  assert.ok(zeros.length < 200_000);
  await assert.rejects(read(zeros), refused('OUT_OF_BOUNDS'));
  const many = await archiveOf(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, dicom(`${n}`)])));
  await assert.rejects(read(many, { maxEntries: 49 }), refused('OUT_OF_BOUNDS'));
  await assert.rejects(read(many, { maxEntryBytes: 100 }), refused('OUT_OF_BOUNDS'));
  // Fifty entries of the directory that all point at the first one's bytes.
  const noise = Buffer.from(Array.from({ length: 20_000 }, (_, n) => (n * 7919) >>> (n % 7)));
  const overlapping = await archiveOf({ a: dicom(noise.toString('latin1')), b: dicom('b') });
  const size = overlapping.readUInt32LE(overlapping.indexOf('PK\x01\x02') + 20);
  const second = overlapping.indexOf('PK\x01\x02', overlapping.indexOf('PK\x01\x02') + 4);
  overlapping.writeUInt32LE(size, second + 20);
  overlapping.writeUInt32LE(0, second + 42);
  await assert.rejects(read(overlapping), refused('OUT_OF_BOUNDS'));
});

test('an entry that is longer than it says, or whose bytes are spoiled, is refused as damaged', async () => {
  const text = Array.from({ length: 200 }, (_, n) => String((n * 7919) % 1009)).join(' ');
  const archive = await archiveOf({ a: dicom(text) });
  const lying = Buffer.from(archive);
  lying.writeUInt32LE(300, lying.indexOf('PK\x01\x02') + 24);
  await assert.rejects(read(lying), refused('DAMAGED'));
  let spoiled = 0;
  for (let at = 40; at < archive.indexOf('PK\x01\x02') - 20; at++) {
    const copy = Buffer.from(archive);
    copy[at]! ^= 0x10;
    await read(copy).then(
      (files) => assert.deepEqual(files, [text], 'a byte that means nothing'),
      (error) => {
        spoiled++;
        assert.ok(error instanceof ZipError, `${error}`);
      },
    );
  }
  assert.ok(spoiled > 100);
});

test('paths that lead out of the archive and passwords are refused', async () => {
  const archive = await archiveOf({ 'aa/bb/etc': dicom('x') });
  const outside = Buffer.from(archive.toString('latin1').replaceAll('aa/bb/etc', '../../etc'), 'latin1');
  await assert.rejects(read(outside), refused('DAMAGED'));
  const absolute = Buffer.from(archive.toString('latin1').replaceAll('aa/bb/etc', '/root/etc'), 'latin1');
  await assert.rejects(read(absolute), refused('DAMAGED'));
  const locked = Buffer.from(archive);
  locked.writeUInt16LE(locked.readUInt16LE(locked.indexOf('PK\x01\x02') + 8) | 1, locked.indexOf('PK\x01\x02') + 8);
  await assert.rejects(read(locked), refused('ENCRYPTED'));
});
