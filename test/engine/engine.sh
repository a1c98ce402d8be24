# One Docker engine: its own containerd, socket, bridge and data. Sourced.

# binaries ENGINE: where its programs were unpacked.
binaries() { if [ "$1" = floor ]; then echo "$CACHE/floor"; else echo "$CACHE/newest"; fi; }
bridge() { echo "mb-$1"; } # the name of its bridge and of its control group; at most 15 characters
subnet() {
  case $1 in floor) echo "$NET.250" ;; classic) echo "$NET.251" ;; containerd) echo "$NET.252" ;; esac
}
socket() { echo "unix://$RUN/$1/docker.sock"; }

# docker_of ENGINE ARGUMENT...: the client that belongs to the engine, never one on PATH.
docker_of() {
  local engine=$1
  shift
  DOCKER_HOST=$(socket "$engine") DOCKER_CONFIG=$RUN/$engine/config BUILDX_BUILDER=default DOCKER_BUILDKIT=1 \
    "$(binaries "$engine")/usr/bin/docker" "$@"
}
answers() { [ -S "$RUN/$1/docker.sock" ] && docker_of "$1" version >/dev/null 2>&1; }

network() {
  local engine=$1 name address
  name=$(bridge "$engine") address=$(subnet "$engine")
  ip link show "$name" >/dev/null 2>&1 || ip link add "$name" type bridge
  ip addr replace "$address.1/24" dev "$name"
  ip link set "$name" up
  echo 1 >/proc/sys/net/ipv4/ip_forward
  # The daemon's own rules would be shared with any other daemon of this machine: three of ours instead.
  rule nat POSTROUTING -s "$address.0/24" ! -o "$name" -j MASQUERADE
  rule filter FORWARD -i "$name" -j ACCEPT
  rule filter FORWARD -o "$name" -j ACCEPT
}

# The daemon's configuration. The build cache has room for all that a run of the tests makes: what a test has just built
# must not be collected before it builds again.
daemon_json() {
  local engine=$1 run=$RUN/$1 data=$DATA/$1 features='"features": { "containerd-snapshotter": true },'
  # The driver is named because a daemon may otherwise choose by what it finds below its data-root.
  [ "$engine" = containerd ] || features='"storage-driver": "overlay2",'
  cat <<JSON
{
  $features
  "data-root": "$data/docker", "exec-root": "$run/exec", "pidfile": "$run/docker.pid",
  "hosts": ["$(socket "$engine")"], "containerd": "$run/containerd.sock", "bridge": "$(bridge "$engine")",
  "iptables": false, "ip6tables": false, "ip-forward": false,
  "exec-opts": ["native.cgroupdriver=cgroupfs"], "cgroup-parent": "/$(bridge "$engine")",
  "registry-mirrors": ["http://$REGISTRY"], "insecure-registries": ["$REGISTRY"],
  "builder": { "gc": { "enabled": true, "defaultKeepStorage": "16GB" } }
}
JSON
}
# Whether an engine that runs was started with the configuration of today.
configured() { [ "$(daemon_json "$1")" = "$(cat "$RUN/$1/daemon.json" 2>/dev/null)" ]; }

configuration() {
  local engine=$1 run=$RUN/$1 data=$DATA/$1
  # Plugins that serve Kubernetes; they open sockets at fixed places.
  cat >"$run/containerd.toml" <<TOML
version = 2
root = "$data/containerd"
state = "$run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime",
  "io.containerd.podsandbox.controller.v1.podsandbox", "io.containerd.nri.v1.nri"]
[grpc]
  address = "$run/containerd.sock"
TOML
  daemon_json "$engine" >"$run/daemon.json"
  local plugin
  plugin=$(binaries "$engine")/usr/libexec/docker/cli-plugins/docker-buildx
  mkdir -p "$run/config/cli-plugins"
  [ ! -e "$plugin" ] || ln -sfn "$plugin" "$run/config/cli-plugins/docker-buildx"
}

start_engine() {
  local engine=$1 run=$RUN/$1 from
  from=$(binaries "$engine")
  stop_engine "$engine" # what a killed daemon left: half a pair, sockets, pidfiles, mounts
  mkdir -p "$run" "$DATA/$engine"
  network "$engine"
  configuration "$engine"
  local path=$CACHE/tools/usr/sbin:$from/usr/sbin:$from/usr/bin:$PATH
  # dockerd would take a containerd of the system if one runs; it gets its own.
  PATH=$path daemon "$engine/containerd" containerd --config "$run/containerd.toml"
  until_true 20 test -S "$run/containerd.sock" || { tail -n 30 "$run/containerd.log"; return 1; }
  # The floor's dockerd needs a library that a small machine may lack.
  PATH=$path LD_LIBRARY_PATH=$from/lib/$(uname -m)-linux-gnu daemon "$engine/dockerd" dockerd --config-file "$run/daemon.json"
  until_true 60 answers "$engine" || { tail -n 30 "$run/dockerd.log"; return 1; }
}
stop_engine() {
  local engine=$1 run=$RUN/$1
  stop "$run/dockerd.pid"
  stop "$run/containerd.pid"
  # Containers and build steps outlive a killed daemon, and nobody would ever reap them.
  find /sys/fs/cgroup -path "*/$(bridge "$engine")/*" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u |
    xargs -r kill -9 2>/dev/null || true
  pgrep -f -- "^[^ ]*(containerd-shim|runc)[^ ]* .*($run|$DATA/$engine)/" | xargs -r kill -9 2>/dev/null || true
  find /sys/fs/cgroup -depth -type d -path "*/$(bridge "$engine")*" -exec rmdir {} + 2>/dev/null || true
  unmount "$run" "$DATA/$engine"
  rm -rf "$run/docker.pid" "$run/docker.sock" "$run/containerd.sock" "$run/containerd.sock.ttrpc" "$run/containerd" \
    "$run/exec"
}
