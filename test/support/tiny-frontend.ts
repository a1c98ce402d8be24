import { connectGateway } from "../../src/gateway/connect-gateway.ts";
import { connectStdio } from "../../src/gateway/stdio-transport.ts";
import { local } from "../../src/llb/local.ts";
import { marshal } from "../../src/llb/marshal.ts";

// The smallest frontend: returns the text of one file. Run as a child of a test, with a fake daemon on its pipes.
const client = connectGateway(await connectStdio());
const refs = await client.solve({ definition: marshal(local({ local: "context", sessionId: "s" })) });
await client.returnResult({ refs, metadata: { text: (await refs.readText("pyproject.toml")) ?? "" } });
process.exit(0);
