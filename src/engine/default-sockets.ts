import { type Candidate, candidateAt, type Environment } from "./candidate.ts";
import { DEFAULT_SOCKET } from "./endpoint.ts";

/** Where engines listen when nobody said anything: the system's, a rootless one, and Docker Desktop's. */
export function defaultSockets(env: Environment, home: string): readonly Candidate[] {
  const runtime = env["XDG_RUNTIME_DIR"];
  const paths = [
    DEFAULT_SOCKET,
    ...(runtime ? [`${runtime}/docker.sock`] : []),
    `${home}/.docker/run/docker.sock`,
    `${home}/.docker/desktop/docker.sock`,
  ];
  return paths.map((path) => {
    const address = `unix://${path}`;
    const clientEnv = { DOCKER_HOST: address, DOCKER_CONTEXT: undefined };
    return candidateAt({ strategy: "socket", name: path, clientEnv }, address);
  });
}
