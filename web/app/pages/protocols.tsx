import { type Connection, nodesOf } from '../api/queries.ts';
import { type Protocol, protocolPublishMutation, protocolsQuery } from '../api/reading-queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { Heading, Nothing, Panel, Problem } from '../parts/layout.tsx';
import { momentOf, number } from '../parts/words.ts';
import { useData } from '../use-data.ts';

/** How cases are read; a published protocol stays as it is. */
export function ProtocolsPage() {
  const { data, error, reload } = useData<{ viewer: { tenant: { protocols: Connection<Protocol> } } }>(protocolsQuery);
  const protocols = data ? nodesOf(data.viewer.tenant.protocols) : [];
  return (
    <>
      <Heading
        title="Protocols"
        hint="How cases are read. A published protocol never changes: a changed one gets a name of its own."
      />
      <Problem message={error} />
      <div class="columns">
        <div>
          {data && protocols.length === 0 && <Nothing>No protocol has been published.</Nothing>}
          {protocols.map(({ id, name, instructions, readerCount, agreement, publishedAt }) => (
            <Panel key={id} title={name} aside={<span class="faint">{momentOf(publishedAt)}</span>}>
              <p>{instructions}</p>
              <p class="faint note">
                {readerCount} independent {readerCount === 1 ? 'reader' : 'readers'}. Outlines agree from a Dice of{' '}
                {number(agreement.minDice, 2)} and within {number(agreement.maxHd95Mm)} mm (95 % surface distance);
                lesions shorter than {number(agreement.smallLesionMm)} mm by overlap alone.
              </p>
            </Panel>
          ))}
        </div>
        <Panel title="Publish a protocol">
          <ActionForm
            title="Publish"
            mutation={protocolPublishMutation}
            fields={[
              { name: 'name', label: 'Name' },
              { name: 'instructions', label: 'What readers are told' },
            ]}
            input={(values) => values}
            onDone={reload}
          />
          <p class="faint note">Two readers, and the usual rule of agreement.</p>
        </Panel>
      </div>
    </>
  );
}
