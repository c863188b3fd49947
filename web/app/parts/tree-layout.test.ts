import assert from 'node:assert/strict';
import test from 'node:test';
import { layoutTree, type TreeNode } from './tree-layout.ts';

const tree = (text: string): TreeNode[] =>
  text.split(' ').map((pair) => {
    const [id = '', parentId] = pair.split('<');
    return { id, parentId: parentId ?? null };
  });
const drawn = (text: string): Record<string, string> =>
  Object.fromEntries([...layoutTree(tree(text))].map(([id, { column, row }]) => [id, `${column},${row}`]));

test('a chain is a straight line, branches go below, and what lacks its parent is a root', () => {
  assert.deepEqual(drawn('1 2<1 3<2'), { 1: '0,0', 2: '1,0', 3: '2,0' });
  assert.deepEqual(drawn('1 2<1 3<2 4<1 5<2'), { 1: '0,0', 2: '1,0', 3: '2,0', 5: '2,1', 4: '1,2' });
  assert.deepEqual(drawn('7<6 8<7 9'), { 7: '0,0', 8: '1,0', 9: '0,1' });
});

test('no two nodes meet, and each is one column behind its parent', () => {
  const seed = Date.now();
  let state = seed;
  const below = (n: number): number => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  for (let round = 0; round < 200; round++) {
    const nodes = Array.from({ length: 1 + below(40) }, (_, n) => ({
      id: String(n),
      parentId: n > 0 && below(5) > 0 ? String(below(n)) : null,
    }));
    const places = layoutTree(nodes);
    assert.equal(
      new Set([...places.values()].map(({ column, row }) => `${column},${row}`)).size,
      nodes.length,
      `${seed}`,
    );
    for (const { id, parentId } of nodes)
      assert.equal(places.get(id)!.column, parentId === null ? 0 : places.get(parentId)!.column + 1, `${seed}`);
  }
});
