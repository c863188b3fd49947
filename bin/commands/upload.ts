import { parseUploadArguments, type UploadArguments, uploadUsage } from '../upload/arguments.ts';
import { Journal } from '../upload/journal.ts';
import { Progress } from '../upload/progress.ts';
import { type LocalFile, preview, walk } from '../upload/scan.ts';
import { sendAll } from '../upload/send.ts';
import { GivenUp, NotAccepted, Service } from '../upload/service.ts';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Sends a folder of images to a site. */
export async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(uploadUsage);
    return 0;
  }
  let wanted: UploadArguments;
  const files: LocalFile[] = [];
  try {
    wanted = parseUploadArguments(args);
    for await (const file of walk(wanted.folder)) files.push(file);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${uploadUsage}`);
    return 2;
  }
  return wanted.dryRun ? showPreview(wanted, files) : upload(wanted, files);
}

async function showPreview({ folder }: UploadArguments, files: readonly LocalFile[]): Promise<number> {
  const progress = new Progress(files.reduce((sum, { bytes }) => sum + bytes, 0));
  const { studies, series, refused, leftOut } = await preview(folder, ({ bytes }) => progress.add(bytes));
  progress.end();
  for (const one of series)
    say(`  ${String(one.files).padStart(5)} files  ${megabytes(one.bytes)}  ${one.modality} ${one.description}`);
  const count = series.reduce((sum, one) => sum + one.files, 0);
  say(`Would send ${count} files: ${series.length} series of ${studies} studies. Nothing was sent.`);
  sayRest(refused, leftOut, 'would be refused');
  return refused.length > 0 ? 1 : 0;
}

async function upload(wanted: UploadArguments, files: readonly LocalFile[]): Promise<number> {
  const { folder, to, site, tokenFile, retries } = wanted;
  const stop = new AbortController();
  const interrupted = (): void => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  const progress = new Progress(files.reduce((sum, { bytes }) => sum + bytes, 0));
  const onRetry = (why: string, pauseMs: number): void =>
    progress.say(`${why} Trying again in ${(pauseMs / 1000).toFixed(1)} s.`);
  const service = new Service({ to, tokenFile, retries, firstPauseMs: 1000, onRetry, signal: stop.signal });
  try {
    const siteId = await service.siteId(site);
    const journal = await Journal.open(wanted.journal, folder, to, siteId);
    const { stored, before, refused, leftOut } = await sendAll(files, { service, siteId, journal }, (bytes) =>
      progress.add(bytes),
    );
    progress.end();
    say(`Stored ${stored} files${before > 0 ? `; ${before} were stored by an earlier run` : ''}.`);
    sayRest(refused, leftOut, 'were refused');
    return refused.length > 0 ? 1 : 0;
  } catch (error) {
    if (stop.signal.aborted) {
      progress.say('Interrupted. What was acknowledged is stored; run the same command again to go on.');
      return 130;
    }
    if (!(error instanceof NotAccepted || error instanceof GivenUp)) throw error;
    progress.say(error.message);
    return error instanceof NotAccepted ? 4 : 3;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
  }
}

function sayRest(refused: readonly { name: string; reason: string }[], leftOut: number, what: string): void {
  if (leftOut > 0) say(`${leftOut} files are not DICOM and were left out.`);
  if (refused.length > 0) say(`${refused.length} files ${what}:`);
  for (const { name, reason } of refused) say(`  ${name}: ${reason}`);
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1).padStart(8)} MiB`;
