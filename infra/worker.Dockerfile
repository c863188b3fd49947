# The worker with its engine. Build from the root of the checkout:
#   docker build -f infra/worker.Dockerfile -t metloop-worker .
#   docker build -f infra/worker.Dockerfile --build-arg ENGINE=gpu -t metloop-worker-gpu .
FROM node:24-bookworm-slim AS build
ARG ENGINE=cpu
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-pip g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV METLOOP_CACHE=/var/cache/metloop METLOOP_ENGINE=${ENGINE}
COPY package.json package-lock.json .npmrc ./
COPY bin/ bin/
# Installs the packages of the lock file, without their install scripts.
RUN node bin/start.mjs help
COPY LICENSE ./
COPY core/ core/
COPY gpu-worker/ gpu-worker/
# Compiles the engine from pinned, hash-checked packages; compiler and Python stay behind in this stage.
RUN node --input-type=module -e "const { ensureEngine } = await import('/app/gpu-worker/native/install.ts'); await ensureEngine({ log: console.log })"

FROM node:24-bookworm-slim
ARG ENGINE=cpu
WORKDIR /app
COPY --from=build /app /app
COPY --from=build /var/cache/metloop /var/cache/metloop
# The NVIDIA container toolkit reads the last two; they mean nothing to the CPU's engine, whose CUDA comes from no image either.
ENV METLOOP_CACHE=/var/cache/metloop METLOOP_ENGINE=${ENGINE} NODE_ENV=production \
    NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER node
CMD ["node", "bin/start.mjs", "worker"]
