import { createHash } from 'node:crypto';
import { keyedUid } from '#core/dicom/uid.ts';
import { writeMr } from '#core/dicom/write-mr.ts';
import { sameGrid } from '#core/domain/geometry.ts';
import type { SeriesRole } from '#core/domain/sequence.ts';
import { version } from '#core/version.ts';
import type { ImportCase, ImportSeries } from './read-case.ts';

export interface SeriesFiles {
  readonly role: SeriesRole;
  /** One a slice. */
  readonly files: readonly Uint8Array[];
}

/**
 * A case as classic MR series. UIDs follow from the content, so that the same case gives the same files wherever and whenever it is
 * read: sending it again is harmless. Series that are DICOM already stay as they are. Nothing is said that a data set does not tell: no dates, no parameters of acquisition.
 */
export function caseFiles({ subject, name, series }: ImportCase): SeriesFiles[] {
  const contents = series.map(contentOf);
  const study = uidOf('study', subject, name, ...contents);
  const bravo = series.find(({ role }) => role === 'BRAVO')!.volume.grid;
  return series.map(({ role, description, volume, files: stored }, n) => {
    if (stored) return { role, files: stored };
    const seriesInstanceUid = uidOf('series', study, role, contents[n]!);
    // Series on one grid were registered by whoever made the data set.
    const frameOfReferenceUid = uidOf('frame', study, sameGrid(volume.grid, bravo) ? '' : seriesInstanceUid);
    const parameters = { seriesInstanceUid, imageType: [], scanningSequence: [], sequenceVariant: [], scanOptions: [] };
    const files = writeMr({
      volume,
      frameOfReferenceUid,
      source: {
        ...{ studyInstanceUid: study, seriesInstanceUid, frameOfReferenceUid, sopInstanceUids: [] },
        ...{ patient: { id: subject }, study: { description: 'Imported' } },
      },
      identity: {
        ...{ seriesInstanceUid, seriesNumber: n + 1, seriesDescription: description },
        ...{ contentDate: '', contentTime: '', softwareVersion: `Metloop ${version}` },
      },
      parameters: { ...parameters, instanceCount: volume.grid.size[2] },
      derivation: 'Converted from a data set',
    });
    return { role, files };
  });
}

const key = Buffer.from('metloop import');
const uidOf = (...parts: readonly string[]): string => keyedUid(key, parts.join('\0'));

function contentOf({ role, volume: { grid, data } }: ImportSeries): string {
  const hash = createHash('sha256').update(JSON.stringify([role, grid.size, grid.indexToLps]));
  return hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).digest('hex');
}
