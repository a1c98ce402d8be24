/**
 * Stands in for `@grpc/grpc-js` in the bundles: a client that dials a socket in the file system. The package's own entry
 * loads its server, name resolution and load balancing as well, 90 kB that no build would ever call.
 */
// Before the others: these modules need each other, and only this order works.
import "@grpc/grpc-js/build/src/channel.js";
import { ChannelCredentials } from "@grpc/grpc-js/build/src/channel-credentials.js";
import { Client } from "@grpc/grpc-js/build/src/client.js";
import { setup as setUpPickFirst } from "@grpc/grpc-js/build/src/load-balancer-pick-first.js";
import { setup as setUpSockets } from "@grpc/grpc-js/build/src/resolver-uds.js";

export { Client };
export const credentials = { createInsecure: () => ChannelCredentials.createInsecure() };

setUpSockets();
setUpPickFirst();
