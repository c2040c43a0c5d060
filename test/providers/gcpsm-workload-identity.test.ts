/** The backend `gcpsm` with GKE's workload identity. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import type { Surroundings } from "../contract/store-context.ts";
import { createTokenIssuer } from "../ground/aws/web-identity-tokens.ts";
import { accountOf, PROJECT } from "../ground/gcp/index.ts";
import { limit, textOf, useGoogle } from "./gcpsm-surroundings.ts";

const POOL = `${PROJECT}.svc.id.goog`;
const PROVIDER = `https://container.googleapis.com/v1/projects/${PROJECT}/locations/europe-west3/clusters/main`;
const MEMBER = `serviceAccount:${POOL}[team/app]`;
const BLOCK = "spec.provider.gcpsm.auth.workloadIdentity";

const google = useGoogle();
const issuer = createTokenIssuer();
const serviceAccountRef = { name: "app" };
const cluster = { clusterProjectID: PROJECT, clusterLocation: "europe-west3", clusterName: "main" };
const asked: string[][] = [];

function surroundings(annotations: Record<string, string> = {}): Surroundings {
  return {
    readServiceAccountAnnotations: async () => annotations,
    issueToken(name, audiences) {
      asked.push([...audiences]);
      const exp = Date.now() / 1_000 + 600;
      return issuer.issue({ sub: `system:serviceaccount:team:${name}`, aud: audiences, exp });
    },
  };
}

describe("the backend gcpsm with workload identity", () => {
  before(() => {
    const emulator = google.emulator();
    emulator.addCluster({ pool: POOL, provider: PROVIDER, jwks: issuer.jwks });
    emulator.principals.createAccount(accountOf("linked"), [MEMBER]);
    emulator.put("of-the-cluster", "v");
  });

  it("reads as the principal of the cluster's pool, with the pool as audience", async () => {
    google.emulator().principals.grant(MEMBER, ["secretmanager.versions.access"]);
    const auth = { workloadIdentity: { serviceAccountRef: { ...serviceAccountRef, audiences: ["more"] }, ...cluster } };
    const client = await google.open({ auth }, surroundings());
    assert.equal(await textOf(client.getSecret({ key: "of-the-cluster" }, limit())), "v");
    assert.deepEqual(asked.at(-1), [POOL, "more"]);
  });

  it("reads as the account that the annotation names, and asks the metadata server about the cluster and the project", async () => {
    google.emulator().principals.grant(MEMBER, []);
    google.emulator().principals.grant(`serviceAccount:${accountOf("linked")}`, ["secretmanager.versions.access"]);
    google.emulator().setMachine({ project: PROJECT, clusterLocation: "europe-west3", clusterName: "main" });
    const annotated = surroundings({ "iam.gke.io/gcp-service-account": accountOf("linked") });
    const client = await google.open({ projectID: "", auth: { workloadIdentity: { serviceAccountRef } } }, annotated);
    assert.equal(await textOf(client.getSecret({ key: "of-the-cluster" }, limit())), "v");
  });

  it("says what is wrong: an account that it may not act as, none of that name, another cluster, an unknown one", async () => {
    google.emulator().principals.createAccount(accountOf("foreign"));
    const read = async (annotation: string, changes: object = {}) => {
      const auth = { workloadIdentity: { serviceAccountRef, ...cluster, ...changes } };
      const annotated = surroundings(annotation === "" ? {} : { "iam.gke.io/gcp-service-account": annotation });
      return (await google.open({ auth }, annotated)).getSecret({ key: "of-the-cluster" }, limit());
    };
    const foreign = await refusal(AccessDenied, read(accountOf("foreign")));
    assert.match(foreign.describe(), /roles\/iam\.workloadIdentityUser .* on foreign@/);
    assert.equal(foreign.details.field, `${BLOCK}.serviceAccountRef`);
    const missing = await refusal(InvalidConfiguration, read(accountOf("nobody")));
    assert.match(missing.message, /nobody@/);
    const other = await refusal(AccessDenied, read("", { clusterName: "other" }));
    assert.match(other.describe(), /GKE's token service .*invalid_target.*correct clusterProjectID/);
    google.emulator().setMachine({ project: PROJECT });
    const unknown = await refusal(InvalidConfiguration, read("", { clusterName: "" }));
    assert.equal(unknown.details.field, `${BLOCK}.clusterName`);
  });
});
