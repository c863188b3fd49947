import { demoPassword, people } from './cast.ts';
import { awaitPreparations } from './loop/prepare.ts';
import type { StepClock } from './loop/step-clock.ts';
import { assembleTeam } from './loop/team.ts';
import { uploadPatient } from './loop/upload.ts';
import { uploadFolder } from './loop/upload-folder.ts';
import { browserPatients } from './patients.ts';
import type { DemoStack } from './stack.ts';

/** At the first start, fills both sites with phantom studies; a user's own folder whenever it is given. */
export async function fillForBrowser(stack: DemoStack, clock: StepClock, study: string | undefined): Promise<void> {
  const team = await assembleTeam(stack);
  if (!stack.state.filled) {
    const uids = await clock.step('upload', async (tell) => {
      const stored: string[] = [];
      for (const [index, patient] of browserPatients.entries()) {
        tell(index / browserPatients.length, `${index} of ${browserPatients.length} studies`);
        const coordinator = patient.site === 'A' ? team.of.coordinatorA : team.of.coordinatorB;
        stored.push(
          (await uploadPatient(coordinator, team.sites[patient.site], patient, stack.state.sizePixels))
            .studyInstanceUid,
        );
      }
      return stored;
    });
    await clock.step('prepare', (tell) =>
      awaitPreparations(team.of.auditor, uids, (done) => tell(done / uids.length, `${done} of ${uids.length} studies`)),
    );
    await stack.saveState({ ...stack.state, filled: true });
  }
  if (study) await clock.step('study', (tell) => uploadFolder(team.of.coordinatorA, team.sites.A, study, tell));
}

/** Address and logins. */
export function welcome({ address }: DemoStack): string {
  const logins = people.map(
    ({ email, grants }) =>
      `  ${email.padEnd(32)} ${grants.map((grant) => `${grant.role}${'site' in grant ? ` at ${grant.site}` : ''}`).join(', ')}\n`,
  );
  return `\nMetloop runs at ${address}\n\nSign in with the password "${demoPassword}" as\n${logins.join('')}\nCtrl-C stops everything; the next start finds the same data (--fresh forgets them).\n`;
}
