import {
  type Destination,
  destinationCreateMutation,
  destinationDeleteMutation,
  destinationsQuery,
  destinationUpdateMutation,
} from '../api/delivery-queries.ts';
import { type Connection, type Named, nodesOf } from '../api/queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { Nothing, Panel, Problem } from '../parts/layout.tsx';
import { useData } from '../use-data.ts';

/** Where the site's results can be sent. */
export function DestinationsPanel({ site }: { site: Named }) {
  const { data, error, reload } = useData<{ destinations: Connection<Destination> }>(destinationsQuery, {
    siteId: site.id,
  });
  const destinations = data ? nodesOf(data.destinations) : [];
  return (
    <Panel title={`Destinations of ${site.name}`}>
      <Problem message={error} />
      {data && destinations.length === 0 && <Nothing>Results cannot be sent anywhere yet.</Nothing>}
      {destinations.map((destination) => (
        <OneDestination key={`${destination.id} ${destination.etag}`} destination={destination} onDone={reload} />
      ))}
      <details>
        <summary>Add a destination</summary>
        <ActionForm
          title="Add"
          mutation={destinationCreateMutation}
          fields={[]}
          input={({ name, url, token }) => ({ siteId: site.id, name, url, token: token || null })}
          onDone={reload}
          takes={['name', 'url', 'token']}
        >
          <Address />
        </ActionForm>
      </details>
    </Panel>
  );
}

function OneDestination({ destination, onDone }: { destination: Destination; onDone: () => Promise<void> }) {
  const { id, name, url, hasToken, etag } = destination;
  return (
    <article>
      <p class="line">
        <strong>{name}</strong> <code>{url}</code>
        <span class="faint">{hasToken ? 'with a token' : 'without a token'}</span>
      </p>
      <details>
        <summary>Change or remove {name}</summary>
        <ActionForm
          title="Change"
          mutation={destinationUpdateMutation}
          fields={[]}
          // An empty token leaves it as it is: it is not shown, so it cannot be sent back.
          input={({ name, url, token }) => ({ destinationId: id, ifMatch: etag, name, url, ...(token && { token }) })}
          onDone={onDone}
          takes={['name', 'url', 'token']}
        >
          <Address name={name} url={url ?? ''} />
        </ActionForm>
        <ActionForm
          title="Remove"
          mutation={destinationDeleteMutation}
          fields={[]}
          input={() => ({ destinationId: id, ifMatch: etag })}
          onDone={onDone}
        />
      </details>
    </article>
  );
}

const Address = ({ name = '', url = '' }: { name?: string; url?: string }) => (
  <>
    <label class="field">
      Name
      <input name="name" defaultValue={name} required maxLength={100} />
    </label>
    <label class="field">
      Address of its STOW-RS service
      <input name="url" type="url" defaultValue={url} required maxLength={1000} placeholder="https://" />
    </label>
    <label class="field">
      Bearer token, if it asks for one
      <input name="token" type="password" autocomplete="off" maxLength={4096} />
    </label>
  </>
);
