import { oversightRoles } from '#core/domain/roles.ts';
import { type WebPlace, webPlaces } from '#core/domain/web-places.ts';
import { may, type Viewer } from './api/queries.ts';
import { AdjudicatePage } from './pages/adjudicate.tsx';
import { AgreementPage } from './pages/agreement.tsx';
import { DeskPage } from './pages/desk.tsx';
import { ModelPage } from './pages/model.tsx';
import { ModelsPage } from './pages/models.tsx';
import { ProtocolsPage } from './pages/protocols.tsx';
import { ReadsPage } from './pages/reads.tsx';
import { SitesPage } from './pages/sites.tsx';
import { StudiesPage } from './pages/studies.tsx';
import { StudyPage } from './pages/study.tsx';
import { TrainingPage } from './pages/training.tsx';
import { UploadPage } from './pages/upload.tsx';
import { Heading, Nothing } from './parts/layout.tsx';
import { inWords } from './parts/words.ts';
import { Link, usePath } from './router.tsx';

const uploads = (viewer: Viewer): boolean =>
  viewer.roles.some((role) => role === 'COORDINATOR' || role === 'CLINICIAN');

/** Reads, or looks at reads. */
const reads = ({ roles }: Viewer): boolean => roles.some((role) => role === 'READER' || oversightRoles.has(role));

const places: Readonly<Record<WebPlace, { title: string; visible: (viewer: Viewer) => boolean }>> = {
  studies: { title: 'Studies', visible: () => true },
  upload: { title: 'Upload', visible: uploads },
  reads: { title: 'My reads', visible: (viewer) => may(viewer, 'readStart') },
  desk: { title: 'Reading desk', visible: (viewer) => may(viewer, 'taskPrioritize') },
  agreement: { title: 'Agreement', visible: reads },
  protocols: { title: 'Protocols', visible: (viewer) => may(viewer, 'protocolPublish') },
  training: { title: 'Training', visible: (viewer) => may(viewer, 'retraining') },
  sites: { title: 'Sites', visible: (viewer) => may(viewer, 'deidentificationProfileSet') },
  models: { title: 'Model versions', visible: (viewer) => may(viewer, 'modelVersions') },
};

function page(path: string, viewer: Viewer) {
  const [, place = '', id] = path.split('/').map(decodeURIComponent);
  if (place === 'studies' && id) return <StudyPage key={id} id={id} viewer={viewer} />;
  if (place === 'models' && id) return <ModelPage key={id} id={id} viewer={viewer} />;
  if (place === 'reads' && id && may(viewer, 'verdictGive')) return <AdjudicatePage key={id} id={id} />;
  if (place === 'upload' && uploads(viewer)) return <UploadPage viewer={viewer} />;
  if (place === 'reads' && may(viewer, 'readStart')) return <ReadsPage viewer={viewer} />;
  if (place === 'protocols' && may(viewer, 'protocolPublish')) return <ProtocolsPage />;
  if (place === 'desk' && may(viewer, 'taskPrioritize')) return <DeskPage />;
  if (place === 'agreement' && reads(viewer)) return <AgreementPage viewer={viewer} />;
  if (place === 'training' && may(viewer, 'retraining')) return <TrainingPage viewer={viewer} />;
  if (place === 'sites' && may(viewer, 'deidentificationProfileSet')) return <SitesPage viewer={viewer} />;
  if (place === 'models' && may(viewer, 'modelVersions')) return <ModelsPage />;
  if (['', 'studies', 'sign-in'].includes(place)) return <StudiesPage viewer={viewer} />;
  return (
    <>
      <Heading title="Not here" />
      <Nothing>There is no such page, or not for your roles.</Nothing>
    </>
  );
}

/** What surrounds every page of who is signed in. */
export function Shell({ viewer }: { viewer: Viewer }) {
  const path = usePath();
  return (
    <>
      <header class="bar">
        <Link to="/studies" class="brand">
          <img src="/assets/icon.svg" alt="" width="22" height="22" />
          Metloop
        </Link>
        <nav aria-label="Pages">
          {webPlaces
            .filter((place) => places[place].visible(viewer))
            .map((place) => (
              <Link
                key={place}
                to={`/${place}`}
                current={path.startsWith(`/${place}`) || (path === '/' && place === 'studies')}
              >
                {places[place].title}
              </Link>
            ))}
        </nav>
        <div class="who">
          <span>
            {viewer.member.name}
            <span class="faint">
              {viewer.roles.map(inWords).join(', ')} · {viewer.tenant.name}
            </span>
          </span>
          <button type="button" onClick={signOut}>
            Sign out
          </button>
        </div>
      </header>
      <main class="page">{page(path, viewer)}</main>
    </>
  );
}

async function signOut(): Promise<void> {
  const response = await fetch('/auth/logout', { method: 'POST', headers: { 'metloop-csrf': '1' } });
  const { location: to = '/' } = (await response.json().catch(() => ({}))) as { location?: string };
  location.assign(to);
}
