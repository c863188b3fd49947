import { useState } from 'preact/hooks';
import {
  deidentificationProfileSetMutation,
  type ProfileOption,
  profileOptions,
  type SiteInList,
  sitesQuery,
} from '../api/deidentification-queries.ts';
import { type Connection, may, nodesOf, type Viewer } from '../api/queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { Heading, Panel, Problem } from '../parts/layout.tsx';
import { momentOf } from '../parts/words.ts';
import { useData } from '../use-data.ts';
import { DestinationsPanel } from './site-destinations.tsx';

const meanings: Readonly<Record<ProfileOption, string>> = {
  cleanDescriptors: 'Keep technical words of descriptions and comments',
  cleanStructuredContent: 'Keep codes and numbers of acquisition context and content items',
  retainLongitudinal: 'Keep dates, shifted for each patient, and times',
  retainPatientCharacteristics: 'Keep sex, age up to 90, size and weight',
  retainDeviceIdentity: 'Keep station names and serial numbers of scanners',
  retainSafePrivate: "Keep safe numbers of makers' private attributes, such as b-values",
  deface: 'Remove face and ears; images are withheld until that is done',
};

/** What de-identification keeps of each site's files, and where its results may be sent. */
export function SitesPage({ viewer }: { viewer: Viewer }) {
  const { data, error, reload } = useData<{ viewer: { sites: Connection<SiteInList> } }>(sitesQuery);
  return (
    <>
      <Heading
        title="Sites"
        hint="What de-identification keeps of a site's files, and where its results can be sent. A choice of what is kept holds for uploads to come; stored files stay as they are."
      />
      <Problem message={error} />
      {data &&
        nodesOf(data.viewer.sites).map((site) => (
          <div key={site.id}>
            <Site key={versionKey(site)} site={site} onDone={reload} />
            {may(viewer, 'destinationCreate') && <DestinationsPanel site={site} />}
          </div>
        ))}
    </>
  );
}

/** A form begins anew with each version. */
const versionKey = ({ id, deidentificationProfiles: [present] }: SiteInList): string => `${id} ${present?.version}`;

function Site({ site, onDone }: { site: SiteInList; onDone: () => Promise<void> }) {
  const [present] = site.deidentificationProfiles;
  const [chosen, setChosen] = useState<Readonly<Record<ProfileOption, boolean>>>(
    () =>
      Object.fromEntries(profileOptions.map((name) => [name, present?.[name] ?? false])) as Record<
        ProfileOption,
        boolean
      >,
  );
  if (!present) return null;
  const { version, setBy, setAt } = present;
  return (
    <Panel
      title={site.name}
      aside={
        <span class="faint">
          Version {version}
          {setBy && setAt ? `, by ${setBy.name}, ${momentOf(setAt)}` : ', built in'}
        </span>
      }
    >
      <ActionForm
        title="Choose for uploads to come"
        mutation={deidentificationProfileSetMutation}
        fields={[]}
        input={() => ({ siteId: site.id, version, ...chosen })}
        disabled={profileOptions.every((name) => chosen[name] === present[name])}
        onDone={onDone}
      >
        <fieldset>
          <legend>De-identification</legend>
          {profileOptions.map((name) => (
            <label key={name} class="choice">
              <input
                type="checkbox"
                checked={chosen[name]}
                onChange={({ currentTarget }) => setChosen({ ...chosen, [name]: currentTarget.checked })}
              />{' '}
              {meanings[name]}
            </label>
          ))}
        </fieldset>
      </ActionForm>
    </Panel>
  );
}
