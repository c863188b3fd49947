import assert from 'node:assert/strict';
import test from 'node:test';
import { patchFiles, type TextFiles } from './ohif-patches.ts';

const repeated = (count: number, text: string): string => text.repeat(count);
/** As many places as OHIF has in the version in use. */
const ohifLike = (): TextFiles =>
  new Map([
    ['index.html', repeated(2, 'window.PUBLIC_URL="/";') + repeated(33, '<link href="/assets/a.png">')],
    ['app.js', repeated(8, '__webpack_require__.p = "/";')],
    ['app.css', `${repeated(4, 'src: url(/font.woff2);')} src: url("/b.png"); src: url(//other.example/c)`],
    ['notes.txt', 'url(/untouched)'],
  ]);

test('every address is moved to /viewer/, and nothing else is touched', () => {
  const files = patchFiles(ohifLike());
  assert.equal(files.get('index.html')?.match(/"\/viewer\//g)?.length, 35);
  assert.equal(files.get('app.js'), repeated(8, '__webpack_require__.p = "/viewer/";'));
  assert.ok(files.get('app.css')?.endsWith('src: url("/viewer/b.png"); src: url(//other.example/c)'));
  assert.equal(files.get('notes.txt'), 'url(/untouched)');
});

test('a place that is missing or new stops the build and is named', () => {
  for (const name of ['index.html', 'app.js', 'app.css']) {
    const files = ohifLike();
    files.set(name, '');
    assert.throws(() => patchFiles(files), /OHIF has 0 instead of/, name);
  }
  const grown = ohifLike().set('worker.js', '__webpack_require__.p = "/";');
  assert.throws(() => patchFiles(grown), /9 instead of 8 places with from where the application/);
});
