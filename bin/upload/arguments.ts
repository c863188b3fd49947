import { parseArgs } from 'node:util';

export interface UploadArguments {
  readonly folder: string;
  readonly to: string;
  readonly site: string;
  readonly tokenFile: string | undefined;
  readonly dryRun: boolean;
  readonly retries: number;
  readonly journal: string | undefined;
}

export const uploadUsage = `metloop upload DIR --to URL --site SITE [--token-file FILE] [--dry-run] [--retries N] [--journal FILE]

  DIR           a folder; every DICOM image in it and below is sent, other files are not
  --to          address of Metloop, such as https://metloop.example
  --site        name or id of the site that the images come from
  --token-file  file with the access token, read again before each request; otherwise METLOOP_TOKEN
  --dry-run     shows what would be sent and what would be refused, and sends nothing
  --retries     attempts after the first before a request is given up, 8 unless told
  --journal     file that remembers what is stored, so that a next run goes on from there

Exit codes: 0 everything is stored; 1 some files were refused; 2 wrong arguments; 3 the service could not be reached or failed for
too long (run the same command again to go on); 4 the token or the site was not accepted; 130 interrupted.
`;

/** @throws TypeError with a sentence that says which argument is wrong */
export function parseUploadArguments(args: readonly string[]): UploadArguments {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{ to: text, site: text, 'token-file': text, retries: text, journal: text },
      'dry-run': { type: 'boolean' },
    },
  });
  const [folder, ...more] = positionals;
  if (!folder || more.length > 0) throw new TypeError('Name one folder that holds the images.');
  const dryRun = values['dry-run'] ?? false;
  if (!dryRun && !values.to) throw new TypeError('--to is missing: the address of Metloop.');
  if (!dryRun && !values.site)
    throw new TypeError('--site is missing: the name of the site that the images come from.');
  const retries = Number(values.retries ?? 8);
  if (!Number.isInteger(retries) || retries < 0 || retries > 100)
    throw new TypeError(`--retries is "${values.retries}", not a number from 0 to 100.`);
  return {
    ...{ folder, dryRun, retries, site: values.site ?? '', tokenFile: values['token-file'], journal: values.journal },
    to: dryRun && !values.to ? '' : address(values.to!),
  };
}

/** Images travel with the patient's name: without TLS only on one machine. */
export function address(text: string, argument = '--to'): string {
  const url = URL.parse(text);
  const local = url !== null && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && local)))
    throw new TypeError(`${argument} is "${text}": give an https address; http is for this machine alone.`);
  return url.href.replace(/\/$/, '');
}
