import type { Contents, ExportedCase, ExportedDataset, ExportFile, Layout } from './contents.ts';
import { tableFile, textFile } from './text-files.ts';

const folderOf = ({ subject, session }: ExportedCase): string => `sub-${subject}/ses-${session}`;
/** Images in compressed transfer syntaxes shrink no more, others by half. */
const dicomFile = (path: string, bytes: Uint8Array): ExportFile => ({ path, bytes, compress: true });

/** DICOM as stored: the sequences of each study, and a SEG with one segment a lesion, which refers to BRAVO. */
export const dicomSeg: Layout = { folder: () => '', files };

async function* files(contents: Contents): AsyncGenerator<ExportFile, void, void> {
  yield readme(contents.dataset);
  const sent: ExportedCase[] = [];
  for await (const one of contents.cases()) {
    for (const { role, sha256s } of one.series)
      for (const [n, sha256] of sha256s.entries())
        yield dicomFile(`${folderOf(one)}/${role}/${numbered(n + 1)}`, await contents.stored(sha256));
    if (one.segSha256) yield dicomFile(`${folderOf(one)}/SEG/${numbered(1)}`, await contents.stored(one.segSha256));
    sent.push(one);
  }
  yield tableFile(
    'cases.tsv',
    ['folder', 'subject', 'session', 'subset', 'lesion_count', 'imported_from', 'site', 'study_instance_uid'],
    sent.map((one) => [
      ...[folderOf(one), one.subject, one.session, one.subset, one.lesionCount],
      ...[one.provenance.importedFrom, one.siteId, one.studyInstanceUid],
    ]),
  );
}

const readme = ({ name }: ExportedDataset): ExportFile =>
  textFile(
    'README.md',
    `# ${name}

De-identified MR images of patients with brain metastases as DICOM files, in one folder a sequence, and the accepted lesions as a
Segmentation (SEG) that refers to BRAVO, with one segment a lesion. A study without a SEG was accepted as free of metastases, which
\`cases.tsv\` says too (lesion_count 0): a SEG cannot be empty. \`cases.tsv\` also says on which side of the split a patient is; what is learnt
from patients of \`TRAIN\` is to be judged by those of \`TEST\` alone, and with which data set a label came that nobody here has read
(imported_from). \`manifest.json\` has the SHA-256 of every file.
`,
  );

const numbered = (n: number): string => `${String(n).padStart(4, '0')}.dcm`;
