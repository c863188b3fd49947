import { createHash, createHmac } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { toDicomJson } from '#core/dicom/dicom-json.ts';
import { headerOf } from '#core/dicom/header.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { deidentify } from '../deidentify/deidentify.ts';
import type { IntakeAnswer, IntakeWork, SentUids } from './intake.ts';

/** Far above what the largest enhanced MR in use takes. */
const maxMetadataCharacters = 64 * 2 ** 20;

// The program of the threads that intake.ts starts.
parentPort?.on('message', (work: IntakeWork) => {
  const answer = answerTo(work);
  // The bytes leave with the answer; their buffer is the file's own.
  const own = 'image' in answer ? [answer.image.clean.bytes.buffer as ArrayBuffer] : [];
  parentPort?.postMessage(answer, own);
});

function answerTo(work: IntakeWork): IntakeAnswer {
  try {
    return work.kind === 'image' ? imageOf(work) : labelOf(work.bytes);
  } catch (error) {
    if (error instanceof DicomError)
      return { refusal: { code: error.code, message: error.message, sent: sentUids(work.bytes) } };
    // The text of such an error might quote the file.
    return { failure: error instanceof Error ? error.name : 'a value that is no error was thrown' };
  }
}

function imageOf({ bytes, options }: Extract<IntakeWork, { kind: 'image' }>): IntakeAnswer {
  const clean = deidentify(bytes, options);
  return {
    image: {
      clean,
      sha256: createHash('sha256').update(clean.bytes).digest('hex'),
      sourceHash: createHmac('sha256', options.tenantKey).update(bytes).digest('hex'),
      metadata: metadataOf(clean.bytes),
    },
  };
}

/** Of the bytes that are stored: what cannot be read back is not accepted. As text, which costs the server nothing to hand on. */
function metadataOf(stored: Uint8Array): string {
  const json = JSON.stringify(toDicomJson(parsePart10(stored).dataset));
  if (json.length > maxMetadataCharacters)
    throw new DicomError('OUT_OF_BOUNDS', `The header takes more than ${maxMetadataCharacters} characters as JSON.`);
  return json;
}

function labelOf(bytes: Uint8Array): IntakeAnswer {
  const { dataset, transferSyntaxUid } = parsePart10(bytes);
  return {
    label: {
      header: headerOf(dataset, transferSyntaxUid),
      patientName: dataset.text('PatientName'),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes,
    },
  };
}

/** So that the sender knows which file was meant. */
function sentUids(bytes: Uint8Array): SentUids | undefined {
  try {
    const { dataset } = parsePart10(bytes);
    return { sopClassUid: dataset.requireText('SOPClassUID'), sopInstanceUid: dataset.requireText('SOPInstanceUID') };
  } catch {
    return undefined;
  }
}
