/** From compressed files comes what comes from uncompressed ones. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test, { after, before } from 'node:test';
import { serviceScope } from '#core/db/database.ts';
import { Dataset } from '#core/dicom/dataset.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { pixelLayout } from '#core/dicom/pixel-layout.ts';
import { encapsulate } from '#core/dicom/pixels/encapsulated.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { type Intake, startIntake } from './harness/intake.ts';

interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}
const require = createRequire(import.meta.url);
const codec = (await require('@cornerstonejs/codec-openjph/wasmjs')({ print() {} })) as {
  HTJ2KEncoder: new () => Encoder;
};
const htj2k = '1.2.840.10008.1.2.4.201';

const phantom = generatePhantom({ seed: 57, size: 48 });
let intake: Intake;
before(async () => {
  intake = await startIntake();
});
after(() => intake?.stop());

/** The file with its one frame in HTJ2K, reversibly. */
function compressed(file: Uint8Array): Uint8Array {
  const { dataset } = parsePart10(file);
  const { rows: height, columns: width, signed: isSigned, bitsAllocated: bitsPerSample } = pixelLayout(dataset);
  const encoder = new codec.HTJ2KEncoder();
  const frame = { width, height, bitsPerSample, componentCount: 1, isSigned, isUsingColorTransform: false };
  encoder.getDecodedBuffer(frame).set(dataset.bytes('PixelData')!.subarray(0, 2 * width * height));
  encoder.encode();
  const pixels = encapsulate(0x7fe00010, [Uint8Array.from(encoder.getEncodedBuffer())]);
  encoder.delete();
  return writePart10(new Dataset([...dataset.elements.values(), pixels]), htj2k);
}

test('a study in HTJ2K is recognized and prepared as the same one uncompressed, and takes less room', async () => {
  const prepared: object[] = [];
  const bytes: number[] = [];
  for (const form of [(file: Uint8Array) => file, compressed]) {
    const files: Uint8Array[] = [];
    for await (const one of writePhantomStudy(phantom, { label: form.name })) files.push(form(one.bytes));
    bytes.push(files.reduce((sum, { length }) => sum + length, 0));
    const { status, uids } = await intake.store(files);
    assert.equal(status, 200);
    const { series, preparation } = await intake.prepare(uids[0]!);
    const roles = (series as { role: string }[]).map(({ role }) => role).sort();
    const row = await intake.api.services.database.inTenant(serviceScope(intake.tenantId), (db) =>
      db
        .selectFrom('preparation')
        .select(['prepared_sha256', 'bravo_grid', 'state'])
        .orderBy('created_at', 'desc')
        .executeTakeFirstOrThrow(),
    );
    assert.ok(row.prepared_sha256, JSON.stringify(preparation));
    prepared.push({ roles, row });
  }
  assert.deepEqual(prepared[1], prepared[0]);
  assert.ok(bytes[1]! < 0.9 * bytes[0]!, `${bytes}`);
});
