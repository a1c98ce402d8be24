import { type Docker, output } from "./docker.ts";

/** Lists the distributions that it finds, as scanners do (BuildKit `docs/attestations/sbom-protocol.md`). */
const SCANNER = `import glob, json, os
found = sorted(os.path.basename(path) for path in glob.glob(os.environ["BUILDKIT_SCAN_SOURCE"] + "/home/nonroot/.local/lib/*/site-packages/*.dist-info"))
statement = {"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://spdx.dev/Document", "predicate": {"spdxVersion": "SPDX-2.3", "packages": [{"name": name} for name in found]}}
json.dump(statement, open(os.environ["BUILDKIT_SCAN_DESTINATION"] + "/sbom.spdx.json", "w"))
`;

/** Makes an image that can be the generator of `--attest=type=sbom`, and returns its name in the test registry. */
export async function pushScanner(docker: Docker): Promise<string> {
  const image = "127.0.0.1:5000/microb-test/scanner";
  const input = `FROM python:3.13-slim
COPY <<'EOF' /scan.py
${SCANNER}EOF
ENTRYPOINT ["python3", "/scan.py"]
CMD []
`;
  await output(docker, ["buildx", "build", "--provenance=false", "--push", "-t", image, "-"], { input });
  return image;
}
