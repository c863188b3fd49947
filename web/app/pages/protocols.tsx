import { type Connection, nodesOf } from '../api/queries.ts';
import { type Protocol, protocolsQuery } from '../api/reading-queries.ts';
import { Heading, Nothing, Panel, Problem } from '../parts/layout.tsx';
import { momentOf, number, plural } from '../parts/words.ts';
import { useData } from '../use-data.ts';
import { ProtocolForm } from './protocol-form.tsx';

/** How cases are read; a published version stays as it is. */
export function ProtocolsPage() {
  const { data, error, reload } = useData<{ viewer: { tenant: { protocols: Connection<Protocol> } } }>(protocolsQuery);
  const protocols = data ? nodesOf(data.viewer.tenant.protocols) : [];
  const newest = protocols.filter(({ successor }) => successor === null);
  return (
    <>
      <Heading
        title="Protocols"
        hint="How cases are read. A published version never changes: tasks keep the one that they began with."
      />
      <Problem message={error} />
      <div class="columns">
        <div>
          {data && newest.length === 0 && <Nothing>No protocol has been published.</Nothing>}
          {newest.map((protocol) => (
            <Panel
              key={protocol.id}
              title={protocol.name}
              aside={
                <span class="faint">
                  Version {protocol.number}, {momentOf(protocol.publishedAt)}
                </span>
              }
            >
              <p class="instructions">{protocol.instructions}</p>
              {sentencesOf(protocol).map((sentence) => (
                <p key={sentence} class="faint note">
                  {sentence}
                </p>
              ))}
              <details>
                <summary>Publish a new version</summary>
                <ProtocolForm parent={protocol} onDone={reload} />
              </details>
            </Panel>
          ))}
        </div>
        <Panel title="Publish a protocol">
          <ProtocolForm onDone={reload} />
        </Panel>
      </div>
    </>
  );
}

const rules: Readonly<Record<Protocol['assignment'], string>> = {
  MANUAL: 'A coordinator assigns each read.',
  ROUND_ROBIN: 'A new task goes to those readers of its site who have the least to do.',
  PRIORITY: 'Readers take the next task of the greatest priority.',
};

/** A protocol as sentences. */
function sentencesOf(protocol: Protocol): string[] {
  const { readerCount, blind, agreement, adjudicators, preAnnotation, unassistedShare } = protocol;
  const readers = `${readerCount} ${blind ? 'blind' : 'open'} ${readerCount === 1 ? 'reader' : 'readers'}`;
  const checked = protocol.check === 'DELINEATE_THEN_CHECK' ? ', each lesion checked by a second reader' : '';
  const judged = protocol.adjudicateSoleRead ? ', each lesion judged by an adjudicator' : checked;
  return [
    `${readers}${judged}. ${rules[protocol.assignment]} A read is due after ${plural(protocol.dueHours, 'hour')}.`,
    `Outlines agree from a Dice of ${number(agreement.minDice, 2)} and within ${number(agreement.maxHd95Mm)} mm (95 % surface distance); lesions shorter than ${number(agreement.smallLesionMm)} mm by overlap alone.`,
    ...(adjudicators.length > 0 ? [`Adjudicated by ${adjudicators.map(({ name }) => name).join(', ')}.`] : []),
    ...(preAnnotation
      ? [
          `Reads start from what a version found, but for ${number(100 * unassistedShare, 0)} % of them, drawn at random; never in the test set.`,
        ]
      : []),
  ];
}
