import type { Db } from '../db/database.ts';
import { type Attributes, type AttributeValue, buildDataset } from '../dicom/build-dataset.ts';
import type { SourceSeries } from '../dicom/derived-series.ts';
import { attribute, entryOf } from '../dicom/dictionary.ts';
import type { StudyId } from '../domain/ids.ts';
import type { Sequence } from '../domain/sequence.ts';

type DicomJson = Readonly<Record<string, { readonly vr?: string; readonly Value?: readonly unknown[] } | undefined>>;

interface Slice {
  readonly sopInstanceUid: string;
  readonly frameNumber: number | undefined;
  /** Position along the normal of the slices, mm. */
  readonly along: number;
}

const numbersOf = (item: DicomJson | undefined, tag: string): number[] => (item?.[tag]?.Value ?? []).map(Number);
const itemOf = (item: DicomJson | undefined, tag: string): DicomJson | undefined =>
  item?.[tag]?.Value?.[0] as DicomJson | undefined;

const tags = {
  orientation: '00200037',
  position: '00200032',
  shared: '52009229',
  perFrame: '52009230',
  planeOrientation: '00209116',
  planePosition: '00209113',
} as const;

/** Of the modules Patient, General Study and Patient Study (PS3.3 C.7.1.1, C.7.2), and of their dates: the same in every file of a study. */
const repeatedKeywords = [
  ...['StudyTime', 'StudyDescription', 'PatientAge', 'PatientSize', 'PatientWeight', 'AdditionalPatientHistory'],
  ...['LongitudinalTemporalInformationModified', 'PregnancyStatus'],
  ...['PatientIdentityRemoved', 'DeidentificationMethod', 'DeidentificationMethodCodeSequence'],
];

/** The BRAVO series of a study, its instances in the order of the grid's slices: what labels and results are derived from. */
export const readBravoSource = (db: Db, studyId: StudyId): Promise<SourceSeries> => readSource(db, studyId, 'BRAVO');

/** The acquired series of a role, its instances in the order of its slices. */
export async function readSource(db: Db, studyId: StudyId, role: Sequence): Promise<SourceSeries> {
  const series = await db
    .selectFrom('series as e')
    .innerJoin('study as s', (join) => join.onRef('s.tenant_id', '=', 'e.tenant_id').onRef('s.id', '=', 'e.study_id'))
    .innerJoin('subject as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.subject_id'),
    )
    .select([
      'e.id',
      'e.series_instance_uid',
      'e.frame_of_reference_uid',
      's.study_instance_uid',
      's.study_date',
      'p.pseudonym',
      'p.sex',
    ])
    .where('e.study_id', '=', studyId)
    .where('e.role', '=', role)
    .where('e.derived_from_id', 'is', null)
    .executeTakeFirstOrThrow();
  const instances = await db
    .selectFrom('instance')
    .select(['sop_instance_uid', 'sop_class_uid', 'metadata'])
    .where('series_id', '=', series.id)
    .orderBy('sop_instance_uid')
    .execute();
  const slices = instances
    .flatMap(({ sop_instance_uid, metadata }) => slicesOf(sop_instance_uid, metadata as DicomJson))
    .sort((a, b) => a.along - b.along);
  const frameNumbers = slices.flatMap(({ frameNumber }) => frameNumber ?? []);
  return {
    studyInstanceUid: series.study_instance_uid,
    seriesInstanceUid: series.series_instance_uid,
    frameOfReferenceUid: series.frame_of_reference_uid ?? '',
    sopClassUid: instances[0]!.sop_class_uid,
    sopInstanceUids: slices.map(({ sopInstanceUid }) => sopInstanceUid),
    ...(frameNumbers.length > 0 ? { frameNumbers } : {}),
    patient: { id: series.pseudonym, name: series.pseudonym, ...(series.sex ? { sex: series.sex[0]! } : {}) },
    study: { date: series.study_date ? String(series.study_date).replaceAll('-', '') : undefined },
    repeated: repeatedOf(instances[0]!.metadata as DicomJson),
  };
}

/** What the metadata of an image say of patient and study, as derived objects repeat it; without values that break their VR's rules. */
export function repeatedOf(metadata: DicomJson): Attributes {
  const tags = repeatedKeywords.map((keyword) => attribute(keyword).tag.toString(16).toUpperCase().padStart(8, '0'));
  const found = attributesOf(Object.fromEntries(tags.flatMap((tag) => (metadata[tag] ? [[tag, metadata[tag]]] : []))));
  return Object.fromEntries(Object.entries(found).filter(([keyword, value]) => isWritable(keyword, value)));
}

/** Scanners and clerks do not keep to all rules; a derived object must not fail for that. */
function isWritable(keyword: string, value: AttributeValue): boolean {
  try {
    buildDataset({ [keyword]: value });
    return true;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return false;
    throw error;
  }
}

/** DICOM JSON of texts, numbers and items as values by keyword. */
function attributesOf(json: DicomJson): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (const [tag, element] of Object.entries(json)) {
    const keyword = entryOf(Number.parseInt(tag, 16))?.keyword;
    if (keyword === undefined || element === undefined) continue;
    const values = element.Value ?? [];
    if (element.vr === 'SQ') attributes[keyword] = values.map((item) => attributesOf((item ?? {}) as DicomJson));
    else attributes[keyword] = values.length > 0 ? (values as readonly (string | number)[]) : null;
  }
  return attributes;
}

/** A classic instance is one slice, an enhanced one as many as it has frames (PS3.3 C.7.6.16). */
function slicesOf(sopInstanceUid: string, metadata: DicomJson): Slice[] {
  const frames = metadata[tags.perFrame]?.Value as readonly DicomJson[] | undefined;
  if (!frames) {
    return [
      {
        sopInstanceUid,
        frameNumber: undefined,
        along: alongNormal(numbersOf(metadata, tags.orientation), numbersOf(metadata, tags.position)),
      },
    ];
  }
  const shared = itemOf(metadata, tags.shared);
  return frames.map((frame, n) => {
    const orientation = itemOf(frame, tags.planeOrientation) ?? itemOf(shared, tags.planeOrientation);
    const position = itemOf(frame, tags.planePosition);
    return {
      sopInstanceUid,
      frameNumber: n + 1,
      along: alongNormal(numbersOf(orientation, tags.orientation), numbersOf(position, tags.position)),
    };
  });
}

function alongNormal(
  [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]: readonly number[],
  [x = 0, y = 0, z = 0]: readonly number[],
): number {
  return (b * f - c * e) * x + (c * d - a * f) * y + (a * e - b * d) * z;
}
