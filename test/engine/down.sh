#!/bin/bash
# Stops all that up.sh started; with --purge its data and caches go too.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$HERE/engine.sh"

[ "$(id -u)" = 0 ] || need "down.sh must run as root, as up.sh does."
[ $# = 0 ] || [ "$*" = --purge ] || fail "usage: down.sh [--purge]"
exec 9>"$RUN.lock"
flock -n 9 || { echo "another up.sh or down.sh is at work, waiting for it ..."; flock 9; }
mkdir -p "$RUN/log"
rm -f "$STATE"

jobs=("stop $RUN/index.pid" "stop $RUN/registry.pid")
for engine in "${ENGINES[@]}"; do jobs+=("step 'stop $engine' stop_engine $engine"); done
all "${jobs[@]}"

command -v iptables >/dev/null && remove_rules
for engine in "${ENGINES[@]}"; do ip link del "$(bridge "$engine")" 2>/dev/null || true; done
# Of emulate.sh; one that names another program is not ours.
handler=/proc/sys/fs/binfmt_misc/qemu-aarch64
if grep -qs "^interpreter $CACHE/" "$handler"; then echo -1 >"$handler"; fi
ip addr del "$INDEX_ADDR/32" dev lo 2>/dev/null || true
rm -rf "$RUN"
if [ "${1:-}" = --purge ]; then rm -rf "$DATA" "$CACHE"; fi
