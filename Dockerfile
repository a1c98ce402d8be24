# The frontend image: Node, its libraries, and one bundled program. No shell, no package manager.
#
#   docker build -t microb/microb .
#   docker buildx build --platform linux/amd64,linux/arm64,linux/arm/v7,linux/arm/v6,linux/386 -t … .
#
# Everything is put together on the machine that builds; nothing of the other platforms has to run there. Only the code
# cache needs Node to run: without emulation, an image for another machine has none.
#
# NODE_IMAGE is any image with Node 20 or newer and npm, for the platform that builds.
# NODE_<platform> is where the Node of the image comes from: an image that has it, or the stage "forky" or "trixie",
# which takes it from that release of Debian. docs/platforms.md says why each default is what it is.
ARG NODE_IMAGE=node:24
ARG NODE_AMD64=${NODE_IMAGE}
ARG NODE_ARM64=${NODE_IMAGE}
ARG NODE_ARMV7=forky
ARG NODE_ARMV6=trixie
ARG NODE_386=forky
ARG FORKY_IMAGE=debian:forky-slim
ARG TRIXIE_IMAGE=debian:trixie-slim

FROM --platform=$BUILDPLATFORM ${FORKY_IMAGE} AS fetch-forky
ARG TARGETARCH
ARG TARGETVARIANT
COPY script/debian-node.sh /
RUN /debian-node.sh "$TARGETARCH$TARGETVARIANT" /node
FROM scratch AS forky
COPY --from=fetch-forky /node /

FROM --platform=$BUILDPLATFORM ${TRIXIE_IMAGE} AS fetch-trixie
ARG TARGETARCH
ARG TARGETVARIANT
COPY script/debian-node.sh /
RUN /debian-node.sh "$TARGETARCH$TARGETVARIANT" /node
FROM scratch AS trixie
COPY --from=fetch-trixie /node /

FROM ${NODE_AMD64} AS node-amd64
FROM ${NODE_ARM64} AS node-arm64
FROM node-arm64 AS node-arm64v8
FROM ${NODE_ARMV7} AS node-armv7
FROM ${NODE_ARMV6} AS node-armv6
FROM ${NODE_386} AS node-386
FROM node-${TARGETARCH}${TARGETVARIANT} AS node

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /microb
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM build AS root
RUN --mount=type=bind,from=node,target=/node \
    npx tsx script/image-root.ts /node /root-of-image && npm run code-cache /root-of-image

FROM scratch
COPY --from=root /root-of-image /
LABEL moby.buildkit.frontend.network.none="true" \
      moby.buildkit.frontend.caps="moby.buildkit.frontend.inputs,moby.buildkit.frontend.subrequests,moby.buildkit.frontend.contexts,moby.buildkit.frontend.gitquerystring" \
      org.opencontainers.image.title="microb" \
      org.opencontainers.image.description="A BuildKit frontend that turns pyproject.toml into a container image" \
      org.opencontainers.image.licenses="MIT"
# No USER: BuildKit ignores it. In a build the entry program gives up the rights of root; the command line runs as who asks.
ENTRYPOINT ["/microb/start"]
