import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { type Figure, figureOf, figureTable, isReached } from '../bench/engine/figure.ts';
import { runIngestBench } from '../bench/ingest/ingest-bench.ts';
import { percentile95, takeTurns } from '../bench/ingest/turns.ts';
import { requireTool } from './tools.ts';

const orthanc = await requireTool('Orthanc');

test('the bench measures storing, metadata, frames and searches of both archives', {
  skip: orthanc.skip,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-ingest-'));
  t.after(() => rm(folder, { recursive: true }));
  const printed: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  t.mock.method(process.stdout, 'write', (text: string | Uint8Array) => {
    if (typeof text !== 'string') return write(text);
    printed.push(text);
    return true;
  });
  const json = join(folder, 'figures.json');
  const code = await runIngestBench(['--quick', '--json', json]);
  t.mock.restoreAll();
  assert.equal(code, 0, printed.join(''));
  const figures = JSON.parse(await readFile(json, 'utf8')) as (Figure & Record<string, unknown>)[];
  const searched = ['first', 'later', 'date', 'patient', 'modality'];
  assert.deepEqual(
    figures.map(({ figure }) => figure),
    [
      ...['store', 'metadata', 'metadata-first', 'frames'],
      ...searched.flatMap((name) => [`search-${name}`, `search-${name}-growth`]),
    ],
  );
  for (const { figure, ours, peer, ratio, goal, quick, machine } of figures) {
    assert.ok(ours > 0 && Math.abs(ratio - ours / (peer ?? 1)) < 1e-9, figure);
    // Without a peer stand what has only a bound in ms.
    assert.equal(peer === null, /^search-[a-z]+$/.test(figure), figure);
    assert.deepEqual([goal, quick, typeof machine], [null, true, 'object']);
  }
  assert.match(printed.join(''), /Orthanc 1\.\d+\.\d+.*means? nothing/s);
});

test('wrong arguments are named', async (t) => {
  const printed: string[] = [];
  t.mock.method(process.stdout, 'write', (text: string) => printed.push(text) > 0);
  const codes = [await runIngestBench(['--fast']), await runIngestBench(['--help'])];
  t.mock.restoreAll();
  assert.deepEqual(codes, [2, 0]);
  assert.match(printed.join(''), /Unknown option '--fast'.*--json FILE/s);
});

test('archives take turns in alternating order; a goal may be a least value', async () => {
  const order: string[] = [];
  const turns = await takeTurns(
    ['A', 'B'].map((name) => async (turn) => {
      order.push(name);
      return `${name}${turn}`;
    }),
    3,
  );
  assert.equal(order.join(''), 'ABBAAB');
  assert.deepEqual(turns, [
    ['A0', 'A1', 'A2'],
    ['B0', 'B1', 'B2'],
  ]);
  assert.equal(percentile95(Array.from({ length: 20 }, (_, n) => 20 - n)), 19);
  assert.equal(percentile95([3]), 3);
  assert.throws(() => percentile95([]), RangeError);
  const one = { figure: 'a', title: 'A', unit: 'MB/s' as const, ours: 3, against: 'B', note: '', goal: 1 };
  const figures = [2, 4].map((peer) => figureOf({ ...one, peer, rule: 'AT_LEAST' }));
  assert.deepEqual(figures.map(isReached), [true, false]);
  assert.match(figureTable(figures), />= 1 \| reached.*>= 1 \| missed/s);
});
