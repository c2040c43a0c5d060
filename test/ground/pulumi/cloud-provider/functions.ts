/** The data sources of the clouds that programs call: who they are, and where. */
import type { Properties } from "../kubernetes-provider/property-values.ts";
import { ACCOUNTS } from "./resource-kinds.ts";

const REGION = "eu-central-1";

const results: Readonly<Record<string, Properties>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    accountId: ACCOUNTS.awsAccountId,
    arn: `arn:aws:iam::${ACCOUNTS.awsAccountId}:user/pulumi`,
    userId: "AIDAEXAMPLE",
    id: ACCOUNTS.awsAccountId,
  },
  "aws:index/getPartition:getPartition": { partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" },
  "aws:index/getRegion:getRegion": { region: REGION, name: REGION, id: REGION },
  "azure-native:authorization:getClientConfig": {
    subscriptionId: ACCOUNTS.azureSubscription,
    tenantId: ACCOUNTS.azureTenant,
    clientId: "00000000-0000-4000-8000-000000000003",
    objectId: "00000000-0000-4000-8000-000000000004",
  },
  "gcp:organizations/getProject:getProject": {
    projectId: ACCOUNTS.googleProject,
    number: ACCOUNTS.googleProjectNumber,
    name: ACCOUNTS.googleProject,
    id: `projects/${ACCOUNTS.googleProject}`,
  },
};

/** @throws for a function that is not in the table. */
export function callFunction(token: string): Properties {
  const result = results[token];
  if (result === undefined) throw new Error(`the test stand-in for cloud providers has no function ${token}`);
  return result;
}
