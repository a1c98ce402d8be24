# Shared by the scripts of this folder: defaults, progress, process and firewall helpers. Sourced, never run.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=${MICROB_ENGINE_CACHE:-/var/cache/microb-engine} # can be fetched or built again
RUN=${MICROB_ENGINE_RUN:-/run/microb-engine}           # sockets, pidfiles, logs, engines.json
DATA=${MICROB_ENGINE_DATA:-/var/lib/microb-engine}     # what the daemons keep
NET=${MICROB_ENGINE_NET:-172.31}                       # bridges are $NET.250.1/24 and the two after it
REGISTRY=127.0.0.1:${MICROB_ENGINE_REGISTRY_PORT:-5000}
# An address of our own on the loopback interface: the host, build steps on any bridge and build steps with host
# networking all reach the index under one URL, without address translation. From TEST-NET-2, so it is nobody else's.
INDEX_ADDR=${MICROB_ENGINE_INDEX_ADDR:-198.51.100.1}
INDEX_PORT=${MICROB_ENGINE_INDEX_PORT:-3141}
INDEX=http://$INDEX_ADDR:$INDEX_PORT/simple/
STATE=$RUN/engines.json
ENGINES=(floor classic containerd)

fail() { echo "$*" >&2; exit 1; }
need() { echo "$*" >&2; exit 3; }

now() { local t=${EPOCHREALTIME/[.,]/}; echo "${t%???}"; } # milliseconds
since() { local d=$(($(now) - $1)); printf '%d.%ds' $((d / 1000)) $((d % 1000 / 100)); }

# step NAME COMMAND...: one line when it starts, one when it is done; the tail of its log and exit 1 when it fails.
step() {
  local name=$1 log=$RUN/log/${1//[^a-zA-Z0-9.-]/-}.log start
  shift
  start=$(now)
  echo "$name ..."
  # In the background because bash switches `set -e` off inside a condition, but not in a job that one waits for.
  ("$@") >"$log" 2>&1 &
  if wait $!; then
    echo "$name: done ($(since "$start"))"
  else
    echo "$name: FAILED after $(since "$start"), see $log"
    tail -n 30 "$log"
    exit 1
  fi
}

# all COMMAND...: run commands (one word each, with arguments by quoting) at once; fail if one of them fails.
all() {
  local pids=() pid status=0 command
  for command in "$@"; do
    eval "$command" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || status=1; done
  return $status
}

# until_true SECONDS COMMAND...
until_true() {
  local tries=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    ((tries-- > 0)) || return 1
    sleep 0.1
  done
}

# daemon NAME COMMAND...: a process of its own session, its output in NAME.log and its id in NAME.pid.
daemon() {
  local name=$1
  shift
  # 9 is the lock of up.sh: a daemon that inherited it would hold it for ever. Git, which daemons start, works nowhere
  # but in a directory that exists: the repository that up.sh was called in may go away before them.
  { cd / && exec setsid nohup "$@"; } >"$RUN/$name.log" 2>&1 </dev/null 9>&- &
  echo $! >"$RUN/$name.pid"
}

# ours PID: alive, no zombie, and its command line names our directories (a stale pidfile may name any process).
ours() {
  [ -n "$1" ] && [ -d "/proc/$1" ] && ! grep -qs '^State:.*Z' "/proc/$1/status" &&
    grep -qsaF -e "$RUN/" -e "$CACHE/" -e "$HERE/" "/proc/$1/cmdline"
}
gone() { ! ours "$1"; }

# stop PIDFILE: ask, wait, insist.
stop() {
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 0
  if ours "$pid"; then
    kill "$pid" || true
    until_true 20 gone "$pid" || { kill -9 "$pid" || true; until_true 5 gone "$pid" || true; }
  fi
  rm -f "$1"
}

# Every rule carries this comment, so that down.sh finds them all and nothing else.
rule() {
  local table=$1 chain=$2
  shift 2
  iptables -w -t "$table" -C "$chain" "$@" -m comment --comment microb-engine 2>/dev/null ||
    iptables -w -t "$table" -I "$chain" "$@" -m comment --comment microb-engine
}
remove_rules() {
  local table line
  for table in nat filter; do
    iptables -w -t "$table" -S 2>/dev/null | sed -n '/--comment microb-engine\b/s/^-A //p' | while read -r line; do
      # shellcheck disable=SC2086  # a rule is a list of words
      iptables -w -t "$table" -D $line
    done
  done
}

# unmount DIRECTORY...: everything mounted below, deepest first (layers, network namespaces of killed daemons).
unmount() {
  local directory
  for directory in "$@"; do
    awk -v d="$directory/" 'index($2, d) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
  done
}
