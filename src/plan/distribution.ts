import { type ShellText, sh } from "../util/sh.ts";
import { HOME, USER_ID, USER_NAME } from "./layout.ts";
import { type RunStep, run } from "./step.ts";

/** The names of images, and the commands for packages and users, of one Linux distribution. */
export type Distribution = Readonly<{
  /** The image that has compilers and headers, for a Python version. */
  builderBase: (version: string) => string;
  /** Whether that image has git. */
  builderHasGit: boolean;
  /** The small image that the result is based on. */
  runtimeBase: (version: string) => string;
  /** Packages for the builder, whose layer is thrown away: downloads are kept for the next build. */
  installBuildPackages: (packages: readonly string[]) => RunStep;
  /** Packages for the image: neither lists nor downloads stay in the layer. */
  installSystemPackages: (packages: readonly string[]) => RunStep;
  createUser: readonly ShellText[];
}>;

const makeHome = sh`install -d -o ${USER_ID} -g ${USER_ID} -m 0755 ${HOME}`;

const debian: Distribution = {
  builderBase: (version) => `python:${version}`,
  builderHasGit: true,
  runtimeBase: (version) => `python:${version}-slim`,
  installBuildPackages: (packages) =>
    run(
      `install build_deps: ${packages.join(" ")}`,
      [
        // The official images empty the package cache after every run of apt, which would make the mounts useless.
        sh`rm -f /etc/apt/apt.conf.d/docker-clean`,
        sh`apt-get update`,
        sh`DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages}`,
      ],
      [
        { kind: "cache", target: "/var/cache/apt", sharing: "locked" },
        { kind: "cache", target: "/var/lib/apt", sharing: "locked" },
      ],
    ),
  installSystemPackages: (packages) =>
    run(`install system_deps: ${packages.join(" ")}`, [
      sh`apt-get update`,
      sh`DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages}`,
      sh`rm -rf /var/lib/apt/lists/*`,
    ]),
  createUser: [
    sh`groupadd --gid ${USER_ID} ${USER_NAME}`,
    sh`useradd -K UID_MAX=${USER_ID} --uid ${USER_ID} --gid ${USER_ID} --no-log-init --no-create-home --home-dir ${HOME} --shell /usr/sbin/nologin ${USER_NAME}`,
    makeHome,
  ],
};

const alpine: Distribution = {
  builderBase: (version) => `python:${version}-alpine`,
  builderHasGit: false,
  runtimeBase: (version) => `python:${version}-alpine`,
  installBuildPackages: (packages) =>
    run(
      `install build_deps: ${packages.join(" ")}`,
      [sh`apk add --update-cache ${packages}`],
      [{ kind: "cache", target: "/etc/apk/cache", sharing: "locked" }],
    ),
  installSystemPackages: (packages) =>
    run(`install system_deps: ${packages.join(" ")}`, [sh`apk add --no-cache ${packages}`]),
  createUser: [
    sh`addgroup -g ${USER_ID} ${USER_NAME}`,
    sh`adduser -D -H -u ${USER_ID} -G ${USER_NAME} -h ${HOME} -s /sbin/nologin ${USER_NAME}`,
    makeHome,
  ],
};

/** What the values of `flavor` stand for. */
export const DISTRIBUTIONS: Readonly<Record<"debian" | "alpine", Distribution>> = { debian, alpine };
