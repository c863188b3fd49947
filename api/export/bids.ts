import type { Sequence } from '#core/domain/sequence.ts';
import { version } from '#core/version.ts';
import type { Contents, ExportedCase, ExportedDataset, ExportFile, Layout } from './contents.ts';
import { sidecarOf } from './sidecar.ts';
import { jsonFile, tableFile, textFile, volumeFile } from './text-files.ts';

/** Of the Brain Imaging Data Structure, https://bids-specification.readthedocs.io. */
const bidsVersion = '1.10.0';

/** What follows subject and session in the name of an image: entities in the order of BIDS, then the suffix. */
export const bidsNames: Readonly<Record<Sequence, string>> = {
  T1_PRE: 'T1w',
  T1_POST: 'acq-spinecho_ce-gadolinium_T1w',
  BRAVO: 'acq-bravo_ce-gadolinium_T1w',
  FLAIR: 'FLAIR',
};

/** Below the dataset, where BIDS wants what was made of the images. */
const labels = 'derivatives/metastases';

const stemOf = ({ subject, session }: ExportedCase): string => `sub-${subject}_ses-${session}`;
const anatOf = ({ subject, session }: ExportedCase): string => `sub-${subject}/ses-${session}/anat`;

/**
 * NIfTI in BIDS 1.10: each sequence as acquired on its own grid with how it was acquired; the accepted lesions, numbered, as a derivative
 * on the grid of BRAVO.
 */
export const bids: Layout = { folder: () => '', files };

async function* files(contents: Contents): AsyncGenerator<ExportFile, void, void> {
  yield* describe(contents.dataset);
  const sent: ExportedCase[] = [];
  for await (const one of contents.cases()) {
    yield* images(contents, one);
    yield* label(contents, one);
    sent.push(one);
  }
  // Last, since they tell of what is there.
  yield* tables(sent);
}

function* describe({ name, manifestSha256 }: ExportedDataset): Generator<ExportFile> {
  const generatedBy = [{ Name: 'Metloop', Version: version, Description: `Dataset ${manifestSha256}` }];
  yield jsonFile('dataset_description.json', {
    Name: name,
    BIDSVersion: bidsVersion,
    DatasetType: 'raw',
    GeneratedBy: generatedBy,
  });
  yield textFile('.bidsignore', 'manifest.json\n');
  yield textFile(
    'README.md',
    `# ${name}

De-identified MR images of patients with brain metastases, each sequence on the grid on which it was acquired. Patients are named by
pseudonyms. \`${labels}\` holds the accepted ground truth: one label a session on the grid of BRAVO (\`acq-bravo\`), in which lesion n has the
value n. \`participants.tsv\` says on which side of the split a patient is; what is learnt from patients of \`TRAIN\` is to be judged by those of
\`TEST\` alone. \`manifest.json\` has the SHA-256 of every file.
`,
  );
  yield jsonFile(`${labels}/dataset_description.json`, {
    Name: `${name}: accepted metastases`,
    BIDSVersion: bidsVersion,
    DatasetType: 'derivative',
    GeneratedBy: generatedBy,
    DatasetLinks: { raw: '../..' },
  });
  yield textFile(
    `${labels}/README.md`,
    `# ${name}: accepted metastases\n\nSee the README of the dataset above this folder.\n`,
  );
}

async function* images(contents: Contents, one: ExportedCase): AsyncGenerator<ExportFile, void, void> {
  for (const series of one.series) {
    const path = `${anatOf(one)}/${stemOf(one)}_${bidsNames[series.role]}`;
    yield volumeFile(`${path}.nii.gz`, await contents.image(one, series));
    yield jsonFile(`${path}.json`, sidecarOf(series));
  }
}

async function* label(contents: Contents, one: ExportedCase): AsyncGenerator<ExportFile, void, void> {
  const source = `${anatOf(one)}/${stemOf(one)}_${bidsNames.BRAVO}`;
  const path = `${labels}/${source.replace(/_T1w$/, '_seg-metastases_dseg')}`;
  const { readerCount, adjudicated, assisted, importedFrom } = one.provenance;
  yield volumeFile(`${path}.nii.gz`, await contents.label(one, 'LESIONS'));
  yield jsonFile(`${path}.json`, {
    Description: 'Accepted metastases, each with a value of its own.',
    Sources: [`bids:raw:${source}.nii.gz`],
    SpatialReference: `bids:raw:${source}.nii.gz`,
    Manual: !assisted,
    RevisionId: one.revisionId,
    LabelSHA256: one.labelSha256,
    ReaderCount: readerCount,
    Adjudicated: adjudicated,
    StartedFromModelDraft: assisted,
    ImportedFrom: importedFrom ?? undefined,
    // Of the table beside it, which BIDS describes here.
    volume_mm3: { Description: 'Volume.', Units: 'mm^3' },
    longest_diameter_mm: { Description: 'Longest diameter in a slice of BRAVO.', Units: 'mm' },
  });
  yield tableFile(
    `${path}.tsv`,
    ['index', 'name', 'volume_mm3', 'longest_diameter_mm'],
    one.lesions.map((lesion) => [
      lesion.number,
      `Metastasis ${lesion.number}`,
      lesion.volumeMm3,
      lesion.longestDiameterMm,
    ]),
  );
}

const sexes: Readonly<Record<string, string>> = { FEMALE: 'F', MALE: 'M', OTHER: 'O' };
/** BIDS asks for no age above it, so that old people are not known by theirs. */
const greatestAge = 89;
const ageOf = ({ ageYears }: ExportedCase): number | null => ageYears && Math.min(ageYears, greatestAge);

function* tables(cases: readonly ExportedCase[]): Generator<ExportFile> {
  const patients = Map.groupBy(cases, ({ subject }) => subject);
  yield tableFile(
    'participants.tsv',
    ['participant_id', 'sex', 'age', 'subset', 'lesion_group'],
    [...patients].map(([subject, [first]]) => [
      `sub-${subject}`,
      sexes[first!.sex ?? ''] ?? null,
      ageOf(first!),
      first!.subset,
      first!.lesionGroup,
    ]),
  );
  yield jsonFile('participants.json', {
    subset: {
      LongName: 'Side of the split',
      Description: 'For good: a patient of TEST is never learnt from.',
      Levels: { TRAIN: 'To learn from.', DEVELOPMENT: 'To choose thresholds by.', TEST: 'To judge by.' },
    },
    lesion_group: { Description: "By the greatest count of accepted lesions among the patient's studies." },
  });
  for (const [subject, own] of patients)
    yield tableFile(
      `sub-${subject}/sub-${subject}_sessions.tsv`,
      ['session_id', 'age', 'days_since_first', 'site', 'lesion_count', 'study_instance_uid'],
      own.map((one) => [
        `ses-${one.session}`,
        ageOf(one),
        one.daysSinceFirst,
        one.siteId,
        one.lesionCount,
        one.studyInstanceUid,
      ]),
    );
  yield jsonFile('sessions.json', {
    age: { Description: `In years; ${greatestAge} stands for every greater one.`, Units: 'year' },
    days_since_first: { Description: "Days since the patient's first session here.", Units: 'd' },
    site: { Description: 'An id of the hospital.' },
    lesion_count: { Description: 'Accepted metastases.' },
    study_instance_uid: { Description: 'Study Instance UID after de-identification.' },
  });
}
