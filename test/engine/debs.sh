# Programs from Debian packages, unpacked below the cache: the host's own packages stay as they are. Sourced.

# mirror debian | debian-security: the address that this machine's own apt uses.
mirror() {
  apt-get indextargets --format '$(REPO_URI)' "Created-By: Packages" | sed 's,/*$,,' | grep -m1 "/$1\$"
}

# unpack DIRECTORY SUITE PACKAGE...: apt with a state of its own (signatures are checked, versions resolved).
unpack() {
  local directory=$1 suite=$2 apt=$1.apt options deb
  shift 2
  rm -rf "$apt" "$directory.new"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/debs" "$directory.new"
  : >"$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror debian) $suite main" >"$apt/sources.list"
  options=(-qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$apt/lists"
    -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root
    # A mirror may hold a Release file of sid that is past its date.
    -o Acquire::Check-Valid-Until=false -o Acquire::Languages=none -o Acquire::Retries=3)
  apt-get "${options[@]}" update || return
  (cd "$apt/debs" && apt-get "${options[@]}" download "$@") || return
  for deb in "$apt"/debs/*.deb; do dpkg-deb -x "$deb" "$directory.new" || return; done
  rm -rf "$apt" "$directory"
  mv "$directory.new" "$directory" # last, so that a directory that exists is complete
}

host_tools() {
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
}

# runc is static, so one of bookworm's serves all engines (sid's containerd asks for no newer one).
tools() { unpack "$CACHE/tools" bookworm runc docker-registry mmdebstrap; }

floor_binaries() { unpack "$CACHE/floor" bookworm docker.io containerd libdevmapper1.02.1; }

newest_binaries() {
  local packages=(docker.io docker-cli docker-buildx containerd)
  unpack "$CACHE/newest" sid "${packages[@]}" && "$CACHE/newest/usr/sbin/dockerd" --version &&
    "$CACHE/newest/usr/bin/docker" --version && return
  echo "sid's engine cannot be had or does not run here: trixie's instead"
  unpack "$CACHE/newest" trixie "${packages[@]}"
}
