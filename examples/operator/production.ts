/** An operator as production wants it: two replicas on two nodes, watched, shut in, with an AWS role of its own. */
import { Config } from "@pulumi/pulumi";
import { ExternalSecretsOperator } from "pulumi-external-secrets";

const config = new Config();

export const operator = new ExternalSecretsOperator("external-secrets", {
  image: { repository: "registry.example.com/external-secrets", digest: config.require("imageDigest") },
  replicaCount: 2,
  serviceAccount: { irsa: { roleArn: config.require("roleArn") } },
  rbac: { serviceAccountTokenCreate: false },
  priorityClassName: "system-cluster-critical",
  podDisruptionBudget: { maxUnavailable: 1 },
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
  ],
  networkPolicy: {},
  serviceMonitor: { additionalLabels: { release: "prometheus" } },
  prometheusRule: { additionalLabels: { release: "prometheus" } },
  grafanaDashboard: { namespace: "monitoring" },
});
