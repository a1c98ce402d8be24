import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import {
  type ClientDuplexStream,
  type Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type UntypedHandleCall,
} from "@grpc/grpc-js";
import { codec, type Fields } from "./buildkit-messages.ts";
import { isFile, listFiles } from "./local-files.ts";

/** What a client offers during a build: directories by their names. */
export type LocalDirectories = Readonly<Record<string, string>>;

/** Methods that the daemon may call. */
export const SESSION_METHODS = ["/moby.filesync.v1.FileSync/DiffCopy", "/grpc.health.v1.Health/Check"];

/** Serves directories to the daemon, through the stream that a session is. Says which paths were sent. */
export async function serveSession(
  stream: ClientDuplexStream<Fields, Fields>,
  directories: LocalDirectories,
  socket: string,
): Promise<Readonly<{ sent: readonly string[]; close: () => void }>> {
  const sent: string[] = [];
  const server = new Server();
  const packet = codec("Packet");
  const empty = codec("Empty");
  const [copy = "", health = ""] = SESSION_METHODS;
  server.register<Fields, Fields>(
    copy,
    ((call: ServerDuplexStream<Fields, Fields>) => send(call, directories, sent)) as UntypedHandleCall,
    packet.encode,
    packet.decode,
    "bidi",
  );
  // "SERVING" is 1 in the first field.
  const serving = (_: unknown, done: (error: null, answer: Fields) => void) => done(null, {});
  server.register<Fields, Fields>(
    health,
    serving as UntypedHandleCall,
    () => Buffer.from([8, 1]),
    empty.decode,
    "unary",
  );
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  const connection = connect(socket);
  stream.on("data", ({ data }: Fields) => connection.write(data as Buffer)).on("error", () => connection.destroy());
  connection.on("data", (data) => stream.write({ data })).on("error", () => {});
  return {
    sent,
    close() {
      stream.cancel();
      connection.destroy();
      server.forceShutdown();
    },
  };
}

/** fsutil's way: first what there is, then the contents of what the other side asks for, by number. */
function send(call: ServerDuplexStream<Fields, Fields>, directories: LocalDirectories, sent: string[]): void {
  const name = values(call.metadata, "dir-name")[0] ?? "";
  const directory = directories[name];
  if (directory === undefined) {
    call.emit("error", Object.assign(new Error(`no directory ${name}`), { code: 5 }));
    return;
  }
  const excludes = values(call.metadata, "exclude-patterns");
  const files = listFiles(directory, { excludes, only: values(call.metadata, "followpaths") });
  for (const stat of files) call.write({ type: "STAT", stat });
  call.write({ type: "STAT" });
  call.on("data", ({ type, id }: Fields) => {
    if (type === "FIN") {
      call.write({ type: "FIN" });
      call.end();
    }
    const file = files[Number(id)];
    if (type !== "REQ" || file === undefined || !isFile(file)) return;
    sent.push(`${name}:${file["path"]}`);
    const data = readFileSync(join(directory, String(file["path"])));
    if (data.length > 0) call.write({ type: "DATA", id, data });
    call.write({ type: "DATA", id });
  });
}

function values(metadata: Metadata, key: string): readonly string[] {
  const encoded = metadata.get(`${key}-encoded`)[0] === "1";
  // Node.js joins headers that are sent several times.
  const texts = metadata.get(key).flatMap((value) => String(value).split(", "));
  return encoded ? texts.map((text) => decodeURIComponent(text)) : texts;
}
