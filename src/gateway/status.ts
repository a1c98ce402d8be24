/** The outcome of a failed call, as gRPC has it (`google.rpc.Status`). */
export type Status = Readonly<{ code: number; message: string; details: readonly StatusDetail[] }>;

/** One typed attachment of a status. BuildKit's have a plain type name and hold JSON (`util/grpcerrors/grpcerrors.go`). */
export type StatusDetail = Readonly<{ typeUrl: string; value: Uint8Array }>;

/** The gRPC codes that have a meaning for us. Clients print every one but `unknown` in front of the message. */
export const STATUS_CODE = Object.freeze({
  unknown: 2,
  resourceExhausted: 8,
  unimplemented: 12,
  unavailable: 14,
});
