# Stand-ins for node:X-slim and node:X: the real Node.js program and npm on a Debian stand-in.
ARG DEBIAN
FROM ${DEBIAN} AS slim
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node \
  && apt-get update && apt-get install -y --no-install-recommends ca-certificates libstdc++6 \
  && rm -rf /var/lib/apt/lists/*
COPY bin /usr/local/bin
COPY npm /usr/local/lib/node_modules/npm
RUN cd /usr/local/bin && ln -s node nodejs && ln -s ../lib/node_modules/npm/bin/npm-cli.js npm \
  && ln -s ../lib/node_modules/npm/bin/npx-cli.js npx && node --version && npm --version
ARG NODE_VERSION
# Node.js brings certificates of its own; the machine's are in the system's bundle.
ENV NODE_VERSION=${NODE_VERSION} NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]

FROM slim AS full
RUN apt-get update && apt-get install -y --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
