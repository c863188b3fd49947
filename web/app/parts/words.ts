/** How things are written for people. */

const words: Readonly<Record<string, string>> = {
  T1_PRE: 'T1 pre',
  T1_POST: 'T1 post',
  BRAVO: 'BRAVO',
  FLAIR: 'FLAIR',
  OTHER: 'Other',
  BRATS: 'BraTS',
  SEG: 'Segmentation',
  MAX_DICE: 'greatest Dice',
  SENSITIVE: 'most sensitive within the bound on false alarms',
};

/** A word of the API, as NEEDS_REVIEW, for people: "Needs review". */
export const inWords = (name: string): string =>
  words[name] ?? name.charAt(0) + name.slice(1).toLowerCase().replaceAll('_', ' ');

/** A sentence of a worker's, which has the API's words in it. */
export const sentence = (text: string): string => {
  const plain = text.replace(/\bT1_(PRE|POST)\b/g, inWords);
  return plain.charAt(0).toUpperCase() + plain.slice(1);
};

export const dateOf = (iso: string): string => iso.slice(0, 10);
/** In the reader's own time zone. */
export const momentOf = (iso: string): string =>
  new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

export const shortId = (id: string): string => (id.length > 14 ? `${id.slice(0, 6)}…${id.slice(-4)}` : id);

export const number = (value: number | null | undefined, digits = 1): string =>
  value === null || value === undefined ? '–' : value.toFixed(digits);

export function size(bytes: number): string {
  return bytes < 1e6
    ? `${Math.ceil(bytes / 1e3)} kB`
    : bytes < 1e9
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e9).toFixed(2)} GB`;
}

export const plural = (count: number, noun: string, many = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : many}`;
