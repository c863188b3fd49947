import { type Sequence, sequences } from '#core/domain/sequence.ts';
import type { Contents, ExportedCase, ExportedDataset, ExportFile, Layout } from './contents.ts';
import { jsonFile, tableFile, textFile, volumeFile } from './text-files.ts';

/** Numbers up to 10 are those of the Medical Segmentation Decathlon; whoever has a 500 already renames the folder. */
const datasetNumber = 500;
const ending = '.nii.gz';

/** As a name in nnU-Net: words without what stands between them. */
const wordsOf = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('') || 'Metloop';

/** A name of its own for each study; nnU-Net puts the channel behind it. */
const caseName = ({ subject, session }: ExportedCase): string => `${subject}_${session}`;
const channelFile = (one: ExportedCase, sequence: Sequence): string =>
  `${caseName(one)}_${String(sequences.indexOf(sequence)).padStart(4, '0')}${ending}`;

/**
 * nnU-Net's raw layout, version 2 (documentation/dataset_format.md of MIC-DKFZ/nnUNet): the sequences as channels on BRAVO's grid, labels of
 * one class, test patients in imagesTs. A sequence that a study lacks is zeros, as Metloop's own networks get it.
 */
export const nnunet: Layout = { folder: ({ name }) => `Dataset${datasetNumber}_${wordsOf(name)}/`, files };

async function* files(contents: Contents): AsyncGenerator<ExportFile, void, void> {
  yield readme(contents.dataset);
  const sent: ExportedCase[] = [];
  for await (const one of contents.cases()) {
    const side = one.subset === 'TEST' ? 'Ts' : 'Tr';
    for (const sequence of sequences) {
      const series = one.series.find(({ role }) => role === sequence);
      const bytes = await (series ? contents.imageOnBravo(one, series) : contents.blankOnBravo(one));
      yield volumeFile(`images${side}/${channelFile(one, sequence)}`, bytes);
    }
    yield volumeFile(`labels${side}/${caseName(one)}${ending}`, await contents.label(one, 'ONE_CLASS'));
    sent.push(one);
  }
  // Last, since they tell of what is there.
  yield* describe(contents.dataset, sent);
}

function* describe({ name, manifestSha256 }: ExportedDataset, cases: readonly ExportedCase[]): Generator<ExportFile> {
  const of = (...subsets: readonly string[]): ExportedCase[] => cases.filter(({ subset }) => subsets.includes(subset));
  yield jsonFile('dataset.json', {
    channel_names: Object.fromEntries(sequences.map((sequence, n) => [String(n), sequence])),
    labels: { background: 0, metastasis: 1 },
    numTraining: of('TRAIN', 'DEVELOPMENT').length,
    file_ending: ending,
    name,
    description: `Brain metastases, Metloop dataset ${manifestSha256}`,
  });
  // One fold: the dataset's own patients of TRAIN and DEVELOPMENT.
  yield jsonFile('splits_final.json', [{ train: of('TRAIN').map(caseName), val: of('DEVELOPMENT').map(caseName) }]);
  yield tableFile(
    'cases.tsv',
    [
      ...['case', 'subject', 'session', 'subset', 'lesion_count', 'missing_sequences', 'imported_from', 'site'],
      'study_instance_uid',
    ],
    cases.map((one) => [
      ...[caseName(one), one.subject, one.session, one.subset, one.lesionCount],
      sequences.filter((sequence) => !one.series.some(({ role }) => role === sequence)).join(',') || null,
      ...[one.provenance.importedFrom, one.siteId, one.studyInstanceUid],
    ]),
  );
}

const readme = ({ name }: ExportedDataset): ExportFile =>
  textFile(
    'README.md',
    `# ${name}

Unpack below \`nnUNet_raw\`; the number of the folder may be changed to one that is free. \`splits_final.json\` is the dataset's own split by
patient, as one fold: copy it to \`nnUNet_preprocessed/<this dataset>\` after \`nnUNetv2_plan_and_preprocess\` and train fold 0. Patients of
\`imagesTs\` are the sealed test set, never to be learnt from; their labels are in \`labelsTs\`. All channels of a case lie on the grid of
BRAVO; a sequence that a study lacks is zeros (\`cases.tsv\`, column missing_sequences). Lesions are one class; each 26-connected component
is one lesion. \`manifest.json\` has the SHA-256 of every file.
`,
  );
