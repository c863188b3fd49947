# The API with the web app and the viewer; also `migrate` and `tenant`. Build from the root of the checkout:
#   docker build -f infra/api.Dockerfile -t metloop-api .
FROM node:24-bookworm-slim AS build
WORKDIR /app
ENV METLOOP_CACHE=/var/cache/metloop
COPY package.json package-lock.json .npmrc ./
COPY bin/ bin/
# Installs the packages of the lock file, without their install scripts.
RUN node bin/start.mjs help
COPY LICENSE schema.graphql ./
COPY core/ core/
COPY migrations/ migrations/
COPY api/ api/
COPY web/ web/
COPY gpu-worker/native/ gpu-worker/native/
# Fetches the viewer, whose hash is checked, and bundles the web app, so that a start does neither.
RUN node --input-type=module -e "const { buildWeb } = await import('/app/web/build.ts'); await buildWeb({ cacheFolder: process.env.METLOOP_CACHE, log: console.log })"

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=build /app /app
COPY --from=build --chown=node:node /var/cache/metloop /var/cache/metloop
ENV METLOOP_CACHE=/var/cache/metloop HOST=0.0.0.0 PORT=8080 NODE_ENV=production
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/start.mjs", "api"]
