import { useState } from 'preact/hooks';
import { type Protocol, protocolPublishMutation } from '../api/reading-queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { Choice } from '../parts/choice.tsx';

const options = (...pairs: readonly (readonly [id: string, name: string])[]) =>
  pairs.map(([id, name]) => ({ id, name }));
const counts = options(['1', 'One'], ['2', 'Two'], ['3', 'Three']);
const sights = options(['blind', 'Blind to each other'], ['open', 'Open to each other']);
const rules = options(
  ['MANUAL', 'By a coordinator'],
  ['ROUND_ROBIN', 'In turn, by site and load'],
  ['PRIORITY', 'Readers take the most urgent'],
);
const starts = options(
  ['never', 'From nothing'],
  ['always', 'From what a version found'],
  ['half', 'From what a version found, every second at random not'],
);
const soles = options(
  ['accepted', 'Accepted as signed'],
  ['checked', 'Checked by a second reader'],
  ['judged', 'Judged by an adjudicator'],
);

interface Props {
  /** The newest version, which the new one follows. */
  readonly parent?: Protocol;
  readonly onDone: () => Promise<void>;
}

const usual = { readerCount: 2, blind: true, assignment: 'MANUAL' } as const;
const startOf = ({ preAnnotation, unassistedShare }: Protocol): string =>
  preAnnotation ? (unassistedShare > 0 ? 'half' : 'always') : 'never';

const soleOf = ({ check, adjudicateSoleRead }: Protocol): string =>
  check === 'DELINEATE_THEN_CHECK' ? 'checked' : adjudicateSoleRead ? 'judged' : 'accepted';

/** What a tenant's administrator decides on; figures of agreement and the adjudicators of the parent are kept. */
export function ProtocolForm({ parent, onDone }: Props) {
  const before = parent ?? usual;
  const [count, setCount] = useState(String(before.readerCount));
  const [sight, setSight] = useState(before.blind ? 'blind' : 'open');
  const [assignment, setAssignment] = useState<string>(before.assignment);
  const [start, setStart] = useState(parent ? startOf(parent) : 'never');
  const [sole, setSole] = useState(parent ? soleOf(parent) : 'accepted');
  const input = ({ dueHours, ...texts }: Readonly<Record<string, string>>) => ({
    ...(parent && {
      parentId: parent.id,
      name: parent.name,
      agreement: parent.agreement,
      adjudicatorIds: parent.adjudicators.map(({ id }) => id),
    }),
    ...texts,
    dueHours: Number(dueHours),
    readerCount: Number(count),
    blind: sight === 'blind',
    assignment,
    check: count === '1' && sole === 'checked' ? 'DELINEATE_THEN_CHECK' : 'INDEPENDENT',
    adjudicateSoleRead: count === '1' && sole === 'judged',
    preAnnotation: start !== 'never',
    unassistedShare: start === 'half' ? 0.5 : 0,
    // Whoever knows the seed can tell the draw beforehand, so that nobody chooses it.
    seed: crypto.getRandomValues(new Uint32Array(1))[0]! % 2 ** 31,
  });
  return (
    <ActionForm
      title={parent ? 'Publish the new version' : 'Publish'}
      mutation={protocolPublishMutation}
      fields={[
        ...(parent ? [] : [{ name: 'name', label: 'Name' }]),
        { name: 'instructions', label: 'What readers are told', value: parent?.instructions ?? '', long: 20_000 },
        {
          name: 'dueHours',
          label: 'Hours until a read is due',
          value: String(parent?.dueHours ?? 336),
          count: 'REQUIRED',
        },
      ]}
      input={input}
      onDone={onDone}
    >
      <Choice label="Readers a study" value={count} options={counts} onChange={setCount} />
      {count === '1' ? (
        <Choice label="Their read is" value={sole} options={soles} onChange={setSole} />
      ) : (
        <Choice label="Readers are" value={sight} options={sights} onChange={setSight} />
      )}
      <Choice label="Reads are assigned" value={assignment} options={rules} onChange={setAssignment} />
      <Choice label="Reads start" value={start} options={starts} onChange={setStart} />
    </ActionForm>
  );
}
