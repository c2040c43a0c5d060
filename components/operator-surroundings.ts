/** What stands around the Deployment and is no monitoring: network policy, disruption budget and further objects. */
import type { types } from "@pulumi/kubernetes";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { all, type Input, output } from "@pulumi/pulumi";
import type { ExternalSecretsOperatorArgs } from "./operator-args.ts";
import { portsOf } from "./operator-flags.ts";
import { isWanted, metadataOf, type OperatorParts, selectorLabels } from "./operator-parts.ts";
import type { ExtraObject, NetworkPolicyArgs, PodDisruptionBudgetArgs } from "./operator-surroundings-args.ts";

type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;

const tcp = (port: number) => ({ protocol: "TCP", port });

/** DNS, HTTPS, and the port that API servers listen on behind their Service. */
const DEFAULT_EGRESS: EgressRule[] = [
  { ports: [{ protocol: "UDP", port: 53 }, tcp(53)] },
  { ports: [tcp(443), tcp(6443)] },
];

/** @throws Error where a disruption budget says both how many stay and how many go. */
export function makeSurroundings(parts: OperatorParts, args: ExternalSecretsOperatorArgs): void {
  if (isWanted(args.networkPolicy)) makeNetworkPolicy(parts, args, args.networkPolicy);
  if (isWanted(args.podDisruptionBudget)) makeDisruptionBudget(parts, args.podDisruptionBudget);
  for (const object of args.extraObjects ?? []) makeExtraObject(parts, object);
}

function makeNetworkPolicy(parts: OperatorParts, args: ExternalSecretsOperatorArgs, policy: NetworkPolicyArgs): void {
  const { metrics, health } = portsOf(args);
  const egress: Input<Input<EgressRule>[]> = policy.egress ?? DEFAULT_EGRESS;
  const spec = {
    podSelector: { matchLabels: selectorLabels(parts.fullname) },
    policyTypes: ["Ingress", "Egress"],
    ingress: policy.ingress ?? [{ ports: [tcp(metrics), tcp(health)] }],
    egress:
      policy.extraEgress === undefined
        ? egress
        : all([output(egress), output(policy.extraEgress)]).apply(([rules, more]) => [...rules, ...more]),
  };
  const metadata = metadataOf(parts, "", { namespace: parts.namespace });
  new NetworkPolicy(parts.name, { metadata, spec }, parts.child);
}

function makeDisruptionBudget(parts: OperatorParts, args: PodDisruptionBudgetArgs): void {
  const { minAvailable, maxUnavailable } = args;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    throw new Error(
      `ExternalSecretsOperator "${parts.name}": podDisruptionBudget: set either minAvailable or maxUnavailable`,
    );
  }
  const limit = minAvailable === undefined ? { maxUnavailable: maxUnavailable ?? 1 } : { minAvailable };
  const spec = { selector: { matchLabels: selectorLabels(parts.fullname) }, ...limit };
  const metadata = metadataOf(parts, "", { namespace: parts.namespace });
  new PodDisruptionBudget(parts.name, { metadata, spec }, parts.child);
}

function makeExtraObject(parts: OperatorParts, object: ExtraObject): void {
  const { metadata } = object;
  const name = `${parts.name}-${object.kind.toLowerCase()}-${metadata.name}`;
  new CustomResource(name, { ...object, metadata: { namespace: parts.namespace, ...metadata } }, parts.child);
}
