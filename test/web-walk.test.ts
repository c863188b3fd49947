import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { assembleTeam } from '../demo/loop/team.ts';
import { dicomReaders, pythonWith, requireTool } from './tools.ts';
import { openStack, Visitor } from './web-browser.ts';
import { sizePixels, walk } from './web-walk.ts';

const browserTool = await requireTool('chromium');
const python = await pythonWith(dicomReaders);

test('a version goes from disputes to figures, to a hospital and back', {
  skip: browserTool.skip || python.skip,
  timeout: 400_000,
}, async (t) => {
  const { stack, folder } = await openStack(t, 'walk', sizePixels);
  const visitor = await Visitor.open(t, stack, browserTool.path, 'walk');
  await walk(visitor, await assembleTeam(stack), { python: python.path, file: join(folder, 'accepted.dcm') });
  assert.deepEqual(visitor.strangers, [], 'requests left for elsewhere');
  assert.deepEqual(visitor.problems, []);
});
