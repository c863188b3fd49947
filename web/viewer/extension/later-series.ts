import { whenImagesAreThere } from './images-there.ts';
import type { Managers, SeriesToAsk } from './ohif.ts';

/** Of waiting for images that nothing may come of: then the other series are asked for all the same. */
const patienceMs = 5000;

/**
 * OHIF asks for the metadata of all other series as soon as it has those of the images that hang, and reading them keeps these images
 * from being painted. Here the others, labels among them, are asked for once the images are there.
 */
export function askForOthersLater(managers: Managers): void {
  const { hangingProtocolService } = managers.servicesManager.services;
  const filter = hangingProtocolService.filterSeriesRequiredForRun.bind(hangingProtocolService);
  hangingProtocolService.filterSeriesRequiredForRun = (protocolId, series) => {
    const { requiredSeries, remaining } = filter(protocolId, series);
    if (requiredSeries.length === 0 || remaining.length === 0) return { requiredSeries, remaining };
    const imagesAreThere = new Promise<void>((resolve) => {
      const stopWaiting = whenImagesAreThere(managers, resolve);
      setTimeout(() => {
        stopWaiting();
        resolve();
      }, patienceMs);
    });
    const later = (one: SeriesToAsk): SeriesToAsk => ({ start: () => imagesAreThere.then(() => one.start()) });
    return { requiredSeries, remaining: remaining.map(later) };
  };
}
