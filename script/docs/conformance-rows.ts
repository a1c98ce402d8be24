/** Something that a client can ask for, what becomes of it, and the test that shows it, or why there is none. */
export type Row = Readonly<{ name: string; what: string }> &
  (Readonly<{ file: string; test: string }> | Readonly<{ without: string }>);

function shown(name: string, what: string, file: string, test: string): Row {
  return { name, what, file, test };
}

function open(name: string, what: string, without: string): Row {
  return { name, what, without };
}

const OPTS = "unit/frontend/build-opts.test.ts";
const RUN = "unit/frontend/run-frontend.test.ts";
const CONTEXTS = "unit/frontend/contexts.test.ts";
const CAPS = "unit/frontend/capabilities.test.ts";
const RESULT = "unit/frontend/assemble-result.test.ts";
const ON_OPTIONS = "integration/options-on.ts";
const ON_CONTEXTS = "integration/contexts-on.ts";
const ON_RESULT = "integration/result.test.ts";
const ON_CALL = "integration/call.test.ts";
const ON_PLATFORMS = "integration/platforms.test.ts";
const ON_PROCESS = "integration/process.test.ts";
const ON_BAD_INPUT = "integration/bad-input-on.ts";
const PROCESS = "unit/bin/process.test.ts";

/** The rows by section. Sections and names follow BuildKit's `frontend/dockerui`. */
export const CONFORMANCE: Readonly<Record<string, readonly Row[]>> = {
  "The build file and the main context": [
    shown(
      "`filename`",
      "names the build file; without `-f`, `pyproject.toml` instead of `Dockerfile`",
      OPTS,
      "a build that asks for nothing gets the defaults",
    ),
    shown(
      "`dockerfilekey`",
      "the build file is the client's, wherever the context is",
      CONTEXTS,
      "dockerfilekey says that the build file is the client's",
    ),
    shown("`contextkey`", "the option that holds the context", CONTEXTS, "another option may hold the URL"),
    shown(
      "`contextsubdir`",
      "a directory of a context that is not the client's",
      CONTEXTS,
      "a directory of it can be an option",
    ),
    shown(
      "`local-sessionid:NAME`",
      "the session of a directory",
      CONTEXTS,
      "the client may call the directory of the build file otherwise, and offer it in another session",
    ),
    shown(
      "local",
      "only what the plan uses is sent",
      ON_CONTEXTS,
      "the files of a directory that are not used are not sent",
    ),
    shown(
      "ignore files",
      "the one of the build file wins; only for directories of the client",
      CONTEXTS,
      "the ignore file of the build file wins",
    ),
    shown(
      "build file outside of the context",
      "is used instead of one at the root of the context, with a warning",
      ON_CONTEXTS,
      "a build file from outside of the context, with its own ignore file",
    ),
    shown(
      "standard input: build file",
      "is used instead of the context's",
      ON_CONTEXTS,
      "a build file on the standard input stands in for that of the context",
    ),
    shown("standard input: archive", "is the context", ON_CONTEXTS, "an archive on the standard input"),
    shown(
      "git",
      "repository, ref, directory",
      ON_CONTEXTS,
      "a project in a directory of a git repository, and the whole as its context",
    ),
    shown(
      "git with a query",
      "`ref`, `tag`, `branch`, `subdir`, `commit`, …; others are errors",
      ON_CONTEXTS,
      "a git repository by the queries of its URL",
    ),
    shown("git over ssh", "with the agent of the client", ON_CONTEXTS, "a git repository over ssh"),
    shown(
      "`BUILDKIT_CONTEXT_KEEP_GIT_DIR`",
      "keeps `.git`",
      ON_CONTEXTS,
      "the history of a git repository, if it is asked for",
    ),
    shown("http: archive", "is unpacked", ON_CONTEXTS, "an archive behind a URL"),
    shown("http: file", "is the build file", ON_CONTEXTS, "a build file behind a URL"),
    shown(
      "inputs",
      "graphs handed in by bake and by other frontends",
      ON_CONTEXTS,
      "bake: definition and context in git",
    ),
    shown("`cmdline`", "our own syntax line is not followed again", RUN, "a simple build asks no more than it must"),
    shown(
      "`frontend.caps`",
      "an unknown one is an error with a typed detail",
      RUN,
      "what a client demands is there, or named in an error that clients know",
    ),
  ],
  "Named contexts": [
    shown(
      "`docker-image://`",
      "replaces a base image",
      CONTEXTS,
      "an image stands in for a base, which is not asked for",
    ),
    shown("`NAME::PLATFORM`", "is preferred to `NAME`", CONTEXTS, "one for the platform comes first"),
    shown("git", "a repository", ON_CONTEXTS, "a git repository"),
    shown("http", "a file called `context`", CONTEXTS, "http, as a file that is called context"),
    shown("`oci-layout://`", "an image of the client, by its digest", ON_CONTEXTS, "an image in an OCI layout"),
    shown(
      "`local:`",
      "the used files of a directory, without what its ignore file leaves out",
      ON_CONTEXTS,
      "a directory, without what its ignore file leaves out",
    ),
    shown(
      "`input:`, `input-metadata:`",
      "the result of another build, with its configuration",
      ON_CONTEXTS,
      "bake: one target is based on another",
    ),
    shown(
      "anything else",
      "is an error that names the context",
      ON_CONTEXTS,
      "what is not understood is told by its name",
    ),
  ],
  Options: [
    shown("`target`", "case-insensitive; unknown ones are errors with suggestions", ON_BAD_INPUT, "no such target"),
    shown("`platform`", "one or several", ON_PLATFORMS, "are one plan and two images, in the order asked for"),
    shown(
      "`multi-platform`, `BUILDKIT_MULTI_PLATFORM`",
      "an index for one platform too",
      ON_PLATFORMS,
      "one alone is an index too if that is wanted",
    ),
    shown(
      "`build-arg:`",
      "variables of `env` and `labels`",
      ON_OPTIONS,
      "--label beats the labels table, --build-arg fills variables",
    ),
    shown("`build-arg:` that nothing uses", "a warning", ON_RESULT, "a build argument that nothing uses is a warning"),
    shown("`label:`", "beats all others", RESULT, "labels of the command line beat the image's, and all are sorted"),
    shown(
      "`no-cache`",
      "everything, or stages and targets by name",
      ON_RESULT,
      "--no-cache-filter runs the steps of one stage, or of the target",
    ),
    shown(
      "`cache-imports`, `cache-from`",
      "go with the main solve",
      "integration/cache.test.ts",
      "imports what the newest engine exported",
    ),
    shown("`image-resolve-mode`", "`--pull` asks the registry", ON_OPTIONS, "--pull asks the registry"),
    shown(
      "`force-network-mode`",
      "`none`, `host`, `sandbox`",
      ON_OPTIONS,
      "--network none leaves loopback only, --network host is the host's",
    ),
    shown("`add-hosts`", "for every step", ON_OPTIONS, "--add-host is known to the build"),
    shown(
      "`hostname`, `BUILDKIT_SANDBOX_HOSTNAME`",
      "for every step",
      ON_OPTIONS,
      "the build has the hostname that it is given",
    ),
    shown("`shm-size`, `ulimit`", "for every step, where the daemon can", ON_RESULT, "--ulimit, --shm-size"),
    shown("`cgroup-parent`", "for every step, where the daemon can", ON_RESULT, "--cgroup-parent"),
    shown(
      "`memory`, `memswap`, `cpu…`",
      "for every step, where the daemon can",
      RUN,
      "limits that the daemon does not know are left out",
    ),
    shown(
      "proxies",
      "reach steps, and neither image nor cache",
      ON_OPTIONS,
      "proxies reach the build, and neither the image nor the cache key",
    ),
    shown("`BUILDKIT_SYNTAX`", "overrides the syntax line", ON_OPTIONS, "BUILDKIT_SYNTAX stands in for the first line"),
    shown("`BUILDKIT_CACHE_MOUNT_NS`", "part of the names of cache mounts", OPTS, "BUILDKIT_CACHE_MOUNT_NS"),
    shown(
      "`SOURCE_DATE_EPOCH`",
      "time of image, history and files copied into it",
      ON_RESULT,
      "SOURCE_DATE_EPOCH is the time of the image and of what microb adds to it",
    ),
    shown(
      "`BUILDKIT_DOCKERFILE_CHECK`, `# check=`",
      "choose among the rules, may fail the build",
      ON_CALL,
      "warnings of a build, which fails for them if that is wanted",
    ),
    shown("`override-copy-image`, `BUILDKIT_DISABLE_FILEOP`", "are refused", OPTS, "BUILDKIT_DISABLE_FILEOP"),
    shown("`attest:` of another kind", "is refused", OPTS, "attest:vsa"),
    shown(
      "invalid values",
      "errors that name the option, all at once",
      OPTS,
      "everything that is wrong is told at once, by the option's name",
    ),
    shown("unknown options", "are ignored", OPTS, "options of other frontends and of newer clients are passed over"),
    open("`SOURCE_DATE_EPOCH=context`", "not done", "only numbers are taken"),
    open(
      "`BUILDKIT_SBOM_SCAN_CONTEXT`, `…_STAGE`",
      "not done",
      "the daemon scans the image; nothing else is offered to the scanner",
    ),
  ],
  Results: [
    shown(
      "`containerimage.config`",
      "the base's, edited; unknown keys kept, `OnBuild` cleared",
      ON_RESULT,
      "what the base says is kept, but for what it says to builds",
    ),
    shown(
      "history",
      "one entry for each layer",
      ON_RESULT,
      "what the base says is kept, but for what it says to builds",
    ),
    shown(
      "`containerimage.base.config`",
      "as the base has it",
      RESULT,
      "several platforms are several images, in the order in which they were asked for",
    ),
    shown(
      "`refs.platforms`",
      "in the order asked for, also for one",
      RESULT,
      "several platforms are several images, in the order in which they were asked for",
    ),
    shown(
      "`source.date.epoch`",
      "for each platform",
      RUN,
      "a time that is set reaches what becomes the image, and nothing before it",
    ),
    shown("SBOM", "made by the daemon's scanner", ON_RESULT, "--sbom: the scanner sees the image"),
    shown(
      "provenance",
      "what was used, and nothing else; the build file in it",
      ON_RESULT,
      "--provenance=mode=max: what was used, and nothing else",
    ),
  ],
  Subrequests: [
    shown(
      "`frontend.targets`",
      "targets, with the comments above them",
      ON_CALL,
      "targets, with what stands above them",
    ),
    shown("`frontend.outline`", "build arguments, secrets, ssh, caches", ON_CALL, "outline: arguments, secrets"),
    shown("`frontend.lint`", "findings at their lines, and build errors", ON_CALL, "check: findings at their lines"),
    shown("`frontend.subrequests.describe`", "all of them", ON_CALL, "describe lists what can be asked"),
    shown("`frontend.convertllb`", "the graph as JSON", ON_CALL, "the graph as JSON"),
    shown("anything else", "a typed error in the words that clients know", ON_CALL, "a request that nobody knows"),
  ],
  "Errors, warnings, progress": [
    shown(
      "source",
      "lines of the build file, shown once",
      ON_BAD_INPUT,
      "the line that is wrong is shown once, however the client shows it",
    ),
    shown(
      "steps that fail",
      "the lines that they come from",
      ON_BAD_INPUT,
      "a build step that fails says so as a Dockerfile's would",
    ),
    shown(
      "lists over several lines",
      "the lines of their elements",
      ON_BAD_INPUT,
      "of many dependencies the lines are marked, and nothing else",
    ),
    shown(
      "errors of the daemon",
      "go back with code and details",
      RUN,
      "an error of the daemon goes back with its code and details",
    ),
    shown(
      "large details",
      "end the connection and nobody waits",
      "unit/gateway/stdio-transport.test.ts",
      "an error whose details Node cannot take ends the connection, but leaves nobody waiting",
    ),
    shown(
      "many problems",
      "fit into one answer",
      "unit/frontend/describe-error.test.ts",
      "the sources of many problems fit into one answer",
    ),
    shown(
      "warnings",
      "with rule, line, explanation and URL, once for all platforms",
      ON_CALL,
      "warnings of a build, which fails for them if that is wanted",
    ),
    shown(
      "names of vertices",
      "stage and number; the platform if there are several",
      ON_PLATFORMS,
      "have their names in the progress display, and what they share is loaded once",
    ),
  ],
  Capabilities: [
    shown("ops", "each one removed: another graph, or an error that names it", CAPS, "of ops: %s"),
    shown("calls", "each one removed: other calls, or an error that names it", CAPS, "of calls: %s"),
    shown(
      "none at all",
      "an error that names the first",
      CAPS,
      "a daemon from before there were capabilities is told what it lacks",
    ),
    shown(
      "bytes of ops",
      "those of BuildKit's own encoder",
      "unit/pb/canonical-bytes.test.ts",
      "fields are written by number, in whichever order they are set",
    ),
  ],
  "The process": [
    shown("calls of a simple build", "at most 10", RUN, "a simple build asks no more than it must"),
    shown("calls one after another", "at most 6", RUN, "a simple build waits for no more than five answers in a row"),
    shown("Return", "once, also for signals", PROCESS, "a signal ends a build with one error"),
    shown(
      "errors that nothing caught",
      "are returned",
      PROCESS,
      "where nobody waits for it ends a build with one error",
    ),
    shown("a daemon that goes away", "ends the process with a message", PROCESS, "leaves no process behind"),
    shown(
      "many builds at once",
      "200 against a daemon played by the test",
      PROCESS,
      "200 builds, eight at a time, all end as they should",
    ),
    shown("many builds at once, on engines", "20 of them", ON_PROCESS, "20 builds at once all end as they should"),
    shown("cancelling", "leaves nothing running", ON_PROCESS, "a build that is cancelled leaves nothing running"),
    shown(
      "large contexts",
      "100 000 files are not waited for",
      ON_PROCESS,
      "a hundred thousand files next to the project are not waited for",
    ),
    shown("memory", "at most 120 MB", PROCESS, "%s takes at most 120 MB of memory"),
  ],
};
