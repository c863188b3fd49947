import { asService, type Db } from '../db/database.ts';
import { holdUntilCommit } from '../db/transaction-lock.ts';
import { canonicalJson, type Json } from '../domain/canonical-json.ts';
import { type DatasetManifest, sortedManifest } from '../domain/dataset-manifest.ts';
import { type SplitPatient, type Subset, splitPatients } from '../domain/dataset-split.ts';
import { DomainError, notFound } from '../domain/errors.ts';
import type { DatasetId, SubjectId, TenantId } from '../domain/ids.ts';
import { lesionGroup } from '../domain/lesion.ts';
import { putContent } from '../storage/content.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import {
  type AcceptedStudy,
  type DatasetRow,
  freezeDraft,
  insertCases,
  lockDataset,
  type NewCase,
  putOnSides,
  readAcceptedStudies,
} from './dataset-store.ts';

export interface SplitChoice {
  readonly seed: number;
  readonly testPerGroup: number;
  readonly trainPerDevelopment: number;
}

export interface Freezing {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly tenantId: TenantId;
}

export interface FrozenDataset {
  readonly dataset: DatasetRow & { readonly manifest_sha256: string };
  readonly caseCount: number;
  /** Studies with accepted labels whose newest preparation is not READY or lies on another grid. */
  readonly leftOutCount: number;
}

/**
 * Selects every study of the tenant whose ground truth is accepted and whose newest preparation is READY, splits the patients,
 * and writes it all down for good: cases, the patients' sides, and the manifest.
 * @throws DomainError NOT_FOUND, WRONG_STATE, INVALID, SPLIT_IMPOSSIBLE
 */
export async function freezeDataset(
  { db, objects, tenantId }: Freezing,
  id: DatasetId,
  choice: SplitChoice,
): Promise<FrozenDataset> {
  checkSplitChoice(choice);
  await holdFreezing(db, tenantId);
  const draft = await lockDataset(db, id);
  if (!draft) throw notFound('Dataset', ['datasetId']);
  if (draft.state !== 'DRAFT') throw alreadyFrozen(id);
  const accepted = await asService(db, () => readAcceptedStudies(db));
  const usable = accepted.filter(({ preparationState, sameGrid }) => preparationState === 'READY' && sameGrid);
  const planHash = onePlanHash(usable);
  const cases = splitStudies(usable, choice);
  const manifest = manifestOf(draft, choice, planHash, cases);
  // The object first: a row implies that its object is there.
  const { sha256 } = await putContent(objects, tenantId, manifestBytes(manifest));
  await asService(db, async () => {
    await putOnSides(db, new Map(cases.map(({ study, subset }) => [study.subjectId, subset])));
    await insertCases(db, tenantId, id, cases);
  });
  const frozen = await freezeDraft(db, id, { ...choice, manifestSha256: sha256, planHash });
  if (!frozen) throw alreadyFrozen(id);
  return {
    dataset: { ...frozen, manifest_sha256: sha256 },
    caseCount: cases.length,
    leftOutCount: accepted.length - usable.length,
  };
}

/** Two freezes at once could draw a patient to two sides: one waits for the other's end. */
export const holdFreezing = (db: Db, tenantId: TenantId): Promise<void> => holdUntilCommit(db, tenantId, 'freeze');

const alreadyFrozen = (id: DatasetId): DomainError =>
  new DomainError('WRONG_STATE', 'The dataset is frozen already, and a frozen one never changes: begin another.', {
    path: ['datasetId'],
    current: { type: 'Dataset', id },
  });

/** @throws DomainError INVALID naming the number that is out of range */
export function checkSplitChoice({ seed, testPerGroup, trainPerDevelopment }: SplitChoice): void {
  if (seed < 0) throw new DomainError('INVALID', `seed must be 0 or more, it is ${seed}.`, { path: ['seed'] });
  for (const [field, value] of Object.entries({ testPerGroup, trainPerDevelopment })) {
    if (value < 1 || value > 1000)
      throw new DomainError('INVALID', `${field} must be from 1 to 1000, it is ${value}.`, { path: [field] });
  }
}

/** @throws DomainError SPLIT_IMPOSSIBLE without any study, INVALID if studies were prepared by several plans */
function onePlanHash(studies: readonly AcceptedStudy[]): string {
  const counts = [...Map.groupBy(studies, ({ planHash }) => planHash)].map(([hash, some]) => ({
    hash,
    count: some.length,
  }));
  const [first, ...others] = counts.sort((a, b) => b.count - a.count);
  if (!first)
    throw new DomainError(
      'SPLIT_IMPOSSIBLE',
      'There is no study with accepted ground truth and a preparation in READY; accept and prepare some first.',
      { path: ['datasetId'] },
    );
  if (others.length > 0) {
    const list = counts.map(({ hash, count }) => `${count} by ${hash.slice(0, 12)}`).join(', ');
    throw new DomainError(
      'INVALID',
      `The studies were prepared by several plans (${list}); prepare them all by one, by preparationStart, then freeze.`,
      { path: ['datasetId'] },
    );
  }
  return first.hash;
}

/** @throws DomainError SPLIT_IMPOSSIBLE if a side would have no patient with metastases */
function splitStudies(studies: readonly AcceptedStudy[], choice: SplitChoice): NewCase[] {
  const patients = [...Map.groupBy(studies, ({ subjectId }) => subjectId)].map(([id, own]): SplitPatient => {
    const subset = own[0]!.earlierSubset;
    const group = lesionGroup(Math.max(...own.map(({ lesionCount }) => lesionCount)));
    const assisted = own.some((study) => study.assisted);
    return { id, group, assisted, ...(subset && { subset }) };
  });
  const sides = splitPatients({ patients, ...choice }) as ReadonlyMap<SubjectId, Subset>;
  const groups = new Map(patients.map(({ id, group }) => [id as SubjectId, group]));
  if (!patients.some(({ id, group }) => group !== 'NONE' && sides.get(id as SubjectId) === 'TEST'))
    throw new DomainError(
      'SPLIT_IMPOSSIBLE',
      `Test, training and development need a patient with metastases each, and of ${patients.length} patients none can be spared for the test; add accepted studies that were not read from a draft.`,
    );
  return studies.map((study) => ({
    study,
    subset: sides.get(study.subjectId)!,
    lesionGroup: groups.get(study.subjectId)!,
  }));
}

const manifestOf = (
  { id, name }: DatasetRow,
  split: SplitChoice,
  preparationPlanHash: string,
  cases: readonly NewCase[],
): DatasetManifest =>
  sortedManifest({
    schemaVersion: 1,
    datasetId: id,
    name,
    split,
    preparationPlanHash,
    cases: cases.map(({ study, subset, lesionGroup: group }) => ({
      studyId: study.studyId,
      subjectId: study.subjectId,
      siteId: study.siteId,
      subset,
      lesionGroup: group,
      revisionId: study.revisionId,
      labelSha256: study.labelSha256,
      preparationId: study.preparationId,
      // A check of the table: what is READY has it.
      preparedSha256: study.preparedSha256!,
    })),
  });

/** Interfaces have no index signature, so TypeScript has to be told that they are JSON. */
const manifestBytes = (manifest: DatasetManifest): Uint8Array =>
  new TextEncoder().encode(canonicalJson(manifest as unknown as Json));
