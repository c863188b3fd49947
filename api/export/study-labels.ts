import type { Grid } from '#core/domain/geometry.ts';
import type { LesionGroup } from '#core/domain/lesion.ts';
import type { ExportedStudy } from './contents.ts';
import type { CaseRow } from './store.ts';

/** A pseudonym as letters and digits, which is all that BIDS and nnU-Net take in a label. */
const labelOf = (pseudonym: string): string => pseudonym.replace(/[^A-Za-z0-9]/g, '');

/**
 * The cases of a dataset under the names that files give them; `rows` by patient, then date.
 * @throws RangeError if two patients would have one label
 */
export function labelledStudies(rows: readonly CaseRow[]): ExportedStudy[] {
  const patients = Map.groupBy(rows, ({ pseudonym }) => pseudonym);
  const labels = new Set([...patients.keys()].map(labelOf));
  if (labels.size < patients.size || labels.has('')) throw new RangeError('two patients would have one label');
  return [...patients].flatMap(([pseudonym, own]) =>
    own.map(
      (row, n): ExportedStudy => ({
        studyId: row.study_id,
        studyInstanceUid: row.study_instance_uid,
        siteId: row.site_id,
        subject: labelOf(pseudonym),
        session: String(n + 1).padStart(2, '0'),
        sex: row.sex,
        ageYears: row.age_years,
        daysSinceFirst: daysBetween(own[0]!.study_date, row.study_date),
        subset: row.subset as ExportedStudy['subset'],
        lesionGroup: row.lesion_group as LesionGroup,
        revisionId: row.revision_id,
        preparationId: row.preparation_id,
        labelSha256: row.label_sha256,
        segSha256: row.seg_sha256,
        lesionCount: row.lesion_count,
        bravoGrid: row.bravo_grid as unknown as Grid,
      }),
    ),
  );
}

function daysBetween(first: unknown, second: unknown): number | null {
  if (!first || !second) return null;
  return Math.round((Date.parse(String(second)) - Date.parse(String(first))) / 86_400_000);
}
