import { type AnnotationSummary, annotate } from './loop/annotate.ts';
import { checkIsolation } from './loop/isolation.ts';
import { judge } from './loop/judge.ts';
import { type DemoPlan, freeze, type HeldOut, learn } from './loop/learn.ts';
import { awaitPreparations } from './loop/prepare.ts';
import { readOwnStudy } from './loop/read-own-study.ts';
import { expectRefusal, request, rollOut } from './loop/serve.ts';
import type { StepClock } from './loop/step-clock.ts';
import { assembleTeam, type Team } from './loop/team.ts';
import { type Patient, type UploadedPatient, uploadPatient } from './loop/upload.ts';
import { uploadFolder } from './loop/upload-folder.ts';
import { demoSizePixels, loopPatients, newPatient } from './patients.ts';
import type { DemoStack } from './stack.ts';

/** What `--json` writes, beside the steps. */
export interface LoopResult {
  readonly annotation: AnnotationSummary;
  readonly heldOut: HeldOut;
  readonly request: {
    readonly studyId: string;
    readonly auc: number;
    readonly dice: number;
    readonly lesions: number;
    readonly segSopInstanceUid: string | null;
  };
}

const plan: DemoPlan = {
  width: 0.25,
  sizePixels: demoSizePixels,
  epochs: 6,
  batchSize: 4,
  learningRate: 0.002,
  // So few steps end well only where they settle: at a rate that stays, the last of them decide.
  coolingPart: 0.5,
  precision: 'F32',
  // A missed metastasis costs a patient more than a false alarm costs a reader.
  thresholdRule: 'SENSITIVE',
  maxFpPerCase: 1,
};

/** What the loop must reach; a run below fails. */
export const goals = { voxelAuc: 0.95, lesionSensitivity: 0.8, fpPerCase: 5, dice: 0.5 } as const;

/** The whole loop without a browser: upload, prepare, annotate, freeze, train, judge, roll out, serve. */
export async function runLoop(stack: DemoStack, clock: StepClock, folder?: string): Promise<LoopResult> {
  const team = await assembleTeam(stack);
  const own = folder
    ? await clock.step('study', (tell) => uploadFolder(team.of.coordinatorA, team.sites.A, folder, tell))
    : [];
  const uploaded = await clock.step('upload', (tell) => uploadAll(team, [...loopPatients, newPatient], tell));
  const uids = [...own, ...uploaded.map(({ studyInstanceUid }) => studyInstanceUid)];
  const studies = await clock.step('prepare', (tell) =>
    awaitPreparations(team.of.auditor, uids, (done) => tell(done / uids.length, `${done} of ${uids.length} studies`)),
  );
  const studyOf = ({ studyInstanceUid }: UploadedPatient) =>
    studies.find((study) => study.studyInstanceUid === studyInstanceUid)!;
  const cases = uploaded.slice(0, loopPatients.length).map((patient) => ({ patient, study: studyOf(patient) }));
  const annotation = await clock.step('annotate', (tell) =>
    annotate(team, cases, (done) => tell(done / cases.length, `${done} of ${cases.length} accepted`)),
  );
  await clock.step('isolation', () => checkIsolation(team, studies));
  const dataset = await clock.step('freeze', () => freeze(team, 'Demonstration'));
  const version = await clock.step('train', (tell) =>
    learn(team, dataset, plan, (what, { fraction, message, step }) =>
      tell(fraction, `${what}: ${message ?? step ?? ''}`),
    ),
  );
  await clock.step('review', () => rollOut(team, version));
  const asked = uploaded.at(-1)!;
  const study = studyOf(asked);
  const answer = await clock.step('request', (tell) =>
    request(team.of.clinicianA, study.id, (message) => tell(undefined, message)),
  );
  for (const uid of own) {
    const theirs = studies.find((one) => one.studyInstanceUid === uid)!;
    const found = await clock.step('own study', (tell) =>
      request(team.of.clinicianA, theirs.id, (message) => tell(undefined, message)),
    );
    await clock.step('own reads', () => readOwnStudy(team, theirs, found));
  }
  await clock.step('refusal', () =>
    expectRefusal(team.of.clinicianB, cases.find(({ patient }) => patient.site === 'B')!.study.id, 'NO_LIVE_VERSION'),
  );
  return { annotation, heldOut: version.heldOut, request: { studyId: study.id, ...judge(answer, asked.phantom) } };
}

async function uploadAll(
  team: Team,
  patients: readonly Patient[],
  tell: (fraction: number, message: string) => void,
): Promise<UploadedPatient[]> {
  const uploaded: UploadedPatient[] = [];
  for (const [index, patient] of patients.entries()) {
    tell(index / patients.length, `${index} of ${patients.length} studies`);
    const coordinator = patient.site === 'A' ? team.of.coordinatorA : team.of.coordinatorB;
    uploaded.push(await uploadPatient(coordinator, team.sites[patient.site], patient, demoSizePixels));
  }
  return uploaded;
}

/** What of the goals was not reached, in words. */
export function shortfalls({ heldOut, request: { dice } }: LoopResult): string[] {
  return [
    ...(heldOut.voxelAuc > goals.voxelAuc
      ? []
      : [`held-out voxel AUC ${heldOut.voxelAuc.toFixed(3)} is not above ${goals.voxelAuc}`]),
    ...(heldOut.lesionSensitivity >= goals.lesionSensitivity
      ? []
      : [`held-out lesion sensitivity ${heldOut.lesionSensitivity.toFixed(2)} is below ${goals.lesionSensitivity}`]),
    ...(heldOut.fpPerCase <= goals.fpPerCase
      ? []
      : [`${heldOut.fpPerCase.toFixed(1)} false positives a case are more than ${goals.fpPerCase}`]),
    ...(heldOut.dice >= goals.dice ? [] : [`held-out Dice ${heldOut.dice.toFixed(2)} is below ${goals.dice}`]),
    ...(heldOut.dice > heldOut.intensityDice + 0.1
      ? []
      : [
          `Dice ${heldOut.dice.toFixed(2)} is not clearly better than a plain threshold's ${heldOut.intensityDice.toFixed(2)}`,
        ]),
    ...(Number.isFinite(dice) ? [] : ['the requested segmentation could not be judged']),
  ];
}
