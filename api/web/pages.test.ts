import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import Fastify from 'fastify';
import { viewerWarmUpPath } from '#core/domain/web-places.ts';
import { addPages } from './pages.ts';

test('no page can be framed by others, and by ourselves only the one that shows nothing', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-pages-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const folders = { app: join(folder, 'app'), viewer: join(folder, 'viewer') };
  for (const one of Object.values(folders)) {
    await mkdir(one);
    await writeFile(join(one, 'index.html'), '<!doctype html>');
  }
  const app = Fastify();
  t.after(() => app.close());
  await addPages(app, folders, 'https://metloop.example');
  const framedBy = async (url: string): Promise<string | undefined> => {
    const { statusCode, headers } = await app.inject(url);
    assert.equal(statusCode, 200, url);
    return /frame-ancestors ([^;]+)/.exec(String(headers['content-security-policy']))?.[1];
  };
  for (const url of ['/', '/reads', '/reads/abc', '/viewer/metloop?StudyInstanceUIDs=1.2', '/viewer/', '/viewer/other'])
    assert.equal(await framedBy(url), "'none'", url);
  assert.equal(await framedBy(viewerWarmUpPath), "'self'");
});
