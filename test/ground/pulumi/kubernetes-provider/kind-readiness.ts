/** When the objects of Kubernetes' own kinds count as ready, much as the official provider awaits them. */
import { isList, type Properties, propertiesAt, stringAt, type Value } from "./property-values.ts";
import { conditionOf, conditionsOf, describeCondition } from "./status-conditions.ts";

/** What the object still lacks, said for people; empty when it is ready. */
type Readiness = (object: Properties) => string[];

const BY_KIND: Readonly<Record<string, Readiness>> = {
  "apiextensions.k8s.io/v1/CustomResourceDefinition": (object) =>
    trueConditions(object, ["NamesAccepted", "Established"]),
  "apps/v1/DaemonSet": (object) =>
    rollout(object, [
      ["updatedNumberScheduled", count(object, "desiredNumberScheduled")],
      ["numberReady", count(object, "desiredNumberScheduled")],
    ]),
  "apps/v1/Deployment": (object) => {
    const replicas = wantedReplicas(object);
    const missing = rollout(object, [
      ["updatedReplicas", replicas],
      ["availableReplicas", replicas],
      ["replicas", replicas],
    ]);
    return missing.length > 0 ? missing : trueConditions(object, ["Available"]);
  },
  "apps/v1/StatefulSet": (object) =>
    rollout(object, [
      ["updatedReplicas", wantedReplicas(object)],
      ["readyReplicas", wantedReplicas(object)],
    ]),
  "batch/v1/Job": (object) => trueConditions(object, ["Complete"]),
  "v1/Pod": (object) =>
    stringAt(propertiesAt(object, "status"), "phase") === "Succeeded" ? [] : trueConditions(object, ["Ready"]),
  "v1/Service": (object) => {
    const isBalanced = propertiesAt(object, "spec").type === "LoadBalancer";
    const ingress = propertiesAt(propertiesAt(object, "status"), "loadBalancer").ingress;
    return isBalanced && !(isList(ingress) && ingress.length > 0)
      ? ["Waiting for an address of the load balancer"]
      : [];
  },
};

/** What an object of one of these kinds still lacks; always empty for other kinds. */
export function lackOfReadiness(object: Properties): string[] {
  return BY_KIND[`${stringAt(object, "apiVersion")}/${stringAt(object, "kind")}`]?.(object) ?? [];
}

function trueConditions(object: Properties, types: readonly string[]): string[] {
  return types.flatMap((type) => {
    const condition = conditionOf(object, type);
    if (condition?.status === "True") return [];
    return [condition === undefined ? `Waiting for condition ${type}` : describeCondition(condition)];
  });
}

/** Holds counters of the status against what they must be, once the controller has seen this generation. */
function rollout(object: Properties, counters: readonly (readonly [string, number])[]): string[] {
  const generation = propertiesAt(object, "metadata").generation;
  if (count(object, "observedGeneration") < number(generation)) return ["Waiting for the controller to see the change"];
  const lacking = counters.filter(([name, wanted]) => count(object, name) !== wanted);
  if (lacking.length === 0) return [];
  const counted = lacking.map(([name, wanted]) => `${name} ${count(object, name)} of ${wanted}`);
  const failing = conditionsOf(object).filter(
    ({ type, status }) => (type === "ReplicaFailure") === (status === "True"),
  );
  return [`Waiting for the rollout: ${counted.join(", ")}`, ...failing.map(describeCondition)];
}

function wantedReplicas(object: Properties): number {
  return number(propertiesAt(object, "spec").replicas ?? 1);
}

function count(object: Properties, counter: string): number {
  return number(propertiesAt(object, "status")[counter]);
}

function number(value: Value | undefined): number {
  return typeof value === "number" ? value : 0;
}
