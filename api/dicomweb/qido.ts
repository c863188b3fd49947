import type { DicomJson, DicomJsonElement } from '#core/dicom/dicom-json.ts';
import type { Vr } from '#core/dicom/dictionary.ts';
import type { Context } from '../context.ts';
import { readMetadata } from './instance-store.ts';
import { longestAnswer, type QidoQuery } from './qido-query.ts';
import {
  type FoundInstance,
  type FoundSeries,
  type FoundStudy,
  findInstances,
  findSeries,
  findStudies,
} from './qido-store.ts';

/** Results of a search, and what the asker should know of what is not among them. */
export interface QidoAnswer {
  readonly results: readonly DicomJson[];
  readonly warnings: readonly string[];
}

/** What a search within a study or series is limited to; the address comes before a parameter of the same name. */
export interface Within {
  readonly study?: string;
  readonly series?: string;
}

const sexes: Readonly<Record<string, string>> = { FEMALE: 'F', MALE: 'M', OTHER: 'O' };

/** QIDO-RS of studies, series or instances, by the query's level (PS3.18 section 10.6). */
export async function search(ctx: Context, given: QidoQuery, within: Within): Promise<QidoAnswer> {
  const query = limited(given, within);
  const told = { ...within, publicUrl: `${ctx.services.config.publicUrl}/dicomweb` };
  if (query.level === 'STUDY') return page(await findStudies(ctx.db, query), query, (one) => studyJson(told, one));
  if (query.level === 'SERIES')
    return page(await findSeries(ctx.db, query), query, (one) => seriesJson(told, query, one));
  const found = await findInstances(ctx.db, query);
  const kept = await keptOf(ctx, query, found);
  return page(found, query, (one) => instanceJson(told, query, one, kept.get(one.instanceId ?? '')));
}

function limited(query: QidoQuery, { study, series }: Within): QidoQuery {
  const conditions = {
    ...query.conditions,
    ...(study === undefined ? {} : { '0020000D': { of: 'LIST' as const, values: [study] } }),
    ...(series === undefined ? {} : { '0020000E': { of: 'LIST' as const, values: [series] } }),
  };
  return { ...query, conditions };
}

/** The metadata of the images of an answer. */
async function keptOf(
  { db }: Context,
  { limit }: QidoQuery,
  found: readonly FoundInstance[],
): Promise<Map<string, DicomJson>> {
  const texts = await readMetadata(
    db,
    found.slice(0, limit).flatMap(({ instanceId }) => instanceId ?? []),
  );
  return new Map([...texts].map(([id, text]) => [id, JSON.parse(text) as DicomJson]));
}

interface Told extends Within {
  readonly publicUrl: string;
}

/** Every attribute of a study that is kept, so that what is asked for by includefield is among them. */
function studyJson({ publicUrl }: Told, study: FoundStudy): DicomJson {
  return {
    '00080005': element('CS', 'ISO_IR 192'),
    '00080020': element('DA', study.studyDate?.replaceAll('-', '')),
    '00080030': element('TM'),
    '00080050': element('SH'),
    '00080056': element('CS', 'ONLINE'),
    '00080061': element('CS', ...study.modalities),
    '00080090': element('PN'),
    '00081030': element('LO', study.studyDescription),
    '00081190': element('UR', `${publicUrl}/studies/${study.studyInstanceUid}`),
    '00100010': element('PN', { Alphabetic: study.pseudonym }),
    '00100020': element('LO', study.pseudonym),
    '00100030': element('DA'),
    '00100040': element('CS', sexes[study.sex ?? '']),
    '00101010': element('AS', study.ageYears === null ? undefined : `${String(study.ageYears).padStart(3, '0')}Y`),
    '0020000D': element('UI', study.studyInstanceUid),
    '00200010': element('SH'),
    '00201206': element('IS', study.seriesCount),
    '00201208': element('IS', study.instanceCount),
  };
}

/** With the attributes of the study where the search is not within one. */
function seriesJson(told: Told, { include }: QidoQuery, one: FoundSeries): DicomJson {
  const study = studyJson(told, one);
  return {
    ...(told.study === undefined || include === 'all' ? study : chosen(study, include)),
    '00080005': element('CS', 'ISO_IR 192'),
    '00080060': element('CS', one.modality),
    '0008103E': element('LO', one.description),
    '00081190': element('UR', `${told.publicUrl}/studies/${one.studyInstanceUid}/series/${one.seriesInstanceUid}`),
    '0020000D': element('UI', one.studyInstanceUid),
    '0020000E': element('UI', one.seriesInstanceUid),
    '00200011': element('IS', one.number),
    '00201209': element('IS', one.seriesInstanceCount),
  };
}

/** What every instance is told with (PS3.18 table 10.6.3-5). */
const ofInstances = new Set(['00200013', '00280008', '00280010', '00280011', '00280100']);

function instanceJson(told: Told, query: QidoQuery, one: FoundInstance, kept: DicomJson = {}): DicomJson {
  const { include } = query;
  const above = seriesJson(told, query, one);
  const within = told.series !== undefined && include !== 'all' ? chosen(above, include) : above;
  const address = `${told.publicUrl}/studies/${one.studyInstanceUid}/series/${one.seriesInstanceUid}/instances/${one.sopInstanceUid}`;
  return {
    ...(include === 'all' ? kept : chosen(kept, new Set([...ofInstances, ...include]))),
    ...within,
    '00080005': element('CS', 'ISO_IR 192'),
    '00080016': element('UI', one.sopClassUid),
    '00080018': element('UI', one.sopInstanceUid),
    '00080056': element('CS', 'ONLINE'),
    '00081190': element('UR', address),
    '00083002': element('UI', one.transferSyntaxUid),
    '0020000D': element('UI', one.studyInstanceUid),
    '0020000E': element('UI', one.seriesInstanceUid),
    '00200013': element('IS', one.instanceNumber),
    ...(one.frameCount !== null && one.frameCount > 1 ? { '00280008': element('IS', one.frameCount) } : {}),
  };
}

const chosen = (json: DicomJson, tags: ReadonlySet<string>): DicomJson =>
  Object.fromEntries(Object.entries(json).filter(([tag]) => tags.has(tag)));

type Value = NonNullable<DicomJsonElement['Value']>[number];

/** An element of the DICOM JSON model; without a value it is there and empty. */
function element(vr: Vr, ...values: (Value | undefined)[]): DicomJsonElement {
  const Value = values.filter((value) => value !== undefined && value !== null && value !== '');
  return Value.length > 0 ? { vr, Value: Value as Value[] } : { vr };
}

/** Found is one more than asked for where there are more. */
function page<T>(found: readonly T[], { limit, unknown }: QidoQuery, json: (one: T) => DicomJson): QidoAnswer {
  const warnings = [
    ...(unknown.length > 0 ? [`these parameters were not applied: ${unknown.join(' ')}`] : []),
    ...(found.length > limit
      ? [`there are further results: ask with a greater offset; an answer has at most ${longestAnswer}`]
      : []),
  ];
  return { results: found.slice(0, limit).map(json), warnings };
}
