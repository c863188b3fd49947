import { useState } from 'preact/hooks';
import { type Evaluation, reviewSignMutation, type Version, versionSubmitMutation } from '../api/queries.ts';
import { ActionForm } from '../parts/action-form.tsx';

interface Done {
  readonly onDone: () => Promise<void>;
}

/** Hands a version with its report to those who sign. */
export const Submit = ({ version, evaluation, onDone }: { version: Version; evaluation: Evaluation } & Done) => (
  <ActionForm
    title="Submit for review"
    mutation={versionSubmitMutation}
    fields={[
      { name: 'intendedUse', label: 'What it is for' },
      { name: 'limits', label: 'Where it is weak' },
    ]}
    input={(values) => ({ modelVersionId: version.id, evaluationId: evaluation.id, ...values })}
    onDone={onDone}
  />
);

/** Signs for or against the version by the hash of the report that is shown. */
export function Sign({ version, reportSha256, onDone }: { version: Version; reportSha256: string } & Done) {
  const [decision, setDecision] = useState('APPROVE');
  return (
    <ActionForm
      title={decision === 'APPROVE' ? 'Sign and approve' : 'Sign and reject'}
      mutation={reviewSignMutation}
      fields={[
        {
          name: 'meaning',
          label: 'What the signature means',
          value: 'I have read the report and approve this version for clinical research use',
        },
        { name: 'comment', label: 'Comment' },
      ]}
      input={(values) => ({ modelVersionId: version.id, reportSha256, decision, ...values })}
      onDone={onDone}
    >
      <fieldset>
        <legend>Decision on report {reportSha256.slice(0, 12)}…</legend>
        {['APPROVE', 'REJECT'].map((value) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="decision"
              value={value}
              checked={decision === value}
              onChange={() => setDecision(value)}
            />
            {value === 'APPROVE' ? 'Approve' : 'Reject'}
          </label>
        ))}
      </fieldset>
    </ActionForm>
  );
}
