import { version } from '#core/version.ts';
import type { SentFile } from './archive.ts';
import type { ExportedDataset, ExportedStudy, ExportFile, ExportFormat } from './contents.ts';
import { jsonFile } from './text-files.ts';

/** manifest.json: the dataset by the hash of its own manifest, and the hash of every other file of the archive. */
export const archiveManifest = (of: {
  readonly dataset: ExportedDataset;
  readonly format: ExportFormat;
  readonly files: readonly SentFile[];
  readonly leftOut: readonly ExportedStudy[];
}): ExportFile =>
  jsonFile('manifest.json', {
    schemaVersion: 1,
    dataset: {
      id: of.dataset.id,
      name: of.dataset.name,
      manifestSha256: of.dataset.manifestSha256,
      frozenAt: of.dataset.frozenAt.toISOString(),
    },
    format: of.format,
    software: `Metloop ${version}`,
    leftOut: of.leftOut.map(({ studyId, subject, session }) => ({
      studyId,
      subject,
      session,
      reason: 'Its files are gone, as of a study that was withdrawn.',
    })),
    files: of.files,
  });
