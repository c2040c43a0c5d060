/** The contract, for the backend `kubernetes` against a real API server. */
import { kubernetesAccess, startKubernetesWorld } from "./kubernetes-world.ts";
import { contractSuite } from "./suite.ts";

const capabilities = {
  values: "jsonObjects",
  versions: false,
  notesVersions: true,
  tags: true,
  tagsProperty: "labels",
  push: true,
  binaryProperties: true,
  network: true,
  pageSize: 40,
} as const;

for (const [name, access] of Object.entries(kubernetesAccess)) {
  contractSuite({ name: `kubernetes, ${name}`, capabilities, start: () => startKubernetesWorld(access) });
}
