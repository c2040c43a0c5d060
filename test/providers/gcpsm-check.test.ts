/** The backend `gcpsm`: what is wrong with a store's block. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GcpSmProviderSpec } from "../../api/stores/gcpsm.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { checkGcpSmSpec } from "../../providers/gcpsm/check.ts";
import { endpointsOf } from "../../providers/gcpsm/endpoints.ts";

const STORE = { kind: "SecretStore", name: "store", namespace: "team" } as const;
const CLUSTER_STORE = { kind: "ClusterSecretStore", name: "store" } as const;

describe("the check of a gcpsm block", () => {
  it("finds nothing in what is right", () => {
    const specs: readonly GcpSmProviderSpec[] = [
      {},
      { projectID: "my-project-1", location: "europe-west3", secretVersionSelectionPolicy: "LatestOrFetch" },
      {
        projectID: "example.com:my-project",
        auth: { secretRef: { secretAccessKeySecretRef: { name: "s", key: "k" } } },
      },
      {
        auth: { workloadIdentityFederation: { serviceAccountRef: { name: "a", namespace: "team" }, audience: "//x" } },
      },
    ];
    for (const spec of specs) assert.deepEqual(checkGcpSmSpec(spec, STORE), []);
  });

  it("names field, defect and remedy of what is wrong", () => {
    const aws = { region: "r", awsCredentialsSecretRef: { name: "s" } };
    const cases: readonly (readonly [GcpSmProviderSpec, RegExp])[] = [
      [{ projectID: "a/b" }, /projectID: "a\/b" is no project's id; write/],
      [{ location: "evil.example/" }, /location: "evil\.example\/" is no location; name one/],
      [{ secretVersionSelectionPolicy: "Newest" }, /secretVersionSelectionPolicy: "Newest" is unknown; use one of/],
      [{ auth: { secretRef: {} } }, /secretAccessKeySecretRef: is missing; name/],
      [{ auth: { workloadIdentityFederation: {} } }, /exactly one of credConfig/],
      [{ auth: { workloadIdentityFederation: { awsSecurityCredentials: aws } } }, /audience must be provided/],
      [
        { auth: { workloadIdentityFederation: { credConfig: { name: "c", key: "k", namespace: "other" } } } },
        /credConfig\.namespace: namespace should either be empty or match/,
      ],
      [
        { auth: { workloadIdentity: { serviceAccountRef: { name: "a", namespace: "other" } } } },
        /workloadIdentity\.serviceAccountRef\.namespace/,
      ],
    ];
    for (const [spec, message] of cases) {
      const errors = checkGcpSmSpec(spec, STORE);
      assert.equal(errors.length, 1);
      assert.match(errors[0] ?? "", message);
    }
    assert.deepEqual(checkGcpSmSpec(cases.at(-1)?.[0] ?? {}, CLUSTER_STORE), []);
  });

  it("leads to the region's own address, and to no other host", () => {
    assert.equal(endpointsOf({}, undefined).secretManager, "https://secretmanager.googleapis.com");
    assert.equal(endpointsOf({}, "us-east1").secretManager, "https://secretmanager.us-east1.rep.googleapis.com");
    assert.throws(() => endpointsOf({}, "evil.example/"), InvalidConfiguration);
  });
});
