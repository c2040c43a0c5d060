/** Opens a store of the backend `gcpsm`, which speaks REST. */
import { gcpSmBackend } from "../../../providers/gcpsm/index.ts";
import { reportBackend } from "./probe.ts";

await reportBackend(gcpSmBackend, {
  projectID: "project",
  auth: { secretRef: { secretAccessKeySecretRef: { name: "google", key: "key.json" } } },
});
