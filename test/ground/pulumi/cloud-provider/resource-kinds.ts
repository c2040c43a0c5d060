/** What the stand-in knows of the clouds' resources: which name the provider makes up, and which outputs it computes. */
import { createHash } from "node:crypto";
import { type Properties, stringAt, type Value } from "../kubernetes-provider/property-values.ts";

/** Identifiers of the imaginary accounts in which all resources are. */
export const ACCOUNTS = {
  awsAccountId: "123456789012",
  azureSubscription: "00000000-0000-4000-8000-000000000001",
  azureTenant: "00000000-0000-4000-8000-000000000002",
  googleProject: "example-project",
  googleProjectNumber: "345678901234",
} as const;

export interface CloudResource {
  /** The input that the provider fills with a name of its own where the program gives none. */
  readonly autonamed?: "name" | "resourceName";
  /** The id, and the outputs beside the inputs. `unique` differs for each resource and stays the same for one. */
  describe(inputs: Properties, unique: string): { readonly id: string } & { readonly [output: string]: Value };
}

/** A GUID that is always the same for the same text. */
export function guidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

function iam(kind: "role" | "policy"): CloudResource {
  return {
    autonamed: "name",
    describe(inputs, unique) {
      const name = stringAt(inputs, "name");
      const arn = `arn:aws:iam::${ACCOUNTS.awsAccountId}:${kind}${stringAt(inputs, "path") || "/"}${name}`;
      return { id: kind === "role" ? name : arn, arn, uniqueId: `AROA${unique.slice(0, 17).toUpperCase()}` };
    },
  };
}

function joined(...fields: readonly string[]): CloudResource {
  return {
    describe: (inputs, unique) => ({ id: [...fields.map((field) => stringAt(inputs, field)), unique].join("/") }),
  };
}

const azureGroup = (inputs: Properties) =>
  `/subscriptions/${ACCOUNTS.azureSubscription}/resourceGroups/${stringAt(inputs, "resourceGroupName")}`;

const userAssignedIdentity: CloudResource = {
  autonamed: "resourceName",
  describe(inputs, unique) {
    const name = stringAt(inputs, "resourceName");
    return {
      id: `${azureGroup(inputs)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
      name,
      clientId: guidOf(`client of ${unique}`),
      principalId: guidOf(`principal of ${unique}`),
      tenantId: ACCOUNTS.azureTenant,
    };
  },
};

const googleAccount: CloudResource = {
  describe(inputs, unique) {
    const project = stringAt(inputs, "project") || ACCOUNTS.googleProject;
    const email = `${stringAt(inputs, "accountId")}@${project}.iam.gserviceaccount.com`;
    const name = `projects/${project}/serviceAccounts/${email}`;
    return { id: name, name, email, member: `serviceAccount:${email}`, uniqueId: unique.slice(0, 20) };
  },
};

const googleRole: CloudResource = {
  describe(inputs) {
    const project = stringAt(inputs, "project") || ACCOUNTS.googleProject;
    const name = `projects/${project}/roles/${stringAt(inputs, "roleId")}`;
    return { id: name, name };
  },
};

const kinds: Readonly<Record<string, CloudResource>> = {
  "aws:iam/role:Role": iam("role"),
  "aws:iam/policy:Policy": iam("policy"),
  "aws:iam/rolePolicy:RolePolicy": joined("role", "name"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": joined("role", "policyArn"),
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    describe(inputs, unique) {
      const associationId = `a-${unique.slice(0, 17)}`;
      const arn = `arn:aws:eks:eu-central-1:${ACCOUNTS.awsAccountId}:podidentityassociation/${stringAt(inputs, "clusterName")}/${associationId}`;
      return { id: associationId, associationId, associationArn: arn };
    },
  },
  "azure-native:managedidentity:UserAssignedIdentity": userAssignedIdentity,
  "gcp:serviceaccount/account:Account": googleAccount,
  "gcp:projects/iAMCustomRole:IAMCustomRole": googleRole,
  "vault:index/policy:Policy": { describe: (inputs) => ({ id: stringAt(inputs, "name") }) },
};

/** A kind that is not in the table computes nothing but its id. */
export function cloudResource(type: string): CloudResource {
  return kinds[type] ?? { describe: (_inputs, unique) => ({ id: unique }) };
}
