#!/bin/sh
# debian-node.sh ARCHITECTURE DIRECTORY: unpacks Debian's Node, with all that it depends on, for another machine. Runs on
# any image of the Debian release it is to come from, and runs nothing of what it fetches.
set -eu
case $1 in
  amd64 | arm64) architecture=$1 ;;
  arm64v8) architecture=arm64 ;;
  armv7) architecture=armhf ;;
  armv6) architecture=armel ;; # nodejs in it asks for ARMv6K and VFPv2
  386) architecture=i386 ;;
  *) echo "Debian has no Node for $1" >&2; exit 1 ;;
esac
directory=$2
state=$(mktemp -d)
mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$directory/var/lib/dpkg/info"
: >"$state/status"
for link in lib lib64; do # where every other path is looked up through
  mkdir -p "$directory/usr/$link"
  ln -s "usr/$link" "$directory/$link"
done
foreign() {
  apt-get -qq -y -o APT::Architecture="$architecture" -o APT::Architectures::="$architecture" -o Dir::State="$state" \
    -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" -o APT::Install-Recommends=false \
    -o APT::Sandbox::User=root "$@"
}
foreign update
foreign install --download-only nodejs
for package in "$state"/cache/archives/*.deb; do
  name=$(dpkg-deb -f "$package" Package)
  dpkg-deb -x "$package" "$directory"
  dpkg-deb --fsys-tarfile "$package" | tar -t | sed 's,^\.,,; s,/$,,' >"$directory/var/lib/dpkg/info/$name.list"
done
rm -rf "$state"
