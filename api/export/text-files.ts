import type { ExportFile } from './contents.ts';

export const textFile = (path: string, text: string): ExportFile => ({
  path,
  bytes: Buffer.from(text),
  compress: true,
});

/** Indented, for people too. */
export const jsonFile = (path: string, value: object): ExportFile =>
  textFile(path, `${JSON.stringify(value, null, 2)}\n`);

/** Tab-separated values as BIDS has them: `n/a` where there is none. */
export const tableFile = (
  path: string,
  columns: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): ExportFile =>
  textFile(path, [columns, ...rows].map((row) => `${row.map((value) => value ?? 'n/a').join('\t')}\n`).join(''));

/** As NIfTI, which is gzipped already. */
export const volumeFile = (path: string, bytes: Uint8Array): ExportFile => ({ path, bytes, compress: false });
