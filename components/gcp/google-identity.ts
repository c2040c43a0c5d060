/** As whom a store reads: a Google service account, or the Kubernetes service account itself as a principal. */
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import { IAMMember } from "@pulumi/gcp/serviceaccount/iammember.js";
import {
  all,
  type ComponentResource,
  type Input,
  interpolate,
  type Output,
  output,
  type Resource,
} from "@pulumi/pulumi";
import { definedFields } from "../defined-fields.ts";
import type { StoreServiceAccount } from "../keyless-store.ts";
import { googleAccountId } from "./google-names.ts";

/** A Google service account that is there; an `Account` of @pulumi/gcp is one. */
export interface ExistingGoogleAccount {
  /** `projects/P/serviceAccounts/EMAIL`. */
  readonly name: Input<string>;
  readonly email: Input<string>;
}

/** How the Google service account is made. */
export interface NewGoogleAccountArgs {
  /** 6 to 30 letters, digits and dashes. Default: made of the component's name. */
  readonly accountId?: Input<string>;
  /** Default: the secrets'. */
  readonly project?: Input<string>;
  /** Default: none. */
  readonly displayName?: Input<string>;
}

/** Where the tokens of the service account come from. */
export interface TokenPool {
  /** Of GKE: the project whose pool `PROJECT.svc.id.goog` the cluster uses. */
  readonly clusterProject: Output<string>;
  /** The number of that project, or undefined where the pool is one of workload identity federation. */
  readonly clusterProjectNumber: Output<string> | undefined;
  /** Of federation: `projects/N/locations/global/workloadIdentityPools/POOL/providers/PROVIDER`. */
  readonly federationProvider: Output<string> | undefined;
}

/** Whether a Google service account stands between: `true` makes one, `false` grants to the Kubernetes one itself. */
export type GoogleAccountChoice = boolean | ExistingGoogleAccount;

/** The identity. */
export interface GoogleIdentity {
  /** What roles are granted to: `serviceAccount:EMAIL` or `principal://…`. */
  readonly member: Output<string>;
  /** Of the Google service account; undefined where there is none. */
  readonly email: Output<string> | undefined;
  /** What has to be there before anybody logs in as it. */
  readonly resources: readonly Resource[];
}

/** Google's own audience for a pool's principals. */
const PRINCIPALS = "principal://iam.googleapis.com";

/** The Kubernetes service account, as Google's IAM writes it. Outside of GKE the provider has to map `google.subject` to `assertion.sub`. */
export function kubernetesPrincipal(account: StoreServiceAccount, pool: TokenPool): Output<string> {
  if (pool.federationProvider !== undefined) {
    const ofPool = pool.federationProvider.apply((provider) => provider.replace(/\/providers\/[^/]+$/, ""));
    return interpolate`${PRINCIPALS}/${ofPool}/subject/${account.subject}`;
  }
  const numbered = pool.clusterProjectNumber ?? pool.clusterProject;
  const ofPool = interpolate`projects/${numbered}/locations/global/workloadIdentityPools/${pool.clusterProject}.svc.id.goog`;
  return interpolate`${PRINCIPALS}/${ofPool}/subject/ns/${account.namespace}/sa/${account.name}`;
}

/**
 * Makes the Google service account, unless it is given or none is wanted, and lets the Kubernetes one act as it
 * (`roles/iam.workloadIdentityUser`).
 */
export function googleIdentity(
  name: string,
  choice: GoogleAccountChoice,
  created: NewGoogleAccountArgs & { readonly project: Input<string> },
  account: StoreServiceAccount,
  pool: TokenPool,
  parent: ComponentResource,
): GoogleIdentity {
  if (choice === false) return { member: kubernetesPrincipal(account, pool), email: undefined, resources: [] };
  const google = choice === true ? madeAccount(name, created, parent) : choice;
  const member =
    pool.federationProvider === undefined
      ? all([pool.clusterProject, account.namespace, account.name]).apply(
          ([project, namespace, own]) => `serviceAccount:${project}.svc.id.goog[${namespace}/${own}]`,
        )
      : kubernetesPrincipal(account, pool);
  const binding = new IAMMember(
    name,
    { serviceAccountId: google.name, role: "roles/iam.workloadIdentityUser", member },
    { parent },
  );
  const email = output(google.email);
  return { member: interpolate`serviceAccount:${email}`, email, resources: [binding] };
}

function madeAccount(
  name: string,
  { accountId, project, displayName }: NewGoogleAccountArgs & { readonly project: Input<string> },
  parent: ComponentResource,
): Account {
  return new Account(
    name,
    { accountId: accountId ?? googleAccountId(name), project, ...definedFields({ displayName }) },
    { parent },
  );
}
