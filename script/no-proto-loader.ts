/** Stands in for `@grpc/proto-loader` in the bundle: nothing of ours reads .proto files at run time. */
export {};
