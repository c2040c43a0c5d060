/** Opens Node's own HTTPS client, on which the backends that speak REST stand. */
import { Agent } from "node:https";
import { createSecureContext } from "node:tls";
import { report } from "./probe.ts";

await report(() => new Agent({ keepAlive: true, secureContext: createSecureContext() }));
