/** The executable provider, configured by a program: the cluster, and what its resources take where they say nothing. */
import { type Input, type Output, output, ProviderResource, type ResourceOptions, secret } from "@pulumi/pulumi";
import type { DeepInput } from "./deep-input.ts";
import type { Credentials, Store } from "./resource/inputs.ts";

/** Arguments of `Provider`; in the stack's configuration, each is `external-secrets:NAME`. */
export interface ProviderArgs {
  /** A kubeconfig: its path, or its text. Default: KUBECONFIG, then the pod's service account, then `~/.kube/config`. */
  readonly kubeconfig?: Input<string>;
  /** A context of the kubeconfig. Default: its current one. */
  readonly context?: Input<string>;
  /** For SyncedSecrets that name none. Default: that of the context. */
  readonly namespace?: Input<string>;
  /** The store of SyncedSecrets that name none. */
  readonly store?: DeepInput<Store>;
  /** For stores of the program, as those of a SyncedSecret; encrypted in the state, once for all resources. */
  readonly credentials?: DeepInput<Credentials>;
  /** Limit of one call to a backend or to the API server, as a duration. Default `30s`. */
  readonly requestTimeout?: Input<string>;
}

/** One configuration; pass it by the option `provider`. */
export class Provider extends ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, options?: ResourceOptions) {
    const { kubeconfig, context, namespace, store, credentials, requestTimeout } = args;
    const inputs = {
      kubeconfig: kubeconfig === undefined ? undefined : secret(kubeconfig),
      ...{ context, namespace, requestTimeout },
      store: jsonOf(store),
      credentials: credentials === undefined ? undefined : secret(jsonOf(credentials)),
    };
    super("external-secrets", name, inputs, options);
  }
}

/** The engine hands on texts only. */
function jsonOf(value: Input<unknown>): Output<string> | undefined {
  return value === undefined ? undefined : output(value).apply((plain) => JSON.stringify(plain));
}
