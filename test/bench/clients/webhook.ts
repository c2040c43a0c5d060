/** Opens a store of the backend `webhook`, which asks whatever HTTP service the store names. */
import { webhookBackend } from "../../../providers/webhook/index.ts";
import { reportBackend } from "./probe.ts";

await reportBackend(webhookBackend, { url: "https://secrets.example.com/{{ .remoteRef.key }}" });
