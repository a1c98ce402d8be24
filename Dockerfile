# The frontend image: Node, its libraries, and one bundled program. No shell, no package manager.
#
#   docker build -t microb/microb .
#
# NODE_IMAGE is any glibc image with a supported Node LTS, npm and binutils; name one that can be reached from where
# you build.
ARG NODE_IMAGE=node:24

FROM ${NODE_IMAGE} AS build
WORKDIR /microb
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm run code-cache
# Node without its debugging symbols, and the shared libraries it loads.
RUN mkdir -p /rootfs/usr/local/bin /rootfs/microb && \
    strip --strip-all -o /rootfs/usr/local/bin/node "$(command -v node)" && \
    ldd "$(command -v node)" | grep -o '/[^ ]*' | xargs -I{} cp --parents -L {} /rootfs && \
    cp dist/frontend/* /rootfs/microb/

FROM scratch
COPY --from=build /rootfs /
LABEL moby.buildkit.frontend.network.none="true" \
      moby.buildkit.frontend.caps="moby.buildkit.frontend.contexts" \
      org.opencontainers.image.title="microb" \
      org.opencontainers.image.description="A BuildKit frontend that turns pyproject.toml into a container image" \
      org.opencontainers.image.licenses="MIT"
ENTRYPOINT ["/usr/local/bin/node", "/microb/main.cjs"]
