import { parseArgs } from 'node:util';
import { address } from '../upload/arguments.ts';

const formats = { bids: 'BIDS', nnunet: 'NNUNET', 'dicom-seg': 'DICOM_SEG' } as const;

export interface ExportArguments {
  /** Name or id. */
  readonly dataset: string;
  readonly format: (typeof formats)[keyof typeof formats];
  readonly from: string;
  readonly to: string;
  readonly tokenFile: string | undefined;
}

export const exportUsage = `metloop export DATASET --from URL --format FORMAT --to FILE [--token-file FILE]

  DATASET       name or id of a frozen dataset
  --from        address of Metloop, such as https://metloop.example
  --format      bids (NIfTI as acquired), nnunet (NIfTI on BRAVO's grid, to train on) or dicom-seg (DICOM as stored)
  --to          the zip archive to write; it must not be there yet
  --token-file  file with the access token of an ENGINEER; otherwise METLOOP_TOKEN

Exit codes: 0 all of it is written; 2 wrong arguments; 3 the service could not be reached or broke off; 4 the token or the dataset was
not accepted; 130 interrupted. What was received of an archive that broke off is deleted.
`;

/** @throws TypeError with a sentence that says which argument is wrong */
export function parseExportArguments(args: readonly string[]): ExportArguments {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { from: text, to: text, format: text, 'token-file': text },
  });
  const [dataset, ...more] = positionals;
  if (!dataset || more.length > 0) throw new TypeError('Name one dataset.');
  if (!values.from) throw new TypeError('--from is missing: the address of Metloop.');
  if (!values.to) throw new TypeError('--to is missing: the file to write.');
  const format = formats[(values.format ?? '') as keyof typeof formats];
  if (!format) throw new TypeError(`--format is "${values.format ?? ''}": give ${Object.keys(formats).join(', ')}.`);
  return { dataset, format, from: address(values.from, '--from'), to: values.to, tokenFile: values['token-file'] };
}
