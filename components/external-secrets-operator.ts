/** The operator: CRDs, namespace, identity, least-privilege roles, metrics Service and Deployment. */
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole.js";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Input,
  type Output,
  output,
  type Resource,
} from "@pulumi/pulumi";
import { installCrds } from "./crd-installation.ts";
import type { ExternalSecretsOperatorArgs } from "./operator-args.ts";
import { clusterRules, genericTargetRules, leaderElectionRules, namespacedRules } from "./operator-rbac.ts";
import { deploymentSpec, selectorLabels } from "./operator-workload.ts";

const NAME = "external-secrets";

const labels = { ...selectorLabels, "app.kubernetes.io/managed-by": "pulumi" } as const;

interface Identity {
  readonly namespace: Input<string>;
  readonly serviceAccountName: Input<string>;
}

/**
 * Installs the controller and all that it needs. Stores and ExternalSecrets should depend on it:
 * `new SecretStore("store", {…}, { dependsOn: operator })`.
 */
export class ExternalSecretsOperator extends ComponentResource {
  /** The namespace that the controller runs in. */
  declare readonly namespace: Output<string>;
  /** The service account that it runs under. */
  declare readonly serviceAccountName: Output<string>;
  /** The Deployment's name. */
  declare readonly deploymentName: Output<string>;

  constructor(name: string, args: ExternalSecretsOperatorArgs, options?: ComponentResourceOptions) {
    super("external-secrets:index:ExternalSecretsOperator", name, {}, options);
    const child: CustomResourceOptions = { parent: this };
    const crds = installCrds(name, args, child);
    const namespace = this.#namespace(name, args, child);
    const account = new ServiceAccount(
      name,
      {
        metadata: {
          name: args.serviceAccount?.name ?? NAME,
          namespace,
          labels,
          ...(args.serviceAccount?.annotations === undefined ? {} : { annotations: args.serviceAccount.annotations }),
        },
      },
      child,
    );
    const identity: Identity = { namespace, serviceAccountName: account.metadata.name };
    const grants = this.#grant(name, args, identity, child);
    new Service(
      `${name}-metrics`,
      {
        // Nothing here waits for the metrics, and the Service has no endpoint before the Deployment is there.
        metadata: { name: `${NAME}-metrics`, namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: { selector: selectorLabels, ports: [{ name: "metrics", port: 8080, targetPort: "metrics" }] },
      },
      child,
    );
    const deployment = new Deployment(
      name,
      {
        metadata: {
          name: NAME,
          namespace,
          labels,
          ...(args.skipAwait === true ? { annotations: { "pulumi.com/skipAwait": "true" } } : {}),
        },
        spec: deploymentSpec(args, identity.serviceAccountName),
      },
      { ...child, dependsOn: [...crds, ...grants] },
    );
    this.namespace = output(namespace);
    this.serviceAccountName = account.metadata.name;
    this.deploymentName = deployment.metadata.name;
    this.registerOutputs({
      namespace: this.namespace,
      serviceAccountName: this.serviceAccountName,
      deploymentName: this.deploymentName,
    });
  }

  #namespace(name: string, args: ExternalSecretsOperatorArgs, child: CustomResourceOptions): Input<string> {
    const wanted = args.namespace ?? NAME;
    if (args.createNamespace === false) return wanted;
    return new Namespace(name, { metadata: { name: wanted, labels } }, child).metadata.name;
  }

  #grant(
    name: string,
    args: ExternalSecretsOperatorArgs,
    identity: Identity,
    child: CustomResourceOptions,
  ): Resource[] {
    const subjects = [{ kind: "ServiceAccount", name: identity.serviceAccountName, namespace: identity.namespace }];
    const roleIn = (suffix: string, namespace: Input<string>, rules: ReturnType<typeof namespacedRules>) => {
      const metadata = { name: `${NAME}-${suffix}`, namespace, labels };
      const role = new Role(`${name}-${suffix}`, { metadata, rules }, child);
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name };
      return new RoleBinding(`${name}-${suffix}`, { metadata, roleRef, subjects }, child);
    };
    const election = roleIn("leader-election", identity.namespace, leaderElectionRules());
    const everywhere = [...namespacedRules(), ...genericTargetRules(args.genericTargets)];
    if (args.scopedNamespace !== undefined) {
      return [election, roleIn("controller", args.scopedNamespace, everywhere)];
    }
    const metadata = { name: `${NAME}-controller`, labels };
    const role = new ClusterRole(`${name}-controller`, { metadata, rules: [...everywhere, ...clusterRules()] }, child);
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name };
    return [election, new ClusterRoleBinding(`${name}-controller`, { metadata, roleRef, subjects }, child)];
  }
}
