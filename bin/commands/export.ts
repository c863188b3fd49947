import { existsSync } from 'node:fs';
import { type ExportArguments, exportUsage, parseExportArguments } from '../export/arguments.ts';
import { casesSent, exportPathOf, receive } from '../export/receive.ts';
import { GivenUp, NotAccepted, Service } from '../upload/service.ts';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Writes a frozen dataset to a zip archive. */
export async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(exportUsage);
    return 0;
  }
  let wanted: ExportArguments;
  try {
    wanted = parseExportArguments(args);
    if (existsSync(wanted.to)) throw new TypeError(`${wanted.to} is there already: name another file.`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${exportUsage}`);
    return 2;
  }
  const stop = new AbortController();
  const interrupted = (): void => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  try {
    await fetchArchive(wanted, stop.signal);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) {
      process.stderr.write('Interrupted. Nothing was kept.\n');
      return 130;
    }
    if (!(error instanceof NotAccepted || error instanceof GivenUp)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof NotAccepted ? 4 : 3;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
  }
}

async function fetchArchive(wanted: ExportArguments, signal: AbortSignal): Promise<void> {
  const { from: to, tokenFile } = wanted;
  const onRetry = (why: string, pauseMs: number): void =>
    void process.stderr.write(`${why} Trying again in ${(pauseMs / 1000).toFixed(1)} s.\n`);
  const service = new Service({ to, tokenFile, retries: 3, firstPauseMs: 1000, onRetry, signal });
  const response = await service.open(await exportPathOf(service, wanted));
  let bytes = 0;
  const shown = show(service, response.headers.get('metloop-export'), () => bytes);
  try {
    await receive(response, wanted.to, (more) => void (bytes += more));
  } finally {
    shown.end();
  }
  say(`Wrote ${mebibytes(bytes)} to ${wanted.to}.`);
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Says every two seconds on a terminal, otherwise every ten, how much has come: cases as the service counts them, since nobody knows the size. */
function show(service: Service, id: string | null, bytes: () => number): { end(): void } {
  const terminal = process.stderr.isTTY;
  const timer = setInterval(
    async () => {
      const sent = id && (await casesSent(service, id).catch(() => undefined));
      const line = `${sent ? `${sent.casesDone} of ${sent.caseCount} cases, ` : ''}${mebibytes(bytes())}`;
      process.stderr.write(terminal ? `\r\u001b[K${line}` : `${line}\n`);
    },
    terminal ? 2000 : 10_000,
  );
  return {
    end: () => {
      clearInterval(timer);
      if (terminal) process.stderr.write('\r\u001b[K');
    },
  };
}
