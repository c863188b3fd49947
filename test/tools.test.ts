import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { startOrthanc } from '../bench/peers/orthanc.ts';
import { capture } from '../bin/steps.ts';
import { dicomReaders, pythonWith, requireTool } from './tools.ts';

const root = join(import.meta.dirname, '..');
const dcmdump = await requireTool('dcmdump');
const orthanc = await requireTool('Orthanc');
const python = await pythonWith(dicomReaders);

test('dcmdump runs', { skip: dcmdump.skip }, async () => {
  assert.match((await capture(dcmdump.path, ['--version'], { cwd: root })).output, /dcmtk/);
});

test('Orthanc starts empty on a port of its own, twice at once, and leaves nothing', {
  skip: orthanc.skip,
}, async () => {
  const two = await Promise.all([startOrthanc(orthanc.path), startOrthanc(orthanc.path)]);
  assert.notEqual(two[0].address, two[1].address);
  for (const { address, dicomweb, pid, stop } of two) {
    const found = await fetch(`${dicomweb}/studies`, { headers: { accept: 'application/dicom+json' } });
    assert.deepEqual([found.status, await found.json()], [200, []]);
    await stop();
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    await assert.rejects(fetch(address));
  }
  await assert.rejects(startOrthanc('/bin/false'), /Orthanc did not start/);
});

test('the independent readers have the versions that were asked for', { skip: python.skip }, async () => {
  const script = 'import pydicom, highdicom; print(pydicom.__version__, highdicom.__version__)';
  const versions = dicomReaders.map((requirement) => requirement.split('==')[1]).join(' ');
  assert.equal((await capture(python.path, ['-c', script], { cwd: root })).output.trim(), versions);
});

test('a missing tool is a reason to skip, and with CI=true an error', async (t) => {
  const nowhere = await mkdtemp(join(tmpdir(), 'metloop-tools-'));
  t.after(() => rm(nowhere, { recursive: true }));
  const script = `import { requireTool } from ${JSON.stringify(join(root, 'test/tools.ts'))};
    console.log((await requireTool('dcmdump')).skip)`;
  const ask = (ci: string): ReturnType<typeof capture> => {
    const env = [`PATH=${nowhere}`, `CI=${ci}`, 'METLOOP_TOOLS_TRIED=1'];
    const node = [process.execPath, '--input-type=module', '-e', script];
    return capture('/usr/bin/env', [...env, ...node], { cwd: root });
  };
  const skipped = await ask('');
  assert.equal(skipped.code, 0, skipped.output);
  assert.equal(skipped.output.trim(), 'missing tool: dcmdump (apt-get install dcmtk)');
  const failed = await ask('true');
  assert.equal(failed.code, 1);
  assert.match(failed.output, /Error: missing tool: dcmdump/);
});
