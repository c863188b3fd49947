import type { AddressInfo } from 'node:net';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyReply } from 'fastify';
import { plainConfig } from './plain-ohif-config.ts';

/**
 * Serves OHIF as it is, in a process of its own: its files compressed beforehand, those with a hash in their name for ever. Arguments:
 * the folder with the files and the DICOMweb address that the viewer asks. Writes its address on a line.
 */
const [folder = '', dicomweb = ''] = process.argv.slice(2);
const hashed = /(^|[.-])[0-9A-Za-z]{8,20}\.[a-z0-9]+$/;
const app = Fastify();
await app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, cacheControl: false });
app.get('/viewer/app-config.js', (_, reply) =>
  reply.type('text/javascript').header('cache-control', 'no-cache').send(plainConfig(dicomweb)),
);
app.get<{ Params: { '*': string } }>('/viewer/*', (request, reply): FastifyReply => {
  const name = request.params['*'];
  if (!/\.[a-z0-9]+$/.test(name)) return reply.header('cache-control', 'no-store').sendFile('index.html');
  return reply
    .header('cache-control', hashed.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache')
    .sendFile(name);
});
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}\n`);
