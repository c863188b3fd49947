/** Nothing embedded: the operating system's PostgreSQL, an S3 server, and an issuer of tokens that the product does not know. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import type { TenantSpec } from '../api/tenant/provision.ts';
import { capture } from '../bin/steps.ts';
import { Client, studiesOf } from '../demo/client.ts';
import { awaitPreparations } from '../demo/loop/prepare.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { phantomIdentity, writePhantomStudy } from '../demo/phantom/study.ts';
import { startOidcProvider } from '../demo/services/oidc-provider.ts';
import { superviseProcesses } from '../demo/services/processes.ts';
import { provisionDatabase } from '../demo/services/provision-database.ts';
import { assertNothingPlanted } from './harness/planted.ts';
import { freePort, startS3Server } from './harness/s3-server.ts';
import { startSystemPostgres } from './harness/system-postgres.ts';
import { goProgram, requireTool } from './tools.ts';

const root = join(import.meta.dirname, '..');
const postgres = await requireTool('postgres');
const s3 = await goProgram('versitygw');
const skip = postgres.skip || s3.skip;

test('a study is uploaded and prepared with nothing but neighbours that others made', {
  skip,
  timeout: 240_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-neighbours-'));
  const lines: string[] = [];
  const supervisor = await superviseProcesses({
    recordFile: join(folder, 'processes.json'),
    log: (line) => void lines.push(line),
  });
  try {
    const database = await startSystemPostgres(dirname(postgres.path));
    supervisor.add('PostgreSQL', () => database.stop());
    const store = await startS3Server(s3.path);
    supervisor.add('S3', () => store.stop());
    const person = { sub: 'coordinator', email: 'coordinator@example.org', name: 'Coordinator', password: 'secret' };
    const issuer = await startOidcProvider({
      port: 0,
      accounts: [person],
      redirectUris: [],
      keysFile: join(folder, 'keys.json'),
    });
    supervisor.add('the issuer', () => issuer.stop());
    const { ownerUrl, appUrl } = await provisionDatabase({ superuserUrl: database.superuserUrl, database: 'metloop' });
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const env = {
      ...store.env,
      DATABASE_URL: appUrl,
      OIDC_ISSUER: issuer.issuer,
      SESSION_KEY: randomBytes(32).toString('hex'),
      PORT: String(port),
      LOG_LEVEL: 'debug',
    };
    const metloop = async (extra: Record<string, string>, ...args: string[]): Promise<string> => {
      const settings = Object.entries({ ...env, ...extra }).map(([name, value]) => `${name}=${value}`);
      const program = [process.execPath, join(root, 'bin/start.mjs'), ...args];
      const { code, output } = await capture('env', [...settings, ...program], { cwd: root });
      assert.equal(code, 0, output);
      return output;
    };
    assert.match(await metloop({ DATABASE_OWNER_URL: ownerUrl }, 'migrate'), /applied 0001_tenancy/);
    const spec: TenantSpec = {
      name: 'Consortium',
      preparedSizePixels: 48,
      sites: ['Harbour Hospital'],
      members: [{ ...person, issuer: issuer.issuer, subject: person.sub, grants: [{ role: 'COORDINATOR' }] }],
    };
    await writeFile(join(folder, 'tenant.json'), JSON.stringify(spec));
    assert.match(await metloop({}, 'tenant', join(folder, 'tenant.json')), /^tenant .*\nsite .* Harbour Hospital/m);

    const start = (name: string, args: string[], ready: { url: string } | { line: RegExp }): Promise<void> =>
      supervisor.start({
        ...{ name, cwd: root, env, ready, readyWithinMs: 120_000, stopWithinMs: 30_000 },
        ...{ command: process.execPath, args: [join(root, 'bin/start.mjs'), ...args] },
      });
    await start('api', ['api'], { url: `${address}/readyz` });
    await start('worker', ['worker', '--queues', 'prepare'], { line: /the worker is ready/ });

    const client = new Client(address, { issuer: issuer.issuer, ...person });
    const { viewer } = await client.graphql<{ viewer: { sites: { edges: { node: { id: string } }[] } } }>(
      '{ viewer { sites { edges { node { id } } } } }',
    );
    const siteId = viewer.sites.edges[0]!.node.id;
    const phantom = generatePhantom({ seed: 4711, size: 48, group: 'ONE_TO_THREE' });
    const files = async function* (): AsyncGenerator<Uint8Array> {
      for await (const { bytes } of writePhantomStudy(phantom)) yield bytes;
    };
    const { status, answer } = await client.store(`/sites/${siteId}/studies`, files());
    assert.equal(status, 200, JSON.stringify(answer).slice(0, 500));
    const [study] = await awaitPreparations(client, [...studiesOf(answer)], () => undefined, 120_000);
    assert.ok(study!.brainMaskVolumeMm3 > 200_000, `a brain of ${study!.brainMaskVolumeMm3} mm³`);
    const stored = await client.retrieveFiles(`/studies/${study!.studyInstanceUid}/series/${study!.bravoSeriesUid}`);
    assert.equal(stored.length, phantom.series.find(({ sequence }) => sequence === 'BRAVO')!.volume.grid.size[2]);

    const finished = lines
      .filter((line) => /"msg":"job"/.test(line))
      .map((line) => JSON.parse(line.slice(line.indexOf('{'))));
    assert.ok(
      finished.some(
        ({ kind, outcome, durationMs, tenantId, jobId }) =>
          kind === 'PREPARE' && outcome === 'SUCCEEDED' && durationMs > 0 && tenantId && jobId,
      ),
    );
    assertNothingPlanted(lines, phantomIdentity(phantom));
  } catch (error) {
    throw new Error(`${String(error)}\n${lines.slice(-40).join('\n')}`, { cause: error });
  } finally {
    await supervisor.stopAll();
    await rm(folder, { recursive: true, force: true });
  }
});
