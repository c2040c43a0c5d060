/** VaultStore: a store of Vault, the role that its service account logs in to, and a policy of exactly what is read. */

import { type ComponentResourceOptions, type Input, type Output, output, type Resource } from "@pulumi/pulumi";
import { AuthBackendRole } from "@pulumi/vault/kubernetes/authBackendRole.js";
import { Policy } from "@pulumi/vault/policy.js";
import { definedFields } from "../defined-fields.ts";
import type { RemoteRead } from "../grants/remote-read.ts";
import { type KeylessStoreArgs, type StoreServiceAccount, storeServiceAccount } from "../keyless-store.ts";
import { KeylessStoreComponent } from "../keyless-store-component.ts";
import type { CaProviderArgs, VaultProviderArgs } from "../spec-args.generated.ts";
import { broadFinds, canonicalVaultKey, type KvPlace, policyText, readRules } from "./read-rules.ts";

/** The Kubernetes auth method that the store logs in by. */
export interface VaultLoginArgs {
  /** Path where the auth method is mounted. Default: kubernetes. */
  readonly mountPath?: Input<string>;
  /** Name of the role. Default: the name of the component. */
  readonly roleName?: Input<string>;
  /** Audience that the tokens must have; none but Vault takes them then. Default: vault. */
  readonly audience?: Input<string>;
  /** Life of Vault's tokens in seconds. Default: 3600. */
  readonly tokenTtlSeconds?: Input<number>;
}

/** Arguments of `VaultStore`. */
export interface VaultStoreArgs extends KeylessStoreArgs {
  /** Address of Vault as the controller reaches it: `https://vault.example.com:8200`. */
  readonly server: Input<string>;
  /** Path where the KV engine is mounted. Default: the first part of each key. */
  readonly path?: string;
  /** Version of the KV engine. Default: v2. */
  readonly version?: "v1" | "v2";
  /** Namespace of the engine, the role and the policy (Enterprise and OpenBao). Default: the root namespace. */
  readonly vaultNamespace?: Input<string>;
  /** PEM of the certificates that the server is checked with, in Base64. Default: the system's. */
  readonly caBundle?: Input<string>;
  /** Where that PEM is kept in the cluster. Default: caBundle, or the system's. */
  readonly caProvider?: Input<CaProviderArgs>;
  /** How the store logs in. Default: the auth method at `kubernetes`, with a role named after the component. */
  readonly login?: VaultLoginArgs;
  /** Name of the policy. Default: the name of the component. */
  readonly policyName?: Input<string>;
}

const TOKEN = "external-secrets:vault:VaultStore";
const TOKEN_TTL_SECONDS = 3_600;

/**
 * A SecretStore or ClusterSecretStore of Vault's KV engine that logs in with tokens of one service account: no credential
 * is stored. The policy of its role allows exactly what the program's ExternalSecrets read through `ref` (or `store:
 * this`); it grows and shrinks with them in the same `up`, and is there before the store.
 */
export class VaultStore extends KeylessStoreComponent {
  /** The role of the auth method. */
  declare readonly roleName: Output<string>;
  /** For further roles. */
  declare readonly policyName: Output<string>;
  /** The policy in Vault's own language. */
  declare readonly policy: Output<string>;

  /** @throws Error where `grants.secrets` and `grants.additional` are both set; in Outputs for a key that no policy can name. */
  constructor(name: string, args: VaultStoreArgs, options?: ComponentResourceOptions) {
    const place: KvPlace = { mount: mountOf(args.path), version: args.version ?? "v2" };
    super({ token: TOKEN, canonicalKey: canonicalVaultKey(place) }, name, args, options);
    const account = storeServiceAccount(name, args);
    const rules = this.plan.granted.apply((reads) => readRules(place, reads as readonly RemoteRead[]));
    const inNamespace = definedFields({ namespace: args.vaultNamespace });
    const policy = new Policy(
      name,
      { name: args.policyName ?? name, policy: rules.apply(policyText), ...inNamespace },
      { parent: this },
    );
    const role = new AuthBackendRole(
      name,
      { ...roleArgs(name, args.login, account), tokenPolicies: [policy.name], ...inNamespace },
      { parent: this },
    );
    this.complete(
      args,
      {
        provider: { vault: vaultProvider(args, role.roleName, account) },
        annotations: {},
        identityResources: [role],
        grants: {
          resources: output([policy]) as Output<Resource[]>,
          warnings: this.plan.granted.apply((reads) => broadFinds(reads as readonly RemoteRead[])),
        },
      },
      { roleName: role.roleName, policyName: policy.name, policy: policy.policy },
    );
  }
}

function mountOf(path: string | undefined): string | undefined {
  const mount = path?.replaceAll(/^\/+|\/+$/g, "");
  return mount === "" ? undefined : mount;
}

function roleArgs(name: string, login: VaultLoginArgs = {}, account: StoreServiceAccount) {
  return {
    backend: login.mountPath ?? "kubernetes",
    roleName: login.roleName ?? name,
    boundServiceAccountNames: [account.name],
    boundServiceAccountNamespaces: [account.namespace],
    audience: login.audience ?? "vault",
    tokenTtl: login.tokenTtlSeconds ?? TOKEN_TTL_SECONDS,
  };
}

function vaultProvider(args: VaultStoreArgs, role: Output<string>, account: StoreServiceAccount): VaultProviderArgs {
  const { server, path, version, login = {} } = args;
  const serviceAccountRef = {
    name: account.name,
    audiences: [login.audience ?? "vault"],
    ...(args.kind === "ClusterSecretStore" ? { namespace: account.namespace } : {}),
  };
  return {
    server,
    auth: { kubernetes: { mountPath: login.mountPath ?? "kubernetes", role, serviceAccountRef } },
    ...definedFields({
      path,
      version,
      namespace: args.vaultNamespace,
      caBundle: args.caBundle,
      caProvider: args.caProvider,
    }),
  };
}
