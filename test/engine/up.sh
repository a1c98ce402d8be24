#!/bin/bash
# Brings up the test engines: up.sh [floor] [classic] [containerd], all of them without a name. See README.md.
# Works from nothing, when all is up, and after the daemons were killed.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
for part in debs engine bases index; do . "$HERE/$part.sh"; done

[ "$(id -u)" = 0 ] || need "up.sh must run as root: it starts daemons, bridges and firewall rules."
[ -e /etc/debian_version ] && command -v apt-get >/dev/null || need "up.sh needs Debian with apt."
missing=$(for c in node npm flock setsid pgrep perl; do command -v $c >/dev/null || printf ' %s' "$c"; done)
[ -z "$missing" ] || need "up.sh needs these commands:$missing."
for engine in "$@"; do
  [[ " ${ENGINES[*]} " = *" $engine "* ]] || fail "no engine is called $engine (there are: ${ENGINES[*]})"
done
[ $# = 0 ] || ENGINES=("$@")

begin=$(now)
mkdir -p "$(dirname "$RUN")"
exec 9>"$RUN.lock"
flock -n 9 || { echo "another up.sh or down.sh is at work, waiting for it ..."; flock 9; }
mkdir -p "$RUN/log" "$CACHE" "$BASES" "$DATA" # under the lock: down.sh removes some of them

# 1. programs
[ -d "$CACHE/tools" ] || mirror debian >/dev/null || need "up.sh needs a mirror of Debian among apt's sources."
jobs=() packages=()
command -v iptables >/dev/null || packages+=(iptables)
command -v curl >/dev/null || packages+=(curl)
command -v ip >/dev/null || packages+=(iproute2)
[ ${#packages[@]} = 0 ] || jobs+=("step 'install ${packages[*]}' host_tools ${packages[*]}")
[ -d "$CACHE/tools" ] || jobs+=("step 'fetch tools' tools")
for engine in "${ENGINES[@]}"; do
  [ -d "$(binaries "$engine")" ] && continue
  if [ "$engine" = floor ]; then jobs+=("step 'fetch floor' floor_binaries"); else newest=missing; fi
done
[ -z "${newest:-}" ] || jobs+=("step 'fetch newest' newest_binaries")
all "${jobs[@]}"

# 2. daemons, and meanwhile what the images are made of
registry_answers || step "start registry" start_registry
jobs=()
for engine in "${ENGINES[@]}"; do
  { answers "$engine" && configured "$engine"; } || jobs+=("step 'start $engine' start_engine $engine")
done
index_answers || jobs+=("step 'start index' start_index")
images="" # how the images are to be made, if they are not there
if ! bases_ready; then
  rm -rf "$BASES"
  mkdir -p "$BASES" "$CACHE/work"
  if hub_answers; then images=official_images; else images=stand_ins jobs+=(prepare_bases); fi
fi
all "${jobs[@]}"

# 3. images and wheels, made by one of the engines
for builder in classic containerd floor; do
  [[ " ${ENGINES[*]} " = *" $builder "* ]] && break
done
if [ -n "$images" ]; then
  "$images" "$builder"
  recipe >"$BASES/recipe"
  rm -rf "$CACHE/work"
fi
jobs=()
for pair in "${PYTHONS[@]}"; do
  wheels_ready "${pair#*:}" || jobs+=("step 'wheels for Python ${pair#*:}' fetch_wheels $builder ${pair#*:}")
done
all "${jobs[@]}"

# 4. the state, of all engines that run: an earlier up.sh may have started more than this one
describe_engine() {
  local engine=$1 version buildx="" buildkit="" store=overlay2
  version=$(docker_of "$engine" version -f '{{.Server.Version}}' 2>/dev/null) || return 0
  if [ -e "$RUN/$engine/config/cli-plugins/docker-buildx" ]; then
    buildx=$("$RUN/$engine/config/cli-plugins/docker-buildx" version | cut -d' ' -f2)
    # Debian's builds do not know theirs.
    buildkit=$(docker_of "$engine" buildx inspect | sed -n 's/^BuildKit version: *//p' | grep -v unknown || true)
  fi
  [ "$engine" != containerd ] || store=containerd
  printf '{ "name": "%s", "host": "%s", "cli": "%s", "config": "%s", "version": "%s", ' "$engine" \
    "$(socket "$engine")" "$(binaries "$engine")/usr/bin/docker" "$RUN/$engine/config" "${version%%+*}"
  printf '"buildkit": %s, "store": "%s", "buildx": %s }' "$(or_null "$buildkit")" "$store" "$(or_null "${buildx%%+*}")"
}
or_null() { if [ -n "$1" ]; then echo "\"$1\""; else echo null; fi; }
lines() { printf '    %s\n' "$@" | sed '$!s/$/,/'; } # the items of a list
engines=() bases=()
for engine in floor classic containerd; do
  description=$(describe_engine "$engine")
  [ -z "$description" ] || engines+=("$description")
done
for image in $(images); do bases+=("\"$image\": \"$(cat "$BASES/$image")\""); done
cat >"$STATE.new" <<JSON
{
  "registry": "$REGISTRY",
  "index": "$INDEX",
  "bases": {
$(lines "${bases[@]}")
  },
  "engines": [
$(lines "${engines[@]}")
  ]
}
JSON
mv "$STATE.new" "$STATE"
echo "engines up: ${ENGINES[*]} ($(since "$begin")), see $STATE"
