/** As whom a store acts, and in which project. */
import type { GcpSmProviderSpec } from "../../api/stores/gcpsm.ts";
import type { StoreContext } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { applicationDefaultProject, applicationDefaultToken } from "./application-default.ts";
import type { AuthTools } from "./auth-calls.ts";
import { externalAccountToken } from "./external-account.ts";
import { federatedAccount } from "./federation.ts";
import type { GoogleToken } from "./google-token.ts";
import { readMetadata } from "./metadata-server.ts";
import { exchangeAssertion, readServiceAccountKey, type ServiceAccountKey } from "./service-account-key.ts";
import { workloadIdentityToken } from "./workload-identity.ts";

export interface GoogleIdentity {
  /** The field that the credentials come from. */
  readonly field: string;
  /** A new token; credentials are read anew each time. @throws SyncError */
  readonly token: (signal: AbortSignal) => Promise<GoogleToken>;
  /** The project that holds the secrets, where the store does not say. @throws InvalidConfiguration, Transient */
  readonly project: (signal: AbortSignal) => Promise<string>;
}

const BLOCK = "spec.provider.gcpsm";

/** The way of the block, in ESO's order. */
export function identityOf({ auth = {} }: GcpSmProviderSpec, context: StoreContext, tools: AuthTools): GoogleIdentity {
  const { secretRef, workloadIdentity, workloadIdentityFederation: federation } = auth;
  const metadataProject = (signal: AbortSignal) => readMetadata(tools, "project", `${BLOCK}.projectID`, signal);
  if (secretRef !== undefined) return keyIdentity(secretRef, context, tools);
  if (workloadIdentity !== undefined) {
    const block = `${BLOCK}.auth.workloadIdentity`;
    return {
      field: block,
      token: async (signal) =>
        (await workloadIdentityToken(tools, context, { spec: workloadIdentity, block }, signal)).token,
      project: async (signal) => workloadIdentity.clusterProjectID || (await metadataProject(signal)),
    };
  }
  if (federation !== undefined) {
    return {
      field: `${BLOCK}.auth.workloadIdentityFederation`,
      token: async (signal) =>
        externalAccountToken(tools, await federatedAccount(tools, context, federation, signal), signal),
      project: metadataProject,
    };
  }
  const { environment } = context;
  return {
    field: `${BLOCK}.auth`,
    token: (signal) => applicationDefaultToken(tools, environment, signal),
    project: async (signal) =>
      (await applicationDefaultProject(environment, signal)) ?? (await metadataProject(signal)),
  };
}

function keyIdentity(
  { secretAccessKeySecretRef: reference }: NonNullable<NonNullable<GcpSmProviderSpec["auth"]>["secretRef"]>,
  context: StoreContext,
  tools: AuthTools,
): GoogleIdentity {
  const field = `${BLOCK}.auth.secretRef.secretAccessKeySecretRef`;
  const readKey = async (signal: AbortSignal): Promise<ServiceAccountKey> => {
    if (reference === undefined) {
      throw new InvalidConfiguration(`${field} is missing`, { field, remedy: "name the Secret and the key" });
    }
    return readServiceAccountKey(await context.readSecretKey(reference, field, signal), field);
  };
  return {
    field,
    token: async (signal) => exchangeAssertion(tools, await readKey(signal), field, signal),
    async project(signal) {
      const { project } = await readKey(signal);
      if (project !== undefined) return project;
      throw new InvalidConfiguration(`${BLOCK}.projectID is not set, and the service account key names no project`, {
        field: `${BLOCK}.projectID`,
        remedy: "set the project that holds the secrets",
      });
    },
  };
}
