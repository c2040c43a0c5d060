/** GcpSecretStore: Google Secret Manager, the identity that reads it, and grants of exactly what is read. */
import { getProjectOutput } from "@pulumi/gcp/organizations/getProject.js";
import { type ComponentResourceOptions, type Input, type Output, output } from "@pulumi/pulumi";
import { definedFields } from "../defined-fields.ts";
import { type KeylessStoreArgs, type StoreServiceAccount, storeServiceAccount } from "../keyless-store.ts";
import { KeylessStoreComponent } from "../keyless-store-component.ts";
import type { GcpSmProviderArgs } from "../spec-args.generated.ts";
import {
  type GoogleAccountChoice,
  type GoogleIdentity,
  googleIdentity,
  type NewGoogleAccountArgs,
} from "./google-identity.ts";
import { providerName } from "./google-names.ts";
import { registeredGrants } from "./secret-access.ts";

/** A GKE cluster with workload identity. */
export interface GkeClusterArgs {
  /** Project of the cluster. Default: that of the secrets. */
  readonly project?: Input<string>;
  /** Number of that project. Default: looked up where it is needed (`googleServiceAccount: false`). */
  readonly projectNumber?: Input<string>;
  /** Default: the controller asks the metadata server. */
  readonly location?: Input<string>;
  /** Default: the controller asks the metadata server. */
  readonly name?: Input<string>;
}

/** Arguments of `GcpSecretStore`. */
export interface GcpSecretStoreArgs extends KeylessStoreArgs {
  /** Id of the project that holds the secrets. */
  readonly project: Input<string>;
  /** Number of that project, for conditions. Default: looked up where a find needs it. */
  readonly projectNumber?: Input<string>;
  /** Location of regional secrets. Default: global secrets. */
  readonly location?: Input<string>;
  /** The GKE cluster. Default: one in the project of the secrets. */
  readonly cluster?: GkeClusterArgs;
  /**
   * Of a cluster that is none of GKE's: the workload identity provider that trusts it,
   * `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER`, with `google.subject` mapped to
   * `assertion.sub`. Not together with `cluster`. Default: GKE.
   */
  readonly federationProvider?: Input<string>;
  /**
   * Whether a Google service account stands between: `true` makes one, `false` grants to the Kubernetes service account
   * itself, or one that is there. Default: true.
   */
  readonly googleServiceAccount?: GoogleAccountChoice;
  /** How the Google service account is made. */
  readonly newGoogleServiceAccount?: NewGoogleAccountArgs;
  /** Whether the newest enabled version is read where the latest is not. Default: LatestOrFail. */
  readonly secretVersionSelectionPolicy?: "LatestOrFail" | "LatestOrFetch";
  /** A role with `secretmanager.secrets.list`, bound where something is searched. Default: a custom role is made. */
  readonly listRole?: Input<string>;
}

const TOKEN = "external-secrets:gcp:GcpSecretStore";

/** By which GKE and the controller know the account to act as. */
const ACCOUNT_ANNOTATION = "iam.gke.io/gcp-service-account";

/**
 * A SecretStore or ClusterSecretStore of Google Secret Manager that logs in by workload identity: no key is stored. The
 * identity may read exactly what the program's ExternalSecrets read through `ref` (or `store: this`); grants come and go
 * with them in the same `up`, and are there before the store.
 */
export class GcpSecretStore extends KeylessStoreComponent {
  /** What roles are granted to: `serviceAccount:EMAIL` or `principal://…`. */
  declare readonly member: Output<string>;
  /** Of the Google service account; undefined without one. */
  declare readonly email: Output<string | undefined>;

  /**
   * @throws Error where `grants.secrets` and `grants.additional`, or `cluster` and `federationProvider`, are both set; in
   * Outputs for a wrong key.
   */
  constructor(name: string, args: GcpSecretStoreArgs, options?: ComponentResourceOptions) {
    super({ token: TOKEN }, name, args, options);
    if (args.cluster !== undefined && args.federationProvider !== undefined) {
      throw new Error(`${this.title}: set either cluster (GKE) or federationProvider (any other cluster).`);
    }
    const account = storeServiceAccount(name, args);
    const identity = this.#identity(name, args, account);
    const { member, email } = identity;
    const secrets = {
      project: output(args.project),
      location: args.location,
      projectNumber: () => this.#numberOf(args.project, args.projectNumber),
      member,
      listRole: args.listRole,
      listsVersions: args.secretVersionSelectionPolicy === "LatestOrFetch",
    };
    this.complete(
      args,
      {
        provider: { gcpsm: secretManagerProvider(args, account, identity) },
        annotations: email === undefined ? {} : { [ACCOUNT_ANNOTATION]: email },
        identityResources: identity.resources,
        grants: registeredGrants(name, this.plan, secrets, this),
      },
      { member, email: output(email) },
    );
  }

  #identity(name: string, args: GcpSecretStoreArgs, account: StoreServiceAccount): GoogleIdentity {
    const { googleServiceAccount = true, cluster = {}, federationProvider } = args;
    const clusterProject = output(cluster.project ?? args.project);
    const needsNumber = googleServiceAccount === false && federationProvider === undefined;
    const pool = {
      clusterProject,
      clusterProjectNumber: needsNumber ? this.#numberOf(clusterProject, cluster.projectNumber) : undefined,
      federationProvider: federationProvider === undefined ? undefined : output(federationProvider).apply(providerName),
    };
    const created = { project: args.project, ...args.newGoogleServiceAccount };
    return googleIdentity(name, googleServiceAccount, created, account, pool, this);
  }

  #numberOf(project: Input<string>, given: Input<string> | undefined): Output<string> {
    return given === undefined
      ? getProjectOutput({ projectId: project }, { parent: this }).apply(({ number }) => number)
      : output(given);
  }
}

function secretManagerProvider(
  args: GcpSecretStoreArgs,
  account: StoreServiceAccount,
  { email }: GoogleIdentity,
): GcpSmProviderArgs {
  const { federationProvider, cluster } = args;
  const serviceAccountRef = {
    name: account.name,
    ...(args.kind === "ClusterSecretStore" ? { namespace: account.namespace } : {}),
  };
  const auth =
    federationProvider === undefined
      ? {
          workloadIdentity: {
            serviceAccountRef,
            ...definedFields({
              clusterProjectID: cluster?.project,
              clusterLocation: cluster?.location,
              clusterName: cluster?.name,
            }),
          },
        }
      : {
          workloadIdentityFederation: {
            audience: output(federationProvider).apply((own) => `//iam.googleapis.com/${providerName(own)}`),
            serviceAccountRef,
            ...definedFields({ gcpServiceAccountEmail: email }),
          },
        };
  return {
    projectID: args.project,
    ...definedFields({
      location: args.location,
      secretVersionSelectionPolicy: args.secretVersionSelectionPolicy,
    }),
    auth,
  };
}
