/** ExternalSecret: which remote values make which Secret. */
import type { types } from "@pulumi/kubernetes";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { all, type CustomResourceOptions, type Input, type Output, output } from "@pulumi/pulumi";
import type { ExternalSecretSpec } from "../api/external-secret.ts";
import { validateExternalSecret } from "../api/validate-external-secret.ts";
import { awaitedMetadata } from "./awaited-metadata.ts";
import { checkedSpec } from "./checked-spec.ts";
import type { DeepInput } from "./deep-input.ts";

/** Arguments of `ExternalSecret`. */
export interface ExternalSecretArgs {
  readonly metadata?: Input<types.input.meta.v1.ObjectMeta>;
  readonly spec: DeepInput<ExternalSecretSpec>;
  /** Does not wait for the Secret to be synced. Default false. */
  readonly skipAwait?: boolean;
}

/** `up` is done when the Secret is in the cluster; a failure shows the condition's message. */
export class ExternalSecret extends CustomResource {
  /** The name of the Secret: `spec.target.name`, or the ExternalSecret's own. */
  declare readonly secretName: Output<string>;

  constructor(name: string, args: ExternalSecretArgs, options?: CustomResourceOptions) {
    super(
      name,
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: awaitedMetadata(args.metadata, args.skipAwait === true),
        spec: checkedSpec(`ExternalSecret ${name}`, args.spec, (spec: ExternalSecretSpec) =>
          validateExternalSecret({ spec }),
        ),
      },
      options,
    );
    const spec = output(args.spec) as Output<ExternalSecretSpec>;
    this.secretName = all([spec, this.metadata]).apply(([{ target }, metadata]) => target?.name ?? metadata.name);
  }
}
