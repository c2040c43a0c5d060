/** What a user may set on the operator. Names follow the values of ESO's Helm chart where there is one. */
import type { Input } from "@pulumi/pulumi";
import type { CrdsArgs } from "./crd-args.ts";
import type { OperatorAccessArgs } from "./operator-access-args.ts";
import type { OperatorControllerArgs } from "./operator-controller-args.ts";
import type { ImageArgs } from "./operator-image-args.ts";
import type { OperatorPodArgs } from "./operator-pod-args.ts";
import type { OperatorSurroundingsArgs } from "./operator-surroundings-args.ts";

export type { CrdsArgs } from "./crd-args.ts";

/** Arguments of `ExternalSecretsOperator`. */
export interface ExternalSecretsOperatorArgs
  extends OperatorControllerArgs,
    OperatorAccessArgs,
    OperatorPodArgs,
    OperatorSurroundingsArgs {
  /** The controller's image: a reference, as `npm run image` builds it and you have pushed it; its parts; or how to build it. */
  readonly image: ImageArgs;
  /** Where the controller runs. Default `external-secrets`. */
  readonly namespace?: Input<string>;
  /** Whether to create that namespace. Default true. */
  readonly createNamespace?: boolean;
  /** What the names of all objects begin with; two operators in one cluster need two. Default `external-secrets`. */
  readonly fullnameOverride?: string;
  /** Default: they are installed, protected, and stay when the stack goes. */
  readonly crds?: CrdsArgs;
}
