import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Client } from '../../demo/client.ts';
import { type Orthanc, requireOrthanc, startOrthanc } from '../peers/orthanc.ts';
import type { BenchStudy } from './bench-studies.ts';
import { plainPath } from './plain-ohif-config.ts';

/** Plain OHIF on Orthanc, until it is stopped. */
export interface PeerArchive {
  readonly orthanc: Orthanc;
  addressOf(study: BenchStudy): string;
  /** Gives Orthanc a whole study as ours has it, every series of it. */
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
    copy: async (client, { studyInstanceUid }) => {
      const series = await client.retrieve(`/studies/${studyInstanceUid}/series`);
      for (const one of (await series.json()) as Record<string, { Value: string[] }>[]) {
        const uid = one['0020000E']!.Value[0]!;
        for (const file of await client.retrieveFiles(`/studies/${studyInstanceUid}/series/${uid}`)) {
          const { ok, status } = await fetch(`${orthanc.address}/instances`, {
            method: 'POST',
            body: file as Uint8Array<ArrayBuffer>,
          });
          if (!ok) throw new Error(`Orthanc answered ${status} to a file of the study`);
        }
      }
    },
    stop: async () => {
      if (server.exitCode === null && server.kill('SIGTERM')) await once(server, 'exit');
      await orthanc.stop();
    },
  };
}

async function firstLine(server: ChildProcess): Promise<string> {
  const line = once(createInterface({ input: server.stdout! }), 'line').then(([text]) => String(text));
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`the server of plain OHIF ended with exit code ${code}`);
  });
  return Promise.race([line, ended as Promise<never>]);
}
