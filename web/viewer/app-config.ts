import type { PointLps } from '#core/domain/geometry.ts';
import { viewerWarmUpPath } from '#core/domain/web-places.ts';
import { SignedOut } from '../app/api/graphql.ts';
import { askForMetadata } from './early-requests.ts';
import { makeExtension } from './extension/extension.ts';
import { type ModeModule, makeMode } from './extension/mode.ts';
import { seriesOfStudy } from './extension/study-series.ts';
import type { Startup } from './startup.ts';
import { warmUp } from './warm-up.ts';

declare global {
  interface Window {
    PUBLIC_URL: string;
    config: unknown;
  }
}

interface React {
  createElement(type: string, props: object, ...children: unknown[]): unknown;
}

/** What stands at the top left, and leads back. */
const logo = (react: React): unknown =>
  react.createElement(
    'a',
    {
      href: '/studies',
      style: { display: 'flex', alignItems: 'center', gap: '8px', color: '#dde4ea', fontWeight: 600 },
    },
    react.createElement('img', { src: '/assets/icon.svg', alt: '', width: 24, height: 24 }),
    'Metloop',
  );

/** A place of an address, as `x,y,z`; undefined for what is none. */
function placeOf(text: string | null): PointLps | undefined {
  const [x, y, z, ...rest] = (text ?? '').split(',').map(Number);
  const three = x !== undefined && y !== undefined && z !== undefined && rest.length === 0;
  return three && [x, y, z].every(Number.isFinite) ? [x, y, z] : undefined;
}

const signInAgain = (): void =>
  location.assign(`/auth/login?to=${encodeURIComponent(`${location.pathname}${location.search}`)}`);

const parameters = new URLSearchParams(location.search);
const studyInstanceUid = parameters.get('StudyInstanceUIDs') ?? '';
// Asked now, while the application itself is still on its way; who waits for it below is told of a failure.
const askedSeries = seriesOfStudy(studyInstanceUid);
askedSeries.then(
  ({ shown }) => askForMetadata(studyInstanceUid, Object.values(shown)),
  () => {},
);

const showStudy = async ({ peerImport }: Startup): Promise<object> => {
  const [segmentation, basic, series] = await Promise.all([
    peerImport('@ohif/mode-segmentation') as Promise<ModeModule>,
    peerImport('@ohif/mode-basic') as Promise<ModeModule>,
    askedSeries.catch((error) => {
      if (!(error instanceof SignedOut)) throw error;
      signInAgain();
      return new Promise<never>(() => {});
    }),
  ]);
  return {
    routerBasename: window.PUBLIC_URL,
    extensions: [
      makeExtension({
        studyInstanceUid,
        readId: parameters.get('read') ?? undefined,
        shownSeriesUid: parameters.get('show') ?? undefined,
        place: placeOf(parameters.get('at')),
        series,
      }),
    ],
    modes: [makeMode(segmentation, basic)],
    // Otherwise the first stroke in another viewport only selects that viewport, and is lost.
    activateViewportBeforeInteraction: false,
    showStudyList: false,
    whiteLabeling: { createLogoComponentFn: logo },
    maxNumberOfWebWorkers: 3,
    showWarningMessageForCrossOrigin: false,
    showCPUFallbackMessage: true,
    showLoadingIndicator: true,
    strictZSpacingForVolumeViewport: true,
    investigationalUseDialog: { option: 'never' },
    maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
    studyPrefetcher: { enabled: false },
    defaultDataSourceName: 'metloop',
    dataSources: [
      {
        namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
        sourceName: 'metloop',
        configuration: {
          friendlyName: 'Metloop',
          name: 'metloop',
          qidoRoot: '/dicomweb',
          wadoRoot: '/dicomweb',
          wadoUriRoot: '/dicomweb',
          qidoSupportsIncludeField: false,
          supportsReject: false,
          supportsFuzzyMatching: false,
          supportsWildcard: true,
          imageRendering: 'wadors',
          thumbnailRendering: 'wadors',
          enableStudyLazyLoad: true,
          omitQuotationForMultipartRequest: false,
          bulkDataURI: { enabled: false },
          // Binary and uncompressed: what every other reader of SEG understands.
          segmentation: { store: { defaultMode: 'bitmap', transferSyntaxUID: '1.2.840.10008.1.2.1' } },
        },
      },
    ],
    httpErrorHandler: ({ status }: { status?: number }): void => {
      // In the middle of a read the page stays: what was drawn is only in its memory, and the panel says how to go on.
      if (status === 401 && !parameters.has('read')) signInAgain();
    },
  };
};

/** OHIF calls this before it starts and takes what it returns as its configuration. */
window.config = location.pathname === viewerWarmUpPath ? warmUp : showStudy;
