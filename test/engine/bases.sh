# The local registry and the base images in it: the official ones where Docker Hub answers, else stand-ins. Sourced.

PYTHONS=(bookworm:3.11 trixie:3.13 forky:3.14 forky:3.15) # suite:version, not always the suite's default Python
mapfile -t SUITES < <(printf '%s\n' "${PYTHONS[@]%%:*}" | uniq)
NODE=24
BASES=$CACHE/bases # what every image is, one file per image, written when it is in the registry

start_registry() {
  mkdir -p "$DATA/registry"
  cat >"$RUN/registry.yml" <<YAML
version: 0.1
log: { level: warn, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: "$DATA/registry" }
  delete: { enabled: true }
http: { addr: "$REGISTRY", secret: local }
YAML
  stop "$RUN/registry.pid"
  daemon registry "$CACHE/tools/usr/bin/docker-registry" serve "$RUN/registry.yml"
  until_true 20 registry_answers
}
registry_answers() { curl -sf -m 2 -o /dev/null "http://$REGISTRY/v2/"; }
in_registry() {
  curl -sf -m 2 -o /dev/null -H "Accept: application/vnd.oci.image.index.v1+json" \
    -H "Accept: application/vnd.oci.image.manifest.v1+json" \
    -H "Accept: application/vnd.docker.distribution.manifest.list.v2+json" \
    -H "Accept: application/vnd.docker.distribution.manifest.v2+json" \
    "http://$REGISTRY/v2/library/${1%%:*}/manifests/${1#*:}"
}

images() {
  local suite pair
  for suite in "${SUITES[@]}"; do echo "debian:$suite-slim"; done
  for pair in "${PYTHONS[@]}"; do echo "python:${pair#*:}-slim python:${pair#*:}"; done
  echo "node:$NODE-slim node:$NODE"
}
# What the stand-ins depend on; another value rebuilds them.
recipe() {
  { echo "$INDEX"; cat "$HERE"/bases.sh "$HERE"/bases/* /usr/local/share/ca-certificates/*.crt 2>/dev/null || true; } |
    sha256sum | cut -c1-16
}
bases_ready() {
  local image
  [ "$(cat "$BASES/recipe" 2>/dev/null)" = "$(recipe)" ] || return 1
  for image in $(images); do
    [ -s "$BASES/$image" ] && in_registry "$image" || return 1
  done
}
hub_answers() {
  [ "$(curl -s -m 3 -o /dev/null -w '%{http_code}' https://registry-1.docker.io/v2/)" = 401 ]
}

# publish ENGINE IMAGE KIND: from the engine into the registry; the engine itself keeps no name for it.
publish() {
  local engine=$1 image=$2 kind=$3 name=$REGISTRY/library/$2
  docker_of "$engine" push -q "$name"
  docker_of "$engine" rmi "$name"
  echo "$kind" >"$BASES/$image"
}

mirror_official() {
  local engine=$1 image=$2
  docker_of "$engine" pull -q "$image"
  docker_of "$engine" tag "$image" "$REGISTRY/library/$image"
  docker_of "$engine" rmi "$image"
  publish "$engine" "$image" official
}

# root_fs SUITE: the contents of debian:SUITE-slim, configured as the official image is.
root_fs() {
  local suite=$1 directory=$CACHE/work/$1 lines=() security
  lines=("deb $(mirror debian) $suite main")
  if [ "$suite" != forky ]; then # a testing suite has neither
    lines+=("deb $(mirror debian) $suite-updates main")
    ! security=$(mirror debian-security) || lines+=("deb $security $suite-security main")
  fi
  mkdir -p "$directory/certificates"
  printf '[global]\nindex-url = %s\ntrusted-host = %s\n' "$INDEX" "$INDEX_ADDR" >"$directory/pip.conf"
  cp /usr/local/share/ca-certificates/*.crt "$directory/certificates" 2>/dev/null || true
  PATH=$CACHE/tools/usr/bin:$PATH mmdebstrap -q --variant=minbase --mode=root --skip=cleanup/apt \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook="$HERE/bases/customize.sh \"\$1\" $directory $(versions_of "$suite")" \
    "$suite" "$directory/rootfs.tar" "${lines[@]}"
}

# The Pythons that are taken from a suite.
versions_of() { printf '%s\n' "${PYTHONS[@]}" | sed -n "s/^$1://p" | tr '\n' ' '; }

# build ENGINE DOCKERFILE DIRECTORY TARGET IMAGE ARGUMENT...
build() {
  local engine=$1 file=$2 directory=$3 target=$4 image=$5
  shift 5
  # Attestations would turn each image into an index.
  BUILDX_NO_DEFAULT_ATTESTATIONS=1 docker_of "$engine" build --progress=plain -f "$HERE/bases/$file" \
    --target "$target" -t "$REGISTRY/library/$image" "${@/#/--build-arg=}" "$directory"
  publish "$engine" "$image" stand-in
}

python_base() { # ENGINE TARGET SUITE [VERSION]
  local engine=$1 target=$2 suite=$3 version=${4:-} directory=$CACHE/work/$3 image arguments=()
  case $target in
    debian) image=debian:$suite-slim ;;
    slim) image=python:$version-slim ;;
    full) image=python:$version ;;
  esac
  [ "$target" = debian ] || arguments=("VERSION=$version" "PYTHON_VERSION=$(cat "$directory/version-$version")")
  build "$engine" python.Dockerfile "$directory" "$target" "$image" "${arguments[@]}"
}

node_files() {
  local directory=$CACHE/work/node npm arch=x64
  [ "$(uname -m)" = x86_64 ] || arch=arm64
  npm=$(npm root -g)/npm
  [ -d "$npm" ] || fail "no npm in $(npm root -g) to put into the node images"
  rm -rf "$directory"
  mkdir -p "$directory/bin"
  (cd "$directory" && npm pack --silent "node-linux-$arch@$NODE" && tar -xzf ./*.tgz && rm ./*.tgz)
  cp "$directory/package/bin/node" "$HERE/bases/docker-entrypoint.sh" "$directory/bin"
  rm -rf "$directory/package"
  cp -a "$npm" "$directory/npm"
  rm -f "$directory/npm/npmrc" # a distribution's own settings
  "$directory/bin/node" -p process.versions.node >"$directory/version"
}
node_base() { # ENGINE TARGET
  local image=node:$NODE directory=$CACHE/work/node
  [ "$2" = full ] || image=node:$NODE-slim
  build "$1" node.Dockerfile "$directory" "$2" "$image" DEBIAN=debian:bookworm-slim \
    "NODE_VERSION=$(cat "$directory/version")"
}

# What needs no engine yet.
prepare_bases() {
  local suite jobs=("step 'fetch node $NODE' node_files")
  for suite in "${SUITES[@]}"; do jobs+=("step 'root file system of $suite' root_fs $suite"); done
  all "${jobs[@]}"
}

# python_images ENGINE SUITE VERSION: the full image is built while the wheels are fetched in the slim one.
python_images() {
  local jobs=("step 'image python:$3' python_base $1 full $2 $3")
  step "image python:$3-slim" python_base "$1" slim "$2" "$3"
  wheels_ready "$3" || jobs+=("step 'wheels for Python $3' fetch_wheels $1 $3")
  all "${jobs[@]}"
}
node_images() {
  step "image node:$NODE-slim" node_base "$1" slim
  step "image node:$NODE" node_base "$1" full
}

stand_ins() { # ENGINE
  local suite pair jobs=()
  for suite in "${SUITES[@]}"; do
    jobs+=("step 'image debian:$suite-slim' python_base $1 debian $suite")
  done
  all "${jobs[@]}"
  jobs=("node_images $1")
  for pair in "${PYTHONS[@]}"; do jobs+=("python_images $1 ${pair%%:*} ${pair#*:}"); done
  all "${jobs[@]}"
}
official_images() { # ENGINE
  local image jobs=()
  # The engines ask the local registry first: stand-ins of an earlier run must not be taken for the real images.
  rm -rf "$DATA/registry/docker/registry/v2/repositories/library"
  for image in $(images); do jobs+=("step 'mirror $image' mirror_official $1 $image"); done
  all "${jobs[@]}"
}
