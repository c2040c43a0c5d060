/** Resources of each cloud, each reading what the one before it computes. */
import { Policy } from "@pulumi/aws/iam/policy.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import { Config } from "@pulumi/pulumi";
import { Policy as VaultPolicy } from "@pulumi/vault/policy.js";

const secretName = new Config().get("secretName") ?? "first";

const role = new Role("reader", { assumeRolePolicy: "{}" });
const policy = new Policy("reader", { policy: JSON.stringify({ Statement: [{ Resource: secretName }] }) });
new RolePolicyAttachment("reader", { role: role.name, policyArn: policy.arn });
const identity = new UserAssignedIdentity("reader", { resourceGroupName: "group" });
const account = new Account("reader", { accountId: "reader" });
const vaultPolicy = new VaultPolicy("reader", {
  name: "reader",
  policy: `path "secret/data/${secretName}" { capabilities = ["read"] }`,
});

export const roleArn = role.arn;
export const clientId = identity.clientId;
export const email = account.email;
export const vaultPolicyName = vaultPolicy.name;
