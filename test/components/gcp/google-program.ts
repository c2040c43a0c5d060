/** Programs with stores of Google, and what Google would say of what they register: test equipment. */
import assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { ExternalSecret } from "../../../components/external-secret.ts";
import { GcpSecretStore, type GcpSecretStoreArgs } from "../../../components/gcp/index.ts";
import type { ExternalSecretSpecArgs } from "../../../components/spec-args.generated.ts";
import { settled } from "../recorded-resources.ts";
import { type GoogleRequest, googleAllows, PROJECT } from "./google-access.ts";

export const STORE = "kubernetes:external-secrets.io/v1:SecretStore";
export const EMAIL = "prod-reader@my-project.iam.gserviceaccount.com";

/** What the program registered, in order. */
export const all: runtime.MockResourceArgs[] = [];

/** Must be awaited before the components are used. */
export async function mockGoogle(): Promise<void> {
  await runtime.setMocks(
    {
      newResource(args) {
        all.push(args);
        return { id: `${args.name}-id`, state: { ...args.inputs, ...computed(args) } };
      },
      call: ({ token, inputs }) => {
        assert.equal(token, "gcp:organizations/getProject:getProject");
        return { ...inputs, number: PROJECT.number };
      },
    },
    "program",
    "stack",
    false,
  );
}

/** What Google computes. */
function computed({ type, name, inputs }: runtime.MockResourceArgs): object {
  if (type === "gcp:serviceaccount/account:Account") {
    const email = `${inputs.accountId}@${inputs.project}.iam.gserviceaccount.com`;
    return { email, name: `projects/${inputs.project}/serviceAccounts/${email}` };
  }
  return type === "gcp:projects/iAMCustomRole:IAMCustomRole" ? { name: `custom:${name}` } : {};
}

export const ofType = (type: string) => all.filter((resource) => resource.type === type);

/** The inputs of the one resource of the type. */
export function only(type: string): runtime.MockResourceArgs["inputs"] {
  const found = ofType(type);
  assert.equal(found.length, 1, `${type}: ${all.map((each) => `${each.type} ${each.name}`).join(", ")}`);
  return found[0]?.inputs;
}

export function store(args: Partial<GcpSecretStoreArgs> = {}): GcpSecretStore {
  return new GcpSecretStore("prod-reader", { namespace: "team-a", project: PROJECT.id, ...args });
}

export function reading(through: GcpSecretStore, spec: ExternalSecretSpecArgs): ExternalSecret {
  return new ExternalSecret("app", { metadata: { name: "app" }, store: through, spec });
}

/** The store is registered after all that it needs. */
export const registered = (through: GcpSecretStore) => settled(through.store.urn);

export const keys = (...names: string[]) => ({
  data: names.map((key, index) => ({ secretKey: `k${index}`, remoteRef: { key } })),
});

export const access = (secret: string, location?: string): GoogleRequest => ({
  permission: "secretmanager.versions.access",
  secret,
  ...(location === undefined ? {} : { location }),
});

export const allowed = (request: GoogleRequest, member = `serviceAccount:${EMAIL}`) =>
  googleAllows(all, member, request);
