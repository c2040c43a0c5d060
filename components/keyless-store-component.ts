/** What the stores of Azure and Google have in common as components: declarations, grants, the store and its outputs. */
import {
  ComponentResource,
  type ComponentResourceOptions,
  log,
  type Output,
  output,
  type Resource,
} from "@pulumi/pulumi";
import { GrantDeclarations } from "./grants/declarations.ts";
import { type GrantPlan, grantPlan } from "./grants/grant-plan.ts";
import type { StoreRef } from "./grants/store-ref.ts";
import { type KeylessStoreArgs, keylessStore } from "./keyless-store.ts";
import type { ClusterSecretStore, SecretStore } from "./secret-store.ts";
import type { ProviderArgs } from "./spec-args.generated.ts";

/** What was granted. Both are unknown at preview while a name that is read is unknown. */
export interface RegisteredGrants {
  readonly resources: Output<Resource[]>;
  /** Sentences: where more is granted than is read. */
  readonly warnings: Output<readonly string[]>;
}

/** What a cloud makes of its arguments. */
export interface CloudStoreParts {
  readonly provider: ProviderArgs;
  /** Of the service account: by which the controller knows the identity. */
  readonly annotations: Readonly<Record<string, Output<string>>>;
  /** What has to be there before anybody logs in as the identity. */
  readonly identityResources: readonly Resource[];
  readonly grants: RegisteredGrants;
}

/** A store that keeps the grants of its identity. */
export abstract class KeylessStoreComponent extends ComponentResource {
  /** What `spec.secretStoreRef` of an ExternalSecret takes. */
  declare readonly ref: StoreRef;
  /** The store itself, made after the grants. */
  declare readonly store: SecretStore | ClusterSecretStore;
  /** What a service account that the component does not make has to have. */
  declare readonly serviceAccountAnnotations: Output<Record<string, string>>;
  /** Granted by hand, and read by no ExternalSecret of the program. */
  declare readonly unusedGrants: Output<readonly string[]>;
  /** Read, but not in the fixed list `grants.secrets`: each with the ExternalSecret that reads it. */
  declare readonly missingGrants: Output<readonly string[]>;
  /** Where more is granted than is read, since the cloud has no narrower grant; logged as warnings, too. */
  declare readonly grantWarnings: Output<readonly string[]>;
  /** Kind and name, for messages. */
  protected readonly title: string;
  protected readonly plan: GrantPlan;
  readonly #name: string;
  readonly #declarations: GrantDeclarations;

  /** @throws Error where `grants.secrets` and `grants.additional` are both set. */
  constructor(
    type: { readonly token: string; readonly canonicalKey?: (key: string) => string },
    name: string,
    args: KeylessStoreArgs,
    options: ComponentResourceOptions | undefined,
  ) {
    super(type.token, name, {}, options);
    this.#name = name;
    this.title = `${type.token.split(":").at(-1)} "${name}"`;
    this.#declarations = new GrantDeclarations(this.title, args.grants?.close);
    this.plan = grantPlan(this.#declarations, args.grants, type.canonicalKey);
  }

  /** Ends collecting, with `grants: { close: "explicit" }`: after the last ExternalSecret that reads through the store. */
  closeGrants(): void {
    this.#declarations.close();
  }

  /** Makes service account and store, after what they need, and fills the outputs, beside those of the cloud. */
  protected complete(args: KeylessStoreArgs, parts: CloudStoreParts, outputs: Readonly<Record<string, unknown>>): void {
    const { provider, annotations, identityResources } = parts;
    const grants = parts.grants.resources.apply((resources) => [...identityResources, ...(resources as Resource[])]);
    const declarations = this.#declarations;
    const made = keylessStore(this.#name, args, { provider, annotations, grants, declarations }, this);
    const shared = {
      serviceAccountAnnotations: output(annotations),
      unusedGrants: this.plan.unusedGrants,
      missingGrants: this.plan.missingGrants,
      grantWarnings: parts.grants.warnings.apply((warnings) => {
        for (const warning of warnings) void log.warn(`${this.title}: ${warning}`, this);
        return warnings;
      }),
    };
    Object.assign(this, made, shared, outputs);
    this.registerOutputs({ ...shared, ...outputs });
  }
}
