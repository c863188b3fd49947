import { type Complaint, type Import, importsOf, isGenerated, isTest, isTypeScript, type Rule } from './source.ts';

interface Boundary {
  /** Whose imports are judged. */
  readonly from: RegExp;
  readonly forbids: (target: Import, from: string) => boolean;
  readonly message: string;
  /** Whether tests beside the code are judged too. */
  readonly testsToo?: boolean;
}

const within =
  (...folders: string[]) =>
  ({ to, ours }: Import): boolean =>
    ours && folders.some((folder) => to.startsWith(`${folder}/`));

const boundaries: readonly Boundary[] = [
  {
    from: /^core\/domain\//,
    forbids: (target) => !within('core/domain')(target),
    message: 'core/domain imports nothing but itself: hand in what is needed as an argument',
  },
  {
    from: /^core\//,
    forbids: within('api', 'gpu-worker', 'web', 'bin'),
    message: 'core is below everything else: move what is shared into core',
    testsToo: true,
  },
  {
    from: /^api\//,
    forbids: within('gpu-worker', 'web', 'bin'),
    message: 'api and gpu-worker meet only in the database and the object store: move what is shared into core',
    testsToo: true,
  },
  {
    from: /^gpu-worker\//,
    forbids: within('api', 'web', 'bin'),
    message: 'gpu-worker never imports api: move what is shared into core',
    testsToo: true,
  },
  {
    from: /^web\//,
    forbids: (target, from) => {
      const pure = from.startsWith('web/viewer/') ? ['core/domain', 'core/label'] : ['core/domain'];
      return target.ours && !within('web', ...pure)(target) && !isGenerated(target.to);
    },
    message:
      'web imports core/domain, in the viewer core/label, and generated types: the rest would end up in the browser',
  },
  {
    from: /^gpu-worker\/(volume|model|postprocess|metrics)\//,
    forbids: (target, from) => {
      const fs = /^(node:)?fs(\/|$)/.test(target.to) && !from.startsWith('gpu-worker/model/');
      const service = /^((node:)?(net|http|https|tls|dgram)|pg|kysely)$/.test(target.to);
      return fs || service || within('gpu-worker/stages', 'core/storage', 'core/db', 'core/jobs')(target);
    },
    message: 'numeric code is pure: read and write in gpu-worker/stages and hand in arrays',
  },
  {
    from: /^(api|core|gpu-worker|web)\//,
    forbids: within('demo'),
    message: 'only demo and tests may know the phantoms and the demo services: the product must not learn from them',
  },
  {
    from: /^bin\//,
    forbids: within('demo/phantom'),
    message: 'only demo and tests may know the phantoms: the product must not learn from them',
  },
  {
    from: /^(?!bench\/|bin\/commands\/bench\.ts)/,
    forbids: within('bench'),
    message: 'nothing but its command imports bench: the product does not depend on what measures it',
  },
  {
    from: /^(?!bin\/commands\/test\.ts)/,
    forbids: within('test'),
    message: 'nothing but tests imports test: move it to where it is used',
  },
];

/** Who may import whom. */
export const respectsBoundaries: Rule = (files) =>
  files.filter(isTypeScript).flatMap((file) =>
    importsOf(file).flatMap((target) =>
      boundaries
        .filter(({ from, testsToo }) => from.test(file.path) && (testsToo || !isTest(file.path)))
        .filter(({ forbids }) => forbids(target, file.path))
        .map(({ message }) => ({ path: file.path, message: `imports ${target.to}; ${message}` })),
    ),
  );

/** Folders of api that serve all domains, or put them together. */
const NOT_DOMAINS = new Set(['graphql', 'generated', 'dicomweb']);

/** Domains of the API use each other's services, not their tables or resolvers. */
export const keepsStoresPrivate: Rule = (files) =>
  files.filter(isTypeScript).flatMap((file) => {
    const from = domainOf(file.path);
    if (from === undefined || isTest(file.path)) return [];
    return importsOf(file)
      .filter(({ to, ours, typeOnly }) => ours && !typeOnly && /\/(store|resolvers)\.ts$/.test(to))
      .filter(({ to }) => ![undefined, from].includes(domainOf(to)))
      .map(({ to }) => ({
        path: file.path,
        message: `imports ${to}; a domain reaches another one through its service.ts or loader.ts`,
      }));
  });

/** No domain of the API imports one that imports it, be it over others. */
export const hasNoDomainCycles: Rule = (files) => {
  const edges = new Map<string, Map<string, string>>();
  for (const file of files.filter(isTypeScript)) {
    const from = domainOf(file.path);
    if (from === undefined || isTest(file.path)) continue;
    for (const { to, ours, typeOnly } of importsOf(file)) {
      const target = ours && !typeOnly ? domainOf(to) : undefined;
      if (target === undefined || target === from) continue;
      const targets = edges.get(from) ?? new Map<string, string>();
      edges.set(from, targets.set(target, file.path));
    }
  }
  const complaints: Complaint[] = [];
  for (const [start, targets] of edges) {
    for (const [next, path] of targets) {
      const way = wayBetween(edges, next, start);
      if (way === undefined) continue;
      const circle = [start, ...way].join(' → ');
      complaints.push({ path, message: `closes the circle ${circle}; reach the later domain by a job instead` });
    }
  }
  return complaints;
};

function domainOf(path: string): string | undefined {
  const folder = /^api\/([^/]+)\//.exec(path)?.[1];
  return folder === undefined || NOT_DOMAINS.has(folder) ? undefined : folder;
}

/** The domains from one to another along imports, both included. */
function wayBetween(
  edges: ReadonlyMap<string, ReadonlyMap<string, string>>,
  from: string,
  to: string,
): string[] | undefined {
  const ways: string[][] = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const last = way.at(-1)!;
    if (last === to) return way;
    for (const next of edges.get(last)?.keys() ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

/** Programs that are started by name, and files that tools look for. */
const ENTRIES = new Set<string>(['api/main.ts', 'gpu-worker/main.ts']);

/** A file that nobody mentions, as an import or as the name of a program to start, is dead. */
export const hasNoDeadFiles: Rule = (files) => {
  const mentioned = new Set<string>();
  for (const file of files.filter(({ path }) => /\.(tsx?|mjs|json)$/.test(path))) {
    for (const { to } of importsOf(file)) mentioned.add(to);
    for (const [, name = ''] of file.text.matchAll(/['"`]([^'"`\n]*\.tsx?)['"`]/g)) {
      mentioned.add(name);
      mentioned.add(new URL(name, `file:///${file.path}`).pathname.slice(1));
    }
  }
  return files
    .filter(isTypeScript)
    .filter(({ path }) => /^(core|api|bench|gpu-worker)\//.test(path) && !isTest(path) && !path.endsWith('.d.ts'))
    .filter(({ path }) => !ENTRIES.has(path) && !mentioned.has(path))
    .map(({ path }) => ({ path, message: 'nobody imports it: delete it, or name it in ENTRIES if it is a program' }));
};
