/** The parameter of the address that names the four series, separated by commas. */
const parameter = 'series';
const protocolId = 'bench-two-by-two';

/** Address of plain OHIF's segmentation mode with four series side by side. */
export const plainPath = (studyInstanceUid: string, series: readonly string[]): string =>
  `/viewer/segmentation?StudyInstanceUIDs=${studyInstanceUid}&hangingProtocolId=${protocolId}&${parameter}=${series.join(',')}`;

/** Address of plain OHIF's list of studies, told of the series beforehand since it is configured once. */
export const plainListPath = (series: readonly string[]): string => `/viewer/?${parameter}=${series.join(',')}`;

/**
 * OHIF's app-config.js: its default one with this archive, and a hanging protocol, which it has none of for four volumes: two by two,
 * as ours hangs them: the middle slice first, cameras and labels together.
 */
export const plainConfig = (dicomweb: string): string => `
const series = (new URLSearchParams(location.search).get('${parameter}') ?? '').split(',');
window.config = {
  ...${JSON.stringify({ ...settings(dicomweb), routerBasename: '/viewer/' })},
  modes: [],
  extensions: [
    { id: 'bench', getHangingProtocolModule: () => [{ name: '${protocolId}', protocol: protocolOf(series) }] },
  ],
};
function protocolOf(series) {
  return {
    id: '${protocolId}',
    name: 'Two by two',
    locked: true,
    protocolMatchingRules: [],
    numberOfPriorsReferenced: 0,
    displaySetSelectors: Object.fromEntries(series.map((uid) => [uid, {
      seriesMatchingRules: [
        { attribute: 'SeriesInstanceUID', constraint: { equals: { value: uid } }, required: true, weight: 10 },
      ],
    }])),
    defaultViewport: {
      viewportOptions: { viewportType: 'volume', toolGroupId: 'default', allowUnmatchedView: true },
      displaySets: [{ id: series[0], matchedDisplaySetsIndex: -1 }],
    },
    stages: [{
      name: 'two by two',
      stageActivation: { enabled: { minViewportsMatched: 4 } },
      viewportStructure: { layoutType: 'grid', properties: { rows: 2, columns: 2 } },
      viewports: series.map((uid) => ({
        viewportOptions: {
          toolGroupId: 'default',
          viewportType: 'volume',
          orientation: 'axial',
          initialImageOptions: { preset: 'middle' },
          syncGroups: [
            { type: 'cameraPosition', id: 'camera', source: true, target: true },
            { type: 'hydrateseg', id: 'sameFORId', source: true, target: true, options: { matchingRules: ['sameFOR'] } },
          ],
        },
        displaySets: [{ id: uid }],
      })),
    }],
  };
}
`;

/** Of OHIF's own default configuration, with its advice for Orthanc. */
const settings = (dicomweb: string): object => ({
  showStudyList: true,
  maxNumberOfWebWorkers: 3,
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: true,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  groupEnabledModesFirst: true,
  maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
  investigationalUseDialog: { option: 'never' },
  defaultDataSourceName: 'orthanc',
  dataSources: [
    {
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
      sourceName: 'orthanc',
      configuration: {
        friendlyName: 'Orthanc',
        name: 'orthanc',
        wadoUriRoot: dicomweb,
        qidoRoot: dicomweb,
        wadoRoot: dicomweb,
        qidoSupportsIncludeField: false,
        imageRendering: 'wadors',
        thumbnailRendering: 'wadors',
        enableStudyLazyLoad: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        omitQuotationForMultipartRequest: true,
        bulkDataURI: { enabled: false },
      },
    },
  ],
});
