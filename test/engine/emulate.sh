#!/bin/bash
# Lets this machine run programs for arm64, and puts python:3.13-slim for arm64 into the registry of the engines as
# $NAME. Tests of several platforms run it once the engines are up. It fails and says why where that cannot be done.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
for part in debs engine bases; do . "$HERE/$part.sh"; done

NAME=$REGISTRY/microb-test/arm64-python:3.13-slim
SUITE=trixie VERSION=3.13
HANDLERS=/proc/sys/fs/binfmt_misc
EMULATOR=$CACHE/emulator
DONE=$CACHE/arm64.recipe
WORK=$CACHE/arm64

[ "$(id -u)" = 0 ] || need "emulation must be set up by root."
[ "$(uname -m)" = x86_64 ] || need "only amd64 is taught to run arm64."
answers containerd || need "the engine that holds images of several platforms is not up."
grep -q binfmt_misc /proc/filesystems || need "this kernel has no binfmt_misc."
exec 9>"$RUN.emulation.lock"
flock 9
mkdir -p "$RUN/log"

# The header of an ELF program for arm64, and which of its bits count. F: the emulator is opened now, by this mount
# namespace, so that containers need not have it; C: set-user-id programs keep their rights.
MAGIC='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
MASK='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
runs_arm64() { "$EMULATOR/usr/libexec/arch-test/arm64"; }
emulator() {
  unpack "$EMULATOR" "$SUITE" qemu-user arch-test
  sed -i "s,/usr/libexec/arch-test,$EMULATOR&," "$EMULATOR/usr/bin/arch-test"
}
register() {
  [ -e "$HANDLERS/register" ] || mount -t binfmt_misc binfmt_misc "$HANDLERS"
  # The name that Debian gives it, by which mmdebstrap knows it. One that this machine has already is left alone.
  [ -e "$HANDLERS/qemu-aarch64" ] ||
    printf '%s' ":qemu-aarch64:M::$MAGIC:$MASK:$EMULATOR/usr/bin/qemu-aarch64:CF" >"$HANDLERS/register"
  runs_arm64
}

root_fs_arm64() {
  local security lines
  lines=("deb $(mirror debian) $SUITE main" "deb $(mirror debian) $SUITE-updates main")
  ! security=$(mirror debian-security) || lines+=("deb $security $SUITE-security main")
  rm -rf "$WORK"
  mkdir -p "$WORK/certificates"
  cp /usr/local/share/ca-certificates/*.crt "$WORK/certificates" 2>/dev/null || true
  PATH=$EMULATOR/usr/bin:$CACHE/tools/usr/bin:$PATH mmdebstrap -q --variant=minbase --mode=root --architectures=arm64 \
    --skip=cleanup/apt --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook="$HERE/bases/customize.sh \"\$1\" $WORK $VERSION" "$SUITE" "$WORK/rootfs.tar" "${lines[@]}"
}
image_arm64() {
  printf '[global]\nindex-url = %s\ntrusted-host = %s\n' "$INDEX" "$INDEX_ADDR" >"$WORK/pip.conf"
  BUILDX_NO_DEFAULT_ATTESTATIONS=1 docker_of containerd buildx build --platform linux/arm64 --progress=plain \
    -f "$HERE/bases/python.Dockerfile" --target slim --build-arg "VERSION=$VERSION" \
    --build-arg "PYTHON_VERSION=$(cat "$WORK/version-$VERSION")" --push -t "$NAME" "$WORK"
}
is_done() {
  [ "$(cat "$DONE" 2>/dev/null)" = "$(arm64_recipe)" ] &&
    curl -sf -m 2 -o /dev/null -H "Accept: application/vnd.oci.image.manifest.v1+json" \
      -H "Accept: application/vnd.docker.distribution.manifest.v2+json" \
      "http://$REGISTRY/v2/microb-test/arm64-python/manifests/3.13-slim"
}
arm64_recipe() { { recipe; cat "$HERE/emulate.sh"; } | sha256sum | cut -c1-16; }

# No step is part of a condition: `set -e` would not count in it.
if [ ! -d "$EMULATOR" ]; then step "fetch emulator" emulator; fi
if ! runs_arm64 >/dev/null 2>&1; then step "register emulator" register; fi
if ! is_done; then
  step "root file system for arm64" root_fs_arm64
  step "image $NAME" image_arm64
  arm64_recipe >"$DONE"
  rm -rf "$WORK"
fi
# A machine's own emulator may be one that containers do not have.
docker_of containerd run --rm --pull always --platform linux/arm64 "$NAME" python -c '' >/dev/null ||
  need "containers do not run programs for arm64."
