/** ExternalSecret: which remote values make which Secret. */
import type { types } from "@pulumi/kubernetes";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import {
  all,
  type CustomResourceOptions,
  type Input,
  isSecret,
  mergeOptions,
  type Output,
  output,
  unsecret,
} from "@pulumi/pulumi";
import type { ExternalSecretSpec, ExternalSecretStatus, ExternalSecretTarget } from "../api/external-secret.ts";
import { validateExternalSecret } from "../api/validate-external-secret.ts";
import { awaitedMetadata } from "./awaited-metadata.ts";
import { checkedSpec } from "./checked-spec.ts";
import { contentAnnotation, contentHashOf } from "./content-hash.ts";
import { dnsLabelOf } from "./dns-label.ts";
import { earlierVersions } from "./earlier-versions.ts";
import { declareReads } from "./grants/declared-reads.ts";
import type { StoreRef } from "./grants/store-ref.ts";
import { isPlain } from "./plain-input.ts";
import type { ExternalSecretSpecArgs } from "./spec-args.generated.ts";

const API_VERSION = "external-secrets.io/v1";
const KIND = "ExternalSecret";

type EnvVar = types.input.core.v1.EnvVar;
type EnvVarSource = types.input.core.v1.EnvVarSource;
type EnvFromSource = types.input.core.v1.EnvFromSource;
type KeyToPath = types.input.core.v1.KeyToPath;
type Volume = types.input.core.v1.Volume;

/** A store of any kind: `SecretStore`, `ClusterSecretStore`, and the stores of the clouds' subpaths. */
export interface ReferencedStore {
  readonly ref: StoreRef;
}

/** Arguments of `ExternalSecret`. */
export interface ExternalSecretArgs {
  /**
   * Name, namespace, labels and annotations. Default: a name that Pulumi makes of the resource's, in the namespace of
   * the provider. The Secret has the same name, unless `spec.target.name` says another.
   */
  readonly metadata?: Input<types.input.meta.v1.ObjectMeta>;
  /**
   * The store that values are read from; sets `spec.secretStoreRef`. A store that keeps grants (`AwsSecretStore`,
   * `VaultStore`, …) then grants what this ExternalSecret reads. Default: `spec.secretStoreRef`, whose grants follow,
   * too, where it is the `ref` of such a store and not wrapped in an Output.
   */
  readonly store?: ReferencedStore;
  /** What is read and written. A wrong spec fails at preview, with the names of the fields. */
  readonly spec: Input<ExternalSecretSpecArgs>;
  /**
   * Does not wait for the Secret to be synced (condition Ready). Default: false, for up to 10 minutes or the resource
   * option `customTimeouts`.
   */
  readonly skipAwait?: boolean;
}

/** How a pod mounts the Secret. */
export interface SecretVolumeArgs {
  /** The keys that become files, and their names. Default: all, each named as it is. */
  readonly items?: Input<Input<KeyToPath>[]>;
  /** Permissions of the files, as a number: 0o400. Default: 0o644. */
  readonly defaultMode?: Input<number>;
  /** Whether the pod starts without the Secret. Default: false. */
  readonly optional?: Input<boolean>;
}

/**
 * Keeps a Secret equal to what a backend holds. `up` is done when the Secret is in the cluster; a failure shows the
 * message of the condition. No output holds a value of the Secret.
 */
export class ExternalSecret extends CustomResource {
  /** The name of the Secret: `spec.target.name`, or the ExternalSecret's own. */
  declare readonly secretName: Output<string>;
  /** What the controller reported when Pulumi saw the resource last; undefined where it had not reported anything. */
  declare readonly status: Output<ExternalSecretStatus | undefined>;
  /** Whether the Secret was in the cluster when Pulumi saw the resource last. Always true without `skipAwait`. */
  declare readonly ready: Output<boolean>;
  readonly #name: string;
  readonly #written: readonly Input<unknown>[];
  #content: Output<ExternalSecretStatus | undefined> | undefined;

  /** @throws Error where `store` and `spec.secretStoreRef` are both set, or the store has stopped collecting grants. */
  constructor(name: string, args: ExternalSecretArgs, options?: CustomResourceOptions) {
    const spec = withStore(name, args);
    super(
      name,
      {
        apiVersion: API_VERSION,
        kind: KIND,
        metadata: awaitedMetadata(args.metadata, args.skipAwait === true),
        spec: checkedSpec(`${KIND} ${name}`, spec, (checked: ExternalSecretSpec) =>
          validateExternalSecret({ spec: checked }),
        ),
        // Makes an output of it; nothing is sent.
        status: undefined,
      },
      mergeOptions(earlierVersions(KIND), options),
    );
    this.#name = name;
    this.#written = [args.spec, args.metadata];
    const namespace = output(args.metadata).apply((metadata) => metadata?.namespace ?? "");
    declareReads({ name, namespace, spec: args.spec, storeRef: args.store?.ref });
    const target = targetNameOf(args.spec);
    this.secretName = all([target, this.metadata]).apply(([wanted, metadata]) => wanted ?? metadata.name);
    this.ready = output(this.status).apply((status) =>
      isReady(status as ExternalSecretStatus | undefined, args.skipAwait),
    );
  }

  /** A key of the Secret for `valueFrom` of an environment variable. @param optional whether a pod starts without it; default false. */
  key(key: Input<string>, optional?: Input<boolean>): EnvVarSource {
    return { secretKeyRef: { name: this.secretName, key, ...(optional === undefined ? {} : { optional }) } };
  }

  /** A whole environment variable, from a key of the Secret. @param optional as of `key`. */
  envVar(name: Input<string>, key: Input<string>, optional?: Input<boolean>): EnvVar {
    return { name, valueFrom: this.key(key, optional) };
  }

  /** All keys of the Secret as environment variables, for `envFrom` of a container. @param options `prefix` of the variables' names, default none; `optional` as of `key`. */
  envFrom(options: { readonly prefix?: Input<string>; readonly optional?: Input<boolean> } = {}): EnvFromSource {
    const { prefix, optional } = options;
    return {
      secretRef: { name: this.secretName, ...(optional === undefined ? {} : { optional }) },
      ...(prefix === undefined ? {} : { prefix }),
    };
  }

  /** The Secret as a volume of a pod. @param name default: made of this resource's name. */
  volume(name: Input<string> = dnsLabelOf(this.#name), options: SecretVolumeArgs = {}): Volume {
    return { name, secret: { secretName: this.secretName, ...options } };
  }

  /**
   * Changes when the content of the Secret changes, and tells nothing about it: it is made of a version that the
   * controller counts (`status.contentVersion`), never of values. Once it is used, each `up` and `preview` reads it anew;
   * where the spec holds a secret of Pulumi's, which such a read would show, only a refresh does (`pulumi up --refresh`).
   * With ESO's controller, which counts no such version, it does not change.
   */
  get contentHash(): Output<string> {
    this.#content ??= output(isSecret(output(this.#written))).apply((holdsSecret) =>
      holdsSecret ? this.status : this.#readStatus(),
    );
    return all([this.secretName, this.#content]).apply(([name, status]) =>
      contentHashOf(name, status as ExternalSecretStatus | undefined),
    );
  }

  /**
   * `contentHash` as an annotation for a pod template: a Deployment that has it is rolled by the `up` that finds the
   * content changed. Its name holds that of this resource, so that those of several ExternalSecrets can be merged.
   */
  get hashAnnotation(): Readonly<Record<string, Output<string>>> {
    return { [contentAnnotation(this.#name)]: this.contentHash };
  }

  /** The state keeps all that is read, as plain text. */
  #readStatus(): Output<ExternalSecretStatus | undefined> {
    const args = { apiVersion: API_VERSION, kind: KIND, status: undefined };
    const read: CustomResource & Partial<Pick<ExternalSecret, "status">> = new CustomResource(
      `${this.#name}-content`,
      args,
      { parent: this, id: this.id },
    );
    return output(read.status) as Output<ExternalSecretStatus | undefined>;
  }
}

function withStore(name: string, { store, spec }: ExternalSecretArgs): Input<unknown> {
  if (store === undefined) return spec;
  const withRef = (given: object) => {
    if (Reflect.get(given, "secretStoreRef") !== undefined) {
      throw new Error(`${KIND} ${name}: store and spec.secretStoreRef are both set: leave out one of them.`);
    }
    return { ...given, secretStoreRef: store.ref };
  };
  return isPlain(spec)
    ? withRef(spec)
    : output(spec as Input<ExternalSecretSpec>).apply((given) => output(withRef(given)));
}

/** The name alone: what else the spec holds may be secret, and would make the name secret, too. */
function targetNameOf(spec: Input<ExternalSecretSpecArgs>): Output<string | undefined> {
  if (!isPlain(spec)) return unsecret(output(spec as Input<ExternalSecretSpec>).apply(({ target }) => target?.name));
  if (isPlain(spec.target)) return output(spec.target.name);
  return unsecret(output(spec.target as Input<ExternalSecretTarget | undefined>).apply((target) => target?.name));
}

function isReady(status: ExternalSecretStatus | undefined, skipAwait: boolean | undefined): boolean {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return ready === undefined ? skipAwait !== true : ready.status === "True";
}
