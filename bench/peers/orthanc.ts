import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, installPackages } from '../../bin/debian.ts';

/** The Debian packages of Orthanc with DICOMweb. */
export const orthancPackages = ['orthanc', 'orthanc-dicomweb'] as const;
/** Orthanc loads it; its package is another than Orthanc's. */
const dicomWebPlugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

/** Another archive, running on this machine until it is stopped. */
export interface Orthanc {
  /** Of its own interface. */
  readonly address: string;
  /** Of DICOMweb. */
  readonly dicomweb: string;
  readonly pid: number;
  readonly version: string;
  /** Tells it of a DICOMweb server that it can send to and query, as `name`. */
  addServer(name: string, url: string, headers: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** Orthanc's program, if it is there with its DICOMweb. */
export function findOrthanc(): string | undefined {
  return existsSync(dicomWebPlugin) ? findProgram('Orthanc') : undefined;
}

/** Orthanc's program, installed if need be. @throws Error that says what to install */
export async function requireOrthanc(log: (line: string) => void): Promise<string> {
  const found = findOrthanc();
  if (found !== undefined) return found;
  log(`Installing Orthanc: apt-get install ${orthancPackages.join(' ')}`);
  const reason = await installPackages(orthancPackages);
  const installed = findOrthanc();
  if (installed === undefined) throw new Error(`Orthanc is not there: ${reason}`);
  return installed;
}

/**
 * Starts an empty Orthanc with its defaults, on a free port, in a temporary folder. It answers this machine alone.
 * @throws Error with what it logged, if it does not answer within 20 s
 */
export async function startOrthanc(program: string): Promise<Orthanc> {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-orthanc-'));
  const port = await freePort();
  const [configuration, logFile] = [join(folder, 'orthanc.json'), join(folder, 'log')];
  await writeFile(configuration, JSON.stringify(settings(folder, port)));
  const child = spawn(program, [`--logfile=${logFile}`, configuration], {
    stdio: 'ignore',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  const address = `http://127.0.0.1:${port}`;
  try {
    const version = await Promise.race([untilItAnswers(address, () => child.exitCode), failed]);
    const addServer: Orthanc['addServer'] = async (name, url, headers) => {
      const server = { Url: url, HttpHeaders: headers };
      const { ok, status } = await fetch(`${address}/dicom-web/servers/${name}`, {
        method: 'PUT',
        body: JSON.stringify(server),
      });
      if (!ok) throw new Error(`Orthanc answered ${status} when it was told of ${url}`);
    };
    return { address, dicomweb: `${address}/dicom-web`, pid: child.pid!, version, addServer, stop };
  } catch (error) {
    const said = await readFile(logFile, 'utf8').catch(() => '');
    await stop();
    throw new Error(`Orthanc did not start: ${said.trim().split('\n').slice(-5).join('\n')}`, { cause: error });
  }
}

/** Everything else is as Orthanc has it by itself. */
const settings = (folder: string, port: number): Record<string, unknown> => ({
  Name: 'Peer',
  StorageDirectory: join(folder, 'storage'),
  IndexDirectory: join(folder, 'storage'),
  HttpPort: port,
  // What is not from 127.0.0.1 is refused, so that there is no need for a password.
  RemoteAccessAllowed: false,
  AuthenticationEnabled: false,
  DicomServerEnabled: false,
  Plugins: [dicomWebPlugin],
  DicomWeb: { Enable: true, Root: '/dicom-web/' },
});

/** @returns its version */
async function untilItAnswers(address: string, exitCode: () => number | null): Promise<string> {
  for (let tries = 0; tries < 200 && exitCode() === null; tries++) {
    const answer = await fetch(`${address}/system`).catch(() => undefined);
    if (answer?.ok) return ((await answer.json()) as { Version: string }).Version;
    await sleep(100);
  }
  throw new Error(exitCode() === null ? 'it does not answer' : `it ended with exit code ${exitCode()}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
