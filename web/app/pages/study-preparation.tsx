import { useState } from 'preact/hooks';
import { type SeriesRole, seriesRoles } from '#core/domain/sequence.ts';
import type { FollowedJob } from '../api/follow-jobs.ts';
import { may, type Preparation, type Study, type Viewer } from '../api/queries.ts';
import { preparationJudgeMutation, preparationStartMutation } from '../api/reading-queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { JobState } from '../parts/badges.tsx';
import { Facts, Nothing, Panel } from '../parts/layout.tsx';
import { inWords, number, sentence } from '../parts/words.ts';

interface Props {
  readonly study: Study;
  readonly viewer: Viewer;
  readonly job: FollowedJob | undefined;
  readonly onDone: () => Promise<void>;
}

/** How the study was made ready, with the pictures by which a person judges a registration. */
export function PreparationPanel({ study, viewer, job, onDone }: Props) {
  const { preparation } = study;
  if (!preparation)
    return (
      <Panel title="Preparation">
        <Nothing>Not prepared: it needs a BRAVO series.</Nothing>
      </Panel>
    );
  const { warnings, brainMaskVolumeMm3, judgement } = preparation;
  const inReview = preparation.state === 'NEEDS_REVIEW';
  return (
    <Panel
      title="Preparation"
      aside={<JobState state={job?.state || preparation.state} progress={job?.progress ?? preparation.progress} />}
    >
      {brainMaskVolumeMm3 !== null && <Facts facts={[['Brain mask', `${number(brainMaskVolumeMm3 / 1000, 0)} cm³`]]} />}
      <Registrations study={study} open={inReview} />
      {warnings.map((warning) => (
        <p key={warning} class="warn-text">
          {sentence(warning)}
        </p>
      ))}
      {judgement && (
        <p class="faint">
          Judged {inWords(judgement.decision).toLowerCase()} by {judgement.member.name}: {judgement.reason}
        </p>
      )}
      {inReview && may(viewer, 'preparationJudge') && <Judge preparation={preparation} onDone={onDone} />}
      {preparation.state === 'FAILED' && may(viewer, 'preparationStart') && (
        <ActionForm
          title="Prepare again"
          mutation={preparationStartMutation}
          fields={[]}
          input={() => ({ studyId: study.id })}
          onDone={onDone}
        />
      )}
    </Panel>
  );
}

function Registrations({ study: { preparation, studyInstanceUid }, open }: { study: Study; open: boolean }) {
  const place = ({ series }: { series: { role: SeriesRole | null } }): number =>
    seriesRoles.indexOf(series.role ?? 'OTHER');
  const registrations = (preparation?.registrations ?? []).toSorted((a, b) => place(a) - place(b));
  if (registrations.length === 0) return null;
  return (
    <>
      <table>
        <thead>
          <tr>
            <th>Laid on BRAVO</th>
            <th class="number">Rotation (°)</th>
            <th class="number">Shift (mm)</th>
            <th class="number">NMI</th>
            <th>Plausible</th>
          </tr>
        </thead>
        <tbody>
          {registrations.map(({ series, rotationDegrees, translationMm, nmi, plausible }) => (
            <tr key={series.seriesInstanceUid}>
              <td>{inWords(series.role ?? 'OTHER')}</td>
              <td class="number">{number(rotationDegrees, 2)}</td>
              <td class="number">{number(translationMm, 2)}</td>
              <td class="number">{number(nmi, 3)}</td>
              <td>{plausible ? 'yes' : <span class="warn-text">no</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <details open={open}>
        <summary>Checkerboards: fields of BRAVO and of the other in turn; edges should run on</summary>
        {registrations.map(({ series }) => (
          <figure key={series.seriesInstanceUid}>
            <figcaption class="faint">{inWords(series.role ?? 'OTHER')}</figcaption>
            <img
              loading="lazy"
              alt={`Checkerboard of BRAVO and ${inWords(series.role ?? 'OTHER')}`}
              src={`/dicomweb/studies/${studyInstanceUid}/series/${series.seriesInstanceUid}/checkerboard?of=${preparation?.id}`}
            />
          </figure>
        ))}
      </details>
    </>
  );
}

function Judge({ preparation, onDone }: { preparation: Preparation; onDone: () => Promise<void> }) {
  const [decision, setDecision] = useState('USABLE');
  return (
    <ActionForm
      title={decision === 'USABLE' ? 'Judge as usable' : 'Judge as unusable'}
      mutation={preparationJudgeMutation}
      fields={[{ name: 'reason', label: 'Why' }]}
      input={(values) => ({ preparationId: preparation.id, decision, ...values })}
      onDone={onDone}
    >
      <fieldset>
        <legend>These registrations are</legend>
        {['USABLE', 'UNUSABLE'].map((value) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="decision"
              value={value}
              checked={decision === value}
              onChange={() => setDecision(value)}
            />{' '}
            {inWords(value)}
          </label>
        ))}
      </fieldset>
    </ActionForm>
  );
}
