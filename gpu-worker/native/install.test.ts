import assert from 'node:assert/strict';
import test from 'node:test';
import { engineFlavour, ensureEngine, inspectEngine } from './install.ts';
import { inspectToolchain } from './toolchain.ts';
import { engineFlavours, requirements, wheels } from './wheels.ts';

test('each missing tool is named with the package that brings it', async () => {
  const checks = await inspectToolchain({ PATH: '/nonexistent' });
  const missing = checks.filter(({ ok }) => !ok);
  assert.deepEqual(
    missing.map(({ name }) => name),
    ['python3', 'pip', 'g++'],
  );
  for (const { name, fix } of missing) {
    const systemPackage = name === 'pip' ? 'python3-pip' : name;
    assert.equal(
      fix,
      `Install the system package "${systemPackage}" (Debian, Ubuntu: apt-get install ${systemPackage}).`,
    );
  }
});

test('every wheel is pinned by version and hash', () => {
  for (const flavour of engineFlavours) {
    const lines = requirements(flavour).trimEnd().split('\n');
    assert.equal(lines.length, wheels[flavour].length);
    for (const line of lines) assert.match(line, /^[a-z0-9-]+==\d+(\.\d+)+ --hash=sha256:[0-9a-f]{64}$/);
  }
});

test('the flavour is taken from METLOOP_ENGINE', () => {
  assert.equal(engineFlavour({}), 'cpu');
  assert.equal(engineFlavour({ METLOOP_ENGINE: 'gpu' }), 'gpu');
  assert.throws(() => engineFlavour({ METLOOP_ENGINE: 'tpu' }), /METLOOP_ENGINE is "tpu"; it may be cpu or gpu/);
});

test('the engine is installed once, and the doctor finds all of it well', async () => {
  const first = await ensureEngine({ flavour: 'cpu', log: console.error });
  const again: string[] = [];
  assert.deepEqual(await ensureEngine({ flavour: 'cpu', log: (line) => again.push(line) }), first);
  assert.deepEqual(again, []);
  const checks = await inspectEngine('cpu');
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
  assert.deepEqual(
    checks.map(({ name }) => name),
    ['platform', 'node headers', 'python3', 'pip', 'g++', 'engine (cpu)'],
  );
});
