#!/bin/sh
# The last step of a root file system: what Debian's official images have on top of a plain installation.
# customize.sh ROOT DIRECTORY PYTHON-VERSION...
set -eu
root=$1 directory=$2
shift 2

for version; do
  chroot "$root" apt-cache show "python$version" | sed -n 's/^Version: \([0-9.]*\).*/\1/p' | head -n 1 >"$directory/version-$version"
done

clean='"rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"'
cat >"$root/etc/apt/apt.conf.d/docker-clean" <<CONF
DPkg::Post-Invoke { $clean; };
APT::Update::Post-Invoke { $clean; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
CONF
echo 'Acquire::Languages "none";' >"$root/etc/apt/apt.conf.d/docker-no-languages"
# A mirror may hold a Release file that is past its date.
echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/check-valid-until"
# A mirror may refuse connections when a dozen builds ask at once.
echo 'Acquire::Retries "5";' >"$root/etc/apt/apt.conf.d/retries"
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/docker-apt-speedup"

# Behind a proxy that intercepts TLS, https in a build step works only with the machine's own certificates.
mkdir -p "$root/usr/local/share/ca-certificates"
find "$directory/certificates" -name '*.crt' -exec cp {} "$root/usr/local/share/ca-certificates" \;

rm -rf "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/etc/resolv.conf "$root"/etc/hostname \
  "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*
