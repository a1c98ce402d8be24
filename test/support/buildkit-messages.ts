import protobuf from "protobufjs";

/** What a client of BuildKit says, as far as it is needed here (BuildKit `api/services/control`, fsutil `types/wire.proto`). */
const { root } = protobuf.parse(
  `syntax = "proto3";
  message SolveRequest {
    string ref = 1;
    bytes definition = 2;
    string exporter = 3;
    map<string, string> exporter_attrs = 4;
    string session = 5;
  }
  message BytesMessage { bytes data = 1; }
  message Empty {}
  message Packet {
    enum Type { STAT = 0; REQ = 1; DATA = 2; FIN = 3; ERR = 4; }
    Type type = 1;
    Stat stat = 2;
    uint32 id = 3;
    bytes data = 4;
  }
  message Stat {
    string path = 1;
    uint32 mode = 2;
    int64 size = 5;
    int64 mod_time = 6;
    string linkname = 7;
  }`,
);

/** A message on its way: fields by their names in camel case. */
export type Fields = Readonly<Record<string, unknown>>;

/** How a message is written and read. */
export type Codec = Readonly<{ encode: (fields: Fields) => Buffer; decode: (bytes: Buffer) => Fields }>;

export function codec(name: "SolveRequest" | "BytesMessage" | "Empty" | "Packet"): Codec {
  const type = root.lookupType(name);
  return {
    encode: (fields) => Buffer.from(type.encode(type.fromObject(fields)).finish()),
    decode: (bytes) => type.toObject(type.decode(bytes), { enums: String, defaults: true }),
  };
}
