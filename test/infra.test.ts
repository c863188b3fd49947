import assert from 'node:assert/strict';
import { cpSync, globSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { capture } from '../bin/steps.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What a Dockerfile takes from the checkout. */
function copied(dockerfile: string): string[] {
  const lines = read(dockerfile).matchAll(/^COPY (?!--from)(.+) \S+$/gm);
  return [...lines].flatMap(([, sources = '']) => sources.split(' '));
}

/** Runs commands in a folder with nothing but what the image has. */
async function inImage(
  dockerfile: string,
  commands: readonly (readonly [args: string[], code: number, says: RegExp])[],
) {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-image-'));
  try {
    for (const path of copied(dockerfile)) {
      assert.ok(
        statSync(join(root, path), { throwIfNoEntry: false }),
        `${dockerfile} copies ${path}, which is not there`,
      );
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      cpSync(join(root, path), join(folder, path), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [args, code, says] of commands) {
      const bare = ['-i', `PATH=${process.env.PATH}`, `HOME=${process.env.HOME}`];
      const outcome = await capture('env', [...bare, process.execPath, 'bin/metloop.ts', ...args], { cwd: folder });
      assert.match(outcome.output, says);
      assert.equal(outcome.code, code);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("the API's image has all that its commands load", () =>
  inImage('infra/api.Dockerfile', [
    [['api'], 1, /DATABASE_URL is not set/],
    [['migrate'], 2, /migrate needs DATABASE_OWNER_URL/],
    [['tenant'], 2, /tenant needs a JSON file/],
  ]));

test("the worker's image has all that it loads", () =>
  inImage('infra/worker.Dockerfile', [
    [['worker'], 1, /DATABASE_URL is not set/],
    [['worker', '--queues', 'nope'], 2, /there is no queue "nope"/],
  ]));

test('every variable that the product or compose.yml names is explained', () => {
  const explained = read('infra/environment.md');
  const code = globSync('{api,core,gpu-worker}/**/*.ts', { cwd: root, exclude: (path) => path.endsWith('.test.ts') });
  const named = new Set<string>();
  for (const file of code)
    for (const [, dotted, needed] of read(file).matchAll(/\benv\.([A-Z][A-Z0-9_]+)|need\('([A-Z0-9_]+)'\)/g))
      named.add(dotted ?? needed!);
  for (const [, name = ''] of read('infra/compose.yml').matchAll(
    /^ {4,6}((?:DATABASE|S3|OIDC|AWS|SESSION|PUBLIC)_\w+):/gm,
  ))
    named.add(name);
  assert.ok(named.size >= 12, [...named].join(' '));
  const notOurs = new Set(['PATH', 'CI', 'NO_COLOR']);
  for (const name of named)
    assert.ok(notOurs.has(name) || explained.includes(name), `infra/environment.md lacks ${name}`);
});

test('what compose.yml refuses to start without is listed in the README', () => {
  const readme = read('infra/README.md');
  const needed = [...read('infra/compose.yml').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name!);
  assert.ok(needed.length >= 8);
  for (const name of needed) assert.ok(readme.includes(`${name}=`), `infra/README.md lacks ${name}`);
});
