#!/bin/bash
# Prints what makes `docker` in this shell the client and daemon of one engine: eval "$(test/engine/env.sh floor)"
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$HERE/engine.sh"

engine=${1:-containerd}
[[ " ${ENGINES[*]} " = *" $engine "* ]] || fail "usage: env.sh [$(IFS='|'; echo "${ENGINES[*]}")]"
[ -S "$RUN/$engine/docker.sock" ] || fail "$engine is not up: run up.sh $engine"
printf 'export %s=%q\n' DOCKER_HOST "$(socket "$engine")" DOCKER_CONFIG "$RUN/$engine/config" \
  BUILDX_BUILDER default DOCKER_BUILDKIT 1 PATH "$(binaries "$engine")/usr/bin:$PATH"
