import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import test, { after } from 'node:test';
import { PeerProcess } from './peer-process.ts';
import { ensurePeers } from './peers.ts';

const directory = mkdtempSync(join(tmpdir(), 'metloop-peers-'));
after(() => rmSync(directory, { recursive: true }));

/** Puts a python3 in front that says its version and can do nothing else. */
function withPython(version: string): void {
  const program = `#!/bin/sh\nif [ "$1" = -c ]; then echo ${version}; else echo "No module named venv" >&2; exit 1; fi\n`;
  writeFileSync(join(directory, 'python3'), program, { mode: 0o755 });
}

test('without venv, or by another Python, the peers are not installed, and it is said what to do', async () => {
  const { PATH = '', METLOOP_CACHE } = process.env;
  process.env.PATH = `${directory}${delimiter}${PATH}`;
  process.env.METLOOP_CACHE = join(directory, 'cache');
  try {
    withPython('3.12');
    await assert.rejects(
      ensurePeers('cpu', () => {}),
      /apt-get install python3-venv\)\. It said:\nNo module named venv/,
    );
    assert.deepEqual(readdirSync(join(directory, 'cache', 'bench')), []);
    withPython('3.9');
    await assert.rejects(
      ensurePeers('cpu', () => {}),
      /for Python 3\.10 to 3\.13; python3 is 3\.9/,
    );
  } finally {
    process.env.PATH = PATH;
    if (METLOOP_CACHE === undefined) delete process.env.METLOOP_CACHE;
    else process.env.METLOOP_CACHE = METLOOP_CACHE;
  }
});

test('every package of the peers is pinned by version and hash', () => {
  for (const list of ['requirements.txt', 'requirements-gpu.txt']) {
    const text = readFileSync(join(import.meta.dirname, 'peers', list), 'utf8');
    const packages = text.split(/\n(?=\S)/).filter((part) => part.trim() !== '');
    assert.ok(packages.length > 20, list);
    for (const one of packages)
      assert.match(one, /^[\w.-]+==[\w.]+( ;[^\\]*)? \\\n {4}--hash=sha256:[0-9a-f]{64}/, list);
  }
});

test('a peer that fails or ends says so', async () => {
  const script = join(directory, 'peer.mjs');
  writeFileSync(
    script,
    `import { createInterface } from 'node:readline';
     process.stderr.write('a warning\\n');
     for await (const line of createInterface({ input: process.stdin })) {
       const { do: what } = JSON.parse(line);
       if (what === 'losses') process.exit(3);
       console.log(JSON.stringify(what === 'run' ? { error: 'no' } : { value: { device: 'CPU', versions: {} } }));
     }`,
  );
  const peer = await new PeerProcess({ name: 'P', command: [process.execPath, script] }).open({});
  assert.equal(peer.about.device, 'CPU');
  assert.ok((await peer.peakBytes()) > 1e6);
  await assert.rejects(peer.run(1), /P failed: no\na warning/);
  await assert.rejects(peer.losses(1), /P ended \(code 3\)\.\na warning/);
  await assert.rejects(peer.run(1), /P has ended/);
  await peer.close();
  const missing = new PeerProcess({ name: 'Q', command: [join(directory, 'nothing')] });
  await assert.rejects(missing.open({}), /Q could not be started: .*ENOENT/);
});
