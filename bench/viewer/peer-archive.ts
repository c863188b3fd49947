import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Client } from '../../demo/client.ts';
import { type Orthanc, requireOrthanc, startOrthanc } from '../peers/orthanc.ts';
import type { BenchStudy } from './bench-studies.ts';
import { plainListPath, plainPath } from './plain-ohif-config.ts';

/** Orthanc takes several at a time. */
const filesAtOnce = 4;

/** Plain OHIF on Orthanc, until it is stopped. */
export interface PeerArchive {
  readonly orthanc: Orthanc;
  addressOf(study: BenchStudy): string;
  /** The list of studies, before this one is opened from it. */
  listOf(study: BenchStudy): string;
  /** Gives Orthanc a whole study, every series of it that the client sees. */
  copy(client: Client, study: BenchStudy): Promise<void>;
  stop(): Promise<void>;
}

/** @param ohifFolder OHIF's files */
export async function startPeerArchive(ohifFolder: string, say: (line: string) => void): Promise<PeerArchive> {
  const orthanc = await startOrthanc(await requireOrthanc(say));
  const server = spawn(
    process.execPath,
    [join(import.meta.dirname, 'plain-ohif-server.ts'), ohifFolder, orthanc.dicomweb],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const address = await firstLine(server);
  return {
    orthanc,
    addressOf: ({ studyInstanceUid, shown }) => `${address}${plainPath(studyInstanceUid, shown)}`,
    listOf: ({ shown }) => `${address}${plainListPath(shown)}`,
    copy: async (client, { studyInstanceUid }) => {
      const series = await client.retrieve(`/studies/${studyInstanceUid}/series`);
      for (const one of (await series.json()) as Record<string, { Value: string[] }>[]) {
        const uid = one['0020000E']!.Value[0]!;
        const files = await client.retrieveFiles(`/studies/${studyInstanceUid}/series/${uid}`);
        for (let n = 0; n < files.length; n += filesAtOnce)
          await Promise.all(files.slice(n, n + filesAtOnce).map((file) => store(orthanc, file)));
      }
    },
    stop: async () => {
      if (server.exitCode === null && server.kill('SIGTERM')) await once(server, 'exit');
      await orthanc.stop();
    },
  };
}

async function store({ address }: Orthanc, file: Uint8Array): Promise<void> {
  const body = file as Uint8Array<ArrayBuffer>;
  const { ok, status } = await fetch(`${address}/instances`, { method: 'POST', body });
  if (!ok) throw new Error(`Orthanc answered ${status} to a file of the study`);
}

async function firstLine(server: ChildProcess): Promise<string> {
  const line = once(createInterface({ input: server.stdout! }), 'line').then(([text]) => String(text));
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`the server of plain OHIF ended with exit code ${code}`);
  });
  return Promise.race([line, ended as Promise<never>]);
}
