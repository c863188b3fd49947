/** Text files by name. */
export type TextFiles = Map<string, string>;

/** Where the viewer is served; OHIF's bundles are made for `/`. */
export const viewerPrefix = '/viewer/';

interface Patch {
  readonly what: string;
  readonly files: RegExp;
  readonly pattern: RegExp;
  readonly replacement: string;
  /** How often it is found in the version in use; another number means that OHIF was changed and has to be looked at again. */
  readonly count: number;
}

const patches: readonly Patch[] = [
  {
    what: 'the address that the page tells the application',
    files: /^index\.html$/,
    pattern: /window\.PUBLIC_URL="\/"/g,
    replacement: `window.PUBLIC_URL="${viewerPrefix}"`,
    count: 2,
  },
  {
    what: 'links of the page',
    files: /^index\.html$/,
    pattern: /\b(href|src|content)="\/(?!\/)/g,
    replacement: `$1="${viewerPrefix}`,
    count: 33,
  },
  {
    what: 'from where the application and its workers load their parts',
    files: /\.js$/,
    pattern: /__webpack_require__\.p = "\/";/g,
    replacement: `__webpack_require__.p = "${viewerPrefix}";`,
    count: 8,
  },
  {
    what: 'fonts and pictures of the style sheets',
    files: /\.css$/,
    pattern: /url\((["']?)\/(?!\/)/g,
    replacement: `url($1${viewerPrefix}`,
    count: 5,
  },
];

/** The files with OHIF's addresses moved to /viewer/. @throws Error naming what is not found as often as expected */
export function patchFiles(files: TextFiles): TextFiles {
  const result: TextFiles = new Map(files);
  for (const { what, files: which, pattern, replacement, count } of patches) {
    let found = 0;
    for (const [name, text] of result) {
      if (!which.test(name)) continue;
      const times = text.match(pattern)?.length ?? 0;
      if (times > 0) result.set(name, text.replace(pattern, replacement));
      found += times;
    }
    if (found !== count)
      throw new Error(
        `OHIF has ${found} instead of ${count} places with ${what}: look at its files and mend web/viewer/ohif-patches.ts`,
      );
  }
  return result;
}
