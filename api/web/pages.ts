import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { viewerWarmUpPath, webPlaces } from '#core/domain/web-places.ts';
import type { WebFolders } from './config.ts';

/** Addresses of the web app; each is answered by the same page, whose script shows what the address says. */
const appPaths = ['/', '/sign-in', ...webPlaces.flatMap((place) => [`/${place}`, `/${place}/:id`])];

const policy = (directives: Readonly<Record<string, string>>): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

const appPolicy = (socketOrigin: string): string =>
  policy({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self'",
    'connect-src': `'self' ${socketOrigin}`,
    // Only the viewer's warm-up lets itself be framed.
    'frame-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  });

/** OHIF makes functions from text (ndarray, emscripten) and styles elements from script; nothing may come from elsewhere. */
const viewerPolicy = (frameAncestors: "'none'" | "'self'"): string =>
  policy({
    'default-src': "'self'",
    'script-src': "'self' 'unsafe-inline' 'unsafe-eval'",
    'worker-src': "'self' blob:",
    'img-src': "'self' blob: data:",
    'style-src': "'self' 'unsafe-inline'",
    'font-src': "'self' data:",
    'connect-src': "'self' blob: data:",
    'object-src': "'none'",
    'base-uri': "'none'",
    'frame-ancestors': frameAncestors,
  });

const immutable = 'public, max-age=31536000, immutable';
/** A name with a hash of the content in it. */
const hashed = /(^|[.-])[0-9A-Za-z]{8,20}\.[a-z0-9]+$/;

/** The web app at / and the viewer under /viewer/. They hold no data, so anybody may load them. */
export async function addPages(app: FastifyInstance, folders: WebFolders, publicUrl: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: [folders.app, folders.viewer],
    serve: false,
    preCompressed: true,
    cacheControl: false,
  });
  const page = (reply: FastifyReply, folder: string, csp: string): FastifyReply =>
    reply
      .header('content-security-policy', csp)
      .header('cross-origin-opener-policy', 'same-origin')
      .header('cache-control', 'no-store')
      .sendFile('index.html', folder);
  const file = (reply: FastifyReply, folder: string, name: string): FastifyReply =>
    reply.header('cache-control', hashed.test(name) ? immutable : 'no-cache').sendFile(name, folder);

  const csp = appPolicy(publicUrl.replace(/^http/, 'ws'));
  for (const path of appPaths) app.get(path, (_, reply) => page(reply, folders.app, csp));
  app.get<{ Params: { '*': string } }>('/assets/*', (request, reply) => file(reply, folders.app, request.params['*']));
  app.get('/favicon.ico', (_, reply) => file(reply, folders.app, 'icon.svg'));
  // Ours in the place of the one that OHIF brings.
  app.get('/viewer/app-config.js', (_, reply) => file(reply, folders.app, 'app-config.js'));
  app.get(viewerWarmUpPath, (_, reply) => page(reply, folders.viewer, viewerPolicy("'self'")));
  app.get<{ Params: { '*': string } }>('/viewer/*', (request, reply) => {
    const name = request.params['*'];
    return /\.[a-z0-9]+$/.test(name) && name !== 'index.html'
      ? file(reply, folders.viewer, name)
      : page(reply, folders.viewer, viewerPolicy("'none'"));
  });
}
