/** Opens a store of the backend `kubernetes`, which speaks REST. */
import { kubernetesBackend } from "../../../providers/kubernetes/index.ts";
import { reportBackend } from "./probe.ts";

await reportBackend(kubernetesBackend, {
  server: { url: "https://kubernetes.example.com" },
  auth: { token: { bearerToken: { name: "kubernetes", key: "token" } } },
});
