import assert from 'node:assert/strict';
import test from 'node:test';
import { localPath } from './auth-routes.ts';
import { isFromUs } from './cookie-access.ts';

const ours = 'https://metloop.example';
const judge = (method: string, headers: Record<string, string>): boolean => isFromUs({ method, headers }, ours);

test('a change counts as ours only from our own pages', () => {
  for (const headers of [
    { 'metloop-csrf': '1' },
    { 'metloop-csrf': '1', origin: ours, 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-origin', origin: ours },
  ]) {
    assert.equal(judge('POST', headers), true, JSON.stringify(headers));
  }
  for (const headers of [
    {},
    { 'metloop-csrf': '0' },
    { 'sec-fetch-site': 'none' },
    { 'metloop-csrf': '1', 'sec-fetch-site': 'cross-site' },
    { 'metloop-csrf': '1', 'sec-fetch-site': 'same-site' },
    { 'metloop-csrf': '1', origin: 'https://evil.example' },
    { 'metloop-csrf': '1', origin: 'null' },
    { 'metloop-csrf': '1', origin: 'http://metloop.example' },
  ]) {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      assert.equal(judge(method, headers as Record<string, string>), false, `${method} ${JSON.stringify(headers)}`);
  }
  assert.equal(judge('GET', {}), true);
});

test('a sign-in leads back to pages of ours only', () => {
  for (const path of ['/', '/studies/abc?x=1#y', '/viewer/metloop?StudyInstanceUIDs=1.2'])
    assert.equal(localPath(path), path);
  for (const path of [
    undefined,
    '',
    'studies',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
  ])
    assert.equal(localPath(path), '/', String(path));
});
