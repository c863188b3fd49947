import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GivenUp, NotAccepted, type Service } from '../upload/service.ts';
import type { ExportArguments } from './arguments.ts';

/** The path at which a dataset is written out. @throws NotAccepted, GivenUp */
export async function exportPathOf(service: Service, { dataset, format }: ExportArguments): Promise<string> {
  const query = `query ($after: String, $format: ExportFormat!) { datasets(first: 100, after: $after) {
    edges { node { id name exportUrl(format: $format) } } pageInfo { hasNextPage endCursor } } }`;
  interface Page {
    edges: { node: { id: string; name: string; exportUrl: string | null } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  }
  for (let after: string | null = null; ; ) {
    const { datasets }: { datasets: Page } = await service.ask(query, { after, format });
    const found = datasets.edges.find(({ node }) => node.id === dataset || node.name === dataset)?.node;
    if (found?.exportUrl === null) throw new NotAccepted(`The dataset "${dataset}" is a draft: freeze it first.`);
    if (found) return new URL(found.exportUrl).pathname;
    if (!datasets.pageInfo.hasNextPage) throw new NotAccepted(`There is no dataset "${dataset}" that you may see.`);
    after = datasets.pageInfo.endCursor;
  }
}

/** How many cases of an export are sent. @throws NotAccepted, GivenUp */
export async function casesSent(service: Service, id: string): Promise<{ casesDone: number; caseCount: number }> {
  const query = 'query ($id: ID!) { node(id: $id) { ... on DatasetExport { casesDone caseCount } } }';
  const { node } = await service.ask<{ node: { casesDone: number; caseCount: number } }>(query, { id });
  return node;
}

/**
 * Writes what the answer holds to a file, which is there when it is whole and not before.
 * @throws GivenUp if it breaks off
 */
export async function receive(response: Response, file: string, onBytes: (bytes: number) => void): Promise<void> {
  const part = `${file}.part`;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of Readable.fromWeb(response.body as never) as AsyncIterable<Uint8Array>) {
      onBytes(chunk.length);
      yield chunk;
    }
  }
  try {
    await pipeline(counted, createWriteStream(part));
    await rename(part, file);
  } catch (cause) {
    await rm(part, { force: true });
    if ((cause as Error).name === 'AbortError' || (cause as NodeJS.ErrnoException).syscall) throw cause;
    throw new GivenUp('The archive broke off; the page of trainings says why.', { cause });
  }
}
