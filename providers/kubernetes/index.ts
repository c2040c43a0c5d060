/** The `kubernetes` backend: Secrets of another namespace or of another cluster. */
import type { KubernetesProviderSpec } from "../../api/stores/kubernetes.ts";
import type { Backend } from "../contract.ts";
import { retryPolicyOf } from "../retry.ts";
import { checkKubernetesSpec } from "./check.ts";
import { createKubernetesClient } from "./client.ts";
import { openConnection } from "./connection.ts";
import { createKubeApi } from "./kube-api.ts";

const DEFAULT_NAMESPACE = "default";

/** `random` spreads the delays before repetitions. */
export function createKubernetesBackend({
  random,
}: {
  readonly random: () => number;
}): Backend<KubernetesProviderSpec> {
  return {
    capabilities: "ReadWrite",
    check: checkKubernetesSpec,
    async open(spec, context, signal) {
      const api = createKubeApi({
        ...(await openConnection(spec, context, signal)),
        retry: retryPolicyOf(context.retrySettings),
        observeCall: context.observeCall,
        clock: context.clock,
        random,
      });
      return createKubernetesClient(api, context.store, spec.remoteNamespace || DEFAULT_NAMESPACE);
    },
  };
}

/** The one that the table of backends loads. */
export const kubernetesBackend: Backend<KubernetesProviderSpec> = createKubernetesBackend({ random: Math.random });
