# The package index: wheels fetched once, served on an address of the loopback interface. Sourced.

WHEELS=$CACHE/wheels # one directory per Python; a test may add one of its own

# pip download, inside the bases, so that the wheels fit; then the metadata beside each wheel (PEP 658).
fetch_wheels() { # ENGINE VERSION
  local engine=$1 version=$2 directory=$WHEELS/$2 image=$REGISTRY/library/python:$2-slim
  rm -rf "$directory.new"
  mkdir -p "$directory.new"
  docker_of "$engine" run --rm --network host -v "$directory.new:/wheels" -v "$HERE/packages.txt:/packages.txt:ro" \
    -e PIP_CONFIG_FILE=/dev/null -e PIP_INDEX_URL "$image" sh -ec '
      pip --disable-pip-version-check download -q --only-binary :all: -d /wheels -r /packages.txt
      python - <<PYTHON
import glob, zipfile
for path in glob.glob("/wheels/*.whl"):
    with zipfile.ZipFile(path) as wheel:
        name, = (n for n in wheel.namelist() if n.count("/") == 1 and n.endswith(".dist-info/METADATA"))
        with open(path + ".metadata", "wb") as out:
            out.write(wheel.read(name))
PYTHON'
  docker_of "$engine" rmi "$image"
  wheels_recipe "$version" >"$directory.new/recipe"
  rm -rf "$directory"
  mv "$directory.new" "$directory"
}
wheels_recipe() { { echo "$1"; cat "$HERE/packages.txt"; } | sha256sum | cut -c1-16; }
wheels_ready() { [ "$(cat "$WHEELS/$1/recipe" 2>/dev/null)" = "$(wheels_recipe "$1")" ]; }

# One that an older version of the server gives is none.
index_recipe() { sha256sum "$HERE/index-server.mjs" | cut -c1-16; }
index_answers() { [ "$(cat "$RUN/index.recipe" 2>/dev/null)" = "$(index_recipe)" ] && curl -sf -m 2 -o /dev/null --noproxy '*' "$INDEX"; }

start_index() {
  ip addr replace "$INDEX_ADDR/32" dev lo
  # A neighbour that routes the address here must not reach it: only this machine and the bridges may.
  # (Each rule is put before the last one.)
  rule filter INPUT -d "$INDEX_ADDR" -j DROP
  rule filter INPUT -d "$INDEX_ADDR" -i lo -j ACCEPT
  rule filter INPUT -d "$INDEX_ADDR" -i 'mb-+' -j ACCEPT
  mkdir -p "$WHEELS"
  stop "$RUN/index.pid"
  index_recipe >"$RUN/index.recipe"
  daemon index node "$HERE/index-server.mjs" "$WHEELS" "$INDEX_ADDR" "$INDEX_PORT"
  until_true 20 index_answers
}
