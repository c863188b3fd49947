/** Pages of the web app by the first word of their address, in the order of its menu; a second word is what a page shows. */
export const webPlaces = [
  'studies',
  'upload',
  'reads',
  'desk',
  'agreement',
  'protocols',
  'training',
  'sites',
  'models',
] as const;
export type WebPlace = (typeof webPlaces)[number];

/** The viewer's page that fetches and runs its scripts and shows nothing. */
export const viewerWarmUpPath = '/viewer/warm-up';
