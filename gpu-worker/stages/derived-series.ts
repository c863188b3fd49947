import { type DicomJson, toDicomJson } from '#core/dicom/dicom-json.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import type { SeriesParameters } from '#core/dicom/sequence-role.ts';
import { keyedUid } from '#core/dicom/uid.ts';
import { writeMr } from '#core/dicom/write-mr.ts';
import type { Volume } from '#core/domain/geometry.ts';
import type { PreparationId, StudyId } from '#core/domain/ids.ts';
import { type Sequence, sequences } from '#core/domain/sequence.ts';
import { objectIdentity } from '#core/reading/object-identity.ts';
import { readBravoSource, readSource } from '#core/reading/source-store.ts';
import type { JobContext } from '../jobs/stage.ts';
import type { PreparedStudy } from '../volume/prepare.ts';
import { contributingSlices } from '../volume/resample.ts';
import { type DerivedFrom, readDerivedFrom } from './derived-series-store.ts';
import { storeObject } from './store-object.ts';

/** Derived series follow the acquired ones in lists. */
const firstSeriesNumber = 5000;
/** Files written at once. */
const atOnce = 16;

/** A co-registered copy whose files are stored and whose rows are not yet written. */
export interface StoredDerivedSeries {
  readonly from: DerivedFrom;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: number;
  readonly description: string;
  readonly frameOfReferenceUid: string;
  readonly instances: readonly StoredDerivedInstance[];
}

export interface StoredDerivedInstance {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly instanceNumber: number;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly metadata: DicomJson;
}

/**
 * Stores the co-registered copies as DICOM series on the BRAVO grid, which viewers show side by side with BRAVO itself. UIDs follow
 * from the preparation and the source, so that a repeat makes the same series.
 */
export async function storeDerivedSeries(
  context: JobContext,
  given: {
    studyId: StudyId;
    preparationId: PreparationId;
    prepared: Pick<PreparedStudy, 'coRegistered' | 'registrations' | 'nativeGrid'>;
    /** As they were acquired. */
    acquired: Readonly<Partial<Record<Sequence, Pick<Volume, 'grid'>>>>;
  },
): Promise<StoredDerivedSeries[]> {
  const { studyId, preparationId, prepared, acquired } = given;
  const bravo = await context.read((db) => readBravoSource(db, studyId));
  const stored: StoredDerivedSeries[] = [];
  for (const [index, role] of sequences.entries()) {
    const volume = prepared.coRegistered[role];
    if (role === 'BRAVO' || !volume) continue;
    const source = await context.read((db) => readSource(db, studyId, role));
    const from = await context.read((db) => readDerivedFrom(db, studyId, role));
    const seriesInstanceUid = keyedUid(Buffer.from(preparationId), `${source.seriesInstanceUid} on BRAVO`);
    const which = { seriesInstanceUid, seriesNumber: firstSeriesNumber + index, seriesDescription: `${role} on BRAVO` };
    const files = writeMr({
      volume,
      source,
      sourceSlices: contributingSlices(
        acquired[role]!.grid,
        prepared.nativeGrid,
        prepared.registrations.find(({ sequence }) => sequence === role)!.matrix,
      ),
      frameOfReferenceUid: bravo.frameOfReferenceUid,
      identity: objectIdentity({ ...which, sopInstanceUid: seriesInstanceUid }),
      derivation: 'Rigidly registered to BRAVO and resampled',
      parameters: from.parameters as unknown as SeriesParameters,
    });
    stored.push({
      from,
      seriesInstanceUid,
      seriesNumber: which.seriesNumber,
      description: which.seriesDescription,
      frameOfReferenceUid: bravo.frameOfReferenceUid,
      instances: await storeFiles(context, files),
    });
  }
  return stored;
}

async function storeFiles(
  { objects, tenantId }: JobContext,
  files: readonly Uint8Array[],
): Promise<StoredDerivedInstance[]> {
  const stored: StoredDerivedInstance[] = [];
  for (let n = 0; n < files.length; n += atOnce) {
    const batch = files.slice(n, n + atOnce).map(async (bytes, index): Promise<StoredDerivedInstance> => {
      const { dataset, transferSyntaxUid } = parsePart10(bytes);
      return {
        sopInstanceUid: dataset.requireText('SOPInstanceUID'),
        sopClassUid: dataset.requireText('SOPClassUID'),
        transferSyntaxUid,
        instanceNumber: n + index + 1,
        sha256: await storeObject(objects, tenantId, bytes),
        sizeBytes: bytes.length,
        metadata: toDicomJson(dataset),
      };
    });
    stored.push(...(await Promise.all(batch)));
  }
  return stored;
}
