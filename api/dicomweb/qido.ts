import type { DicomJson, DicomJsonElement } from '#core/dicom/dicom-json.ts';
import type { Vr } from '#core/dicom/dictionary.ts';
import type { Context } from '../context.ts';
import { findInstances } from './instance-store.ts';
import { longestAnswer, type QidoQuery } from './qido-query.ts';
import { type FoundSeries, type FoundStudy, findSeries, findStudies } from './qido-store.ts';

/** Results of a search, and what the asker should know of what is not among them. */
export interface QidoAnswer {
  readonly results: readonly DicomJson[];
  readonly warnings: readonly string[];
}

const sexes: Readonly<Record<string, string>> = { FEMALE: 'F', MALE: 'M', OTHER: 'O' };

/** QIDO-RS of studies (PS3.18 table 10.6.3-3). */
export async function searchStudies(ctx: Context, query: QidoQuery): Promise<QidoAnswer> {
  const found = await findStudies(ctx.db, query);
  const studies = found.slice(0, query.limit);
  const series = await findSeries(
    ctx.db,
    studies.map(({ id }) => id),
  );
  const results = studies.map((study) =>
    studyJson(
      ctx,
      study,
      series.filter(({ studyId }) => studyId === study.id),
    ),
  );
  return { results, warnings: [...notApplied(query), ...more(found.length > query.limit)] };
}

/** QIDO-RS of the series of a study. */
export async function searchSeries(ctx: Context, studyUid: string, query: QidoQuery): Promise<QidoAnswer> {
  const [study] = await findStudies(ctx.db, { studyInstanceUids: [studyUid], limit: 1, offset: 0, unknown: [] });
  const series = study ? await findSeries(ctx.db, [study.id]) : [];
  const { seriesInstanceUids, modalities } = query;
  const matching = series
    .filter((one) => !seriesInstanceUids || seriesInstanceUids.includes(one.seriesInstanceUid))
    .filter((one) => !modalities || modalities.includes(one.modality));
  return page(
    matching.map((one) => seriesJson(ctx, studyUid, one)),
    query,
  );
}

/** QIDO-RS of the instances of a series: the metadata that is kept of each, which holds every attribute that may be asked for. */
export async function searchInstances(
  ctx: Context,
  uids: { study: string; series: string },
  query: QidoQuery,
): Promise<QidoAnswer> {
  const instances = await findInstances(ctx.db, uids);
  const { sopInstanceUids } = query;
  const matching = instances.filter((one) => !sopInstanceUids || sopInstanceUids.includes(one.sopInstanceUid));
  const results = matching.map(
    (one): DicomJson => ({
      ...((one.metadata ?? {}) as DicomJson),
      '00080016': element('UI', one.sopClassUid),
      '00080018': element('UI', one.sopInstanceUid),
      '0020000D': element('UI', uids.study),
      '0020000E': element('UI', uids.series),
    }),
  );
  return page(results, query);
}

function studyJson({ services }: Context, study: FoundStudy, series: readonly FoundSeries[]): DicomJson {
  return {
    '00080020': element('DA', study.studyDate?.replaceAll('-', '')),
    '00080030': element('TM'),
    '00080050': element('SH'),
    '00080061': element('CS', ...new Set(series.map(({ modality }) => modality))),
    '00080090': element('PN'),
    '00081030': element('LO', study.description),
    '00081190': element('UR', `${services.config.publicUrl}/dicomweb/studies/${study.studyInstanceUid}`),
    '00100010': element('PN', { Alphabetic: study.pseudonym }),
    '00100020': element('LO', study.pseudonym),
    '00100030': element('DA'),
    '00100040': element('CS', sexes[study.sex ?? '']),
    '0020000D': element('UI', study.studyInstanceUid),
    '00200010': element('SH'),
    '00201206': element('IS', series.length),
    '00201208': element(
      'IS',
      series.reduce((sum, { instanceCount }) => sum + instanceCount, 0),
    ),
  };
}

function seriesJson({ services }: Context, studyUid: string, series: FoundSeries): DicomJson {
  const address = `${services.config.publicUrl}/dicomweb/studies/${studyUid}/series/${series.seriesInstanceUid}`;
  return {
    '00080060': element('CS', series.modality),
    '0008103E': element('LO', series.description),
    '00081190': element('UR', address),
    '0020000D': element('UI', studyUid),
    '0020000E': element('UI', series.seriesInstanceUid),
    '00200011': element('IS', series.number),
    '00201209': element('IS', series.instanceCount),
  };
}

type Value = NonNullable<DicomJsonElement['Value']>[number];

/** An element of the DICOM JSON model; without a value it is there and empty. */
function element(vr: Vr, ...values: (Value | undefined)[]): DicomJsonElement {
  const Value = values.filter((value) => value !== undefined && value !== null && value !== '');
  return Value.length > 0 ? { vr, Value: Value as Value[] } : { vr };
}

function page(results: readonly DicomJson[], query: QidoQuery): QidoAnswer {
  const end = query.offset + query.limit;
  return { results: results.slice(query.offset, end), warnings: [...notApplied(query), ...more(results.length > end)] };
}

const notApplied = ({ unknown }: QidoQuery): string[] =>
  unknown.length > 0 ? [`these conditions were not applied: ${unknown.join(' ')}`] : [];

const more = (any: boolean): string[] =>
  any ? [`there are further results: ask with a greater offset; an answer has at most ${longestAnswer}`] : [];
