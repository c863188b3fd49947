import type { LesionGroup } from '#core/domain/lesion.ts';
import { type Client, studiesOf } from '../client.ts';
import { generatePhantom, type Phantom } from '../phantom/phantom.ts';
import { writePhantomStudy } from '../phantom/study.ts';

/** A phantom patient of the demonstration. */
export interface Patient {
  readonly seed: number;
  readonly group: LesionGroup;
  /** Site at which the patient was scanned: by its place in the cast. */
  readonly site: 'A' | 'B';
}

/** A phantom patient whose study is stored. */
export interface UploadedPatient extends Patient {
  readonly phantom: Phantom;
  readonly studyInstanceUid: string;
}

/** Makes a patient and uploads the study by STOW-RS, files of all series mixed as from an export. */
export async function uploadPatient(
  client: Client,
  siteId: string,
  patient: Patient,
  sizePixels: number,
): Promise<UploadedPatient> {
  const phantom = generatePhantom({ seed: patient.seed, size: sizePixels, group: patient.group });
  async function* files(): AsyncGenerator<Uint8Array> {
    for await (const { bytes } of writePhantomStudy(phantom)) yield bytes;
  }
  const { status, answer } = await client.store(`/sites/${siteId}/studies`, files());
  const [studyInstanceUid, ...others] = studiesOf(answer);
  if (status !== 200 || !studyInstanceUid || others.length > 0)
    throw new Error(`STOW-RS answered ${status}: ${JSON.stringify(answer).slice(0, 500)}`);
  return { ...patient, phantom, studyInstanceUid };
}
