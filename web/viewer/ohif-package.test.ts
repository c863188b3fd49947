import assert from 'node:assert/strict';
import test from 'node:test';
import { runInNewContext } from 'node:vm';
import { leanScript } from './ohif-package.ts';

test('a script without white space does and is called the same, and keeps its licence', async () => {
  const script = [
    '/*! Licence of somebody, © 2020 */',
    '// what nobody reads',
    'function addAll( first,  ...rest ) {',
    '  // a comment',
    "  const sign = '➤ ', pattern = /[«»]/u;",
    '  return sign + rest.reduce( (sum, one) => sum + one, first ) + pattern.test( "«" );',
    '}',
    'result = [addAll(1, 2, 3), addAll.name, addAll.length, eval("addAll(4)")];',
  ].join('\n');
  const lean = await leanScript(script);
  const resultOf = (text: string): string => JSON.stringify(runInNewContext(`let result;${text}\n;result`));
  assert.equal(resultOf(lean), resultOf(script));
  assert.match(lean, /Licence of somebody/);
  assert.doesNotMatch(lean, /comment|nobody reads/);
});
