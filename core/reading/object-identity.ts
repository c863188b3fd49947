import type { ObjectIdentity } from '../dicom/derived-series.ts';
import { version } from '../version.ts';

/** Identifies and dates an object written now, UTC. */
export function objectIdentity(
  which: Pick<ObjectIdentity, 'sopInstanceUid' | 'seriesInstanceUid' | 'seriesNumber' | 'seriesDescription'>,
): ObjectIdentity {
  const [date = '', time = ''] = new Date().toISOString().split('T');
  return {
    ...which,
    contentDate: date.replaceAll('-', ''),
    contentTime: time.slice(0, 8).replaceAll(':', ''),
    softwareVersion: `Metloop ${version}`,
  };
}
