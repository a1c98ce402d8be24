import type { AddTable, CopyTable, IndexTable } from "../../src/config/schema.ts";
import type { KeyDoc } from "./keys.ts";

const INDEX = 'indices = [{ url = "https://packages.example.org/simple/" }]';
const COPY = 'copy_files = [{ src = "config/", dst = "/etc/app/" }]';
const ADD = 'add_files = [{ src = "https://example.org/model.bin", dst = "/srv/" }]';

/** An example with one more key in its only entry. */
function having(example: string, entries: string): string {
  return example.replace(" }]", `, ${entries} }]`);
}

const NO_TRACE = "nothing of it is left: not in a layer, the history, the log or the provenance.";

/** What is said of the keys of an index. A key that is missing here does not compile. */
export const INDEX_KEYS: Readonly<Record<keyof IndexTable, KeyDoc>> = {
  url: {
    text: "`http` or `https`. Credentials have keys of their own: a URL with some in it is refused.",
    example: INDEX,
    image: "nothing changes by itself.",
  },
  username: {
    text: "Some indexes take a token as the user name, and no password.",
    standard: "none",
    example: having(INDEX, 'username = "ann"'),
    without: INDEX,
    image: NO_TRACE,
  },
  password: {
    text: "It is kept out of the image and of all that is shown, but everybody who can read the repository can read it. It needs a user name.",
    standard: "none",
    example: having(INDEX, 'username = "ann", password = "s3cret"'),
    without: having(INDEX, 'username = "ann"'),
    image: NO_TRACE,
  },
  username_secret: {
    text: "Pass it with `docker build --secret id=index_user,src=FILE`. It overrides `username`.",
    standard: "none",
    example: having(INDEX, 'username_secret = "index_user"'),
    without: INDEX,
    image: NO_TRACE,
  },
  password_secret: {
    text: "Pass it with `docker build --secret id=index_password,src=FILE`. It overrides `password`. A secret that the build does not have is an error of the step, which names this key. It needs a user name.",
    standard: "none",
    example: having(INDEX, 'username_secret = "index_user", password_secret = "index_password"'),
    without: having(INDEX, 'username_secret = "index_user"'),
    image: NO_TRACE,
  },
  trust: {
    text: "Plain `http` is allowed as well. Whoever stands between you and the index can then replace what you install.",
    example: having(INDEX, "trust = true"),
    without: INDEX,
    image: "nothing changes by itself.",
  },
  default: {
    text: "pip then asks neither the public index nor the one of its own configuration. At most one index can be the default.",
    example: having(INDEX, "default = true"),
    without: INDEX,
    image: "nothing changes by itself.",
  },
};

/** What is said of the keys of a copy. */
export const COPY_KEYS: Readonly<Record<keyof CopyTable, KeyDoc>> = {
  src: {
    text: "Relative to the root of the build context; `*` and `?` match names. A directory's content is copied, not the directory.",
    example: COPY.replace("config/", "config/*.toml"),
    without: COPY,
    image: "other files.",
  },
  dst: {
    text: "An absolute path. Directories that do not exist are made.",
    example: COPY.replace("/etc/app/", "/home/nonroot/config/"),
    without: COPY,
    image: "another place.",
  },
  from: {
    text: "`builder` is the builder; a name of `--build-context NAME=…` is that context; anything else is an image.",
    standard: "the build context",
    example: 'copy_files = [{ src = "/nats-server", dst = "/usr/local/bin/", from = "nats:2.10" }]',
    without: 'copy_files = [{ src = "/nats-server", dst = "/usr/local/bin/" }]',
    image: "files of another image.",
  },
  chown: {
    text: "`user`, `user:group` or their numbers. The application runs as 65532 and can change only what that user owns.",
    standard: "`0:0`",
    example: having(COPY, 'chown = "65532:65532"'),
    without: COPY,
    image: "another owner.",
  },
  chmod: {
    text: "Octal, for files and directories alike.",
    standard: "as they are",
    example: having(COPY, 'chmod = "0755"'),
    without: COPY,
    image: "other permissions.",
  },
};

/** What is said of the keys of an addition. */
export const ADD_KEYS: Readonly<Record<keyof AddTable, KeyDoc>> = {
  src: {
    text: "Downloads are not unpacked.",
    example: ADD.replace("https://example.org/model.bin", "data.tar.gz"),
    without: ADD,
    image: "other files.",
  },
  dst: {
    text: "An absolute path. Directories that do not exist are made.",
    example: ADD.replace("/srv/", "/srv/model"),
    without: ADD,
    image: "another place.",
  },
  checksum: {
    text: "`sha256:` and 64 hexadecimal digits. BuildKit checks it, and a build with another content fails. Only downloads have one.",
    standard: "none: the content is not checked",
    example: having(ADD, `checksum = "sha256:${"0123456789abcdef".repeat(4)}"`),
    without: ADD,
    image: "the file is what it was when the checksum was written.",
  },
  chown: {
    text: "As in `copy_files`.",
    standard: "`0:0`",
    example: having(ADD, 'chown = "65532:65532"'),
    without: ADD,
    image: "another owner.",
  },
  chmod: {
    text: "Octal. Without this key a download has `0600`, and the application cannot read it.",
    standard: "as they are; `0600` for downloads",
    example: having(ADD, 'chmod = "0644"'),
    without: ADD,
    image: "other permissions.",
  },
};
