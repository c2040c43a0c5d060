/** The operator: CRDs, namespace, identity, least-privilege roles, Deployment, and what stands around it. */
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Output,
  output,
} from "@pulumi/pulumi";
import { installCrds } from "./crd-installation.ts";
import type { ExternalSecretsOperatorArgs } from "./operator-args.ts";
import { servesClusterStores } from "./operator-flags.ts";
import { containerImage } from "./operator-image.ts";
import { makeMonitoring } from "./operator-monitoring.ts";
import { DEFAULT_FULLNAME, metadataOf, type OperatorParts } from "./operator-parts.ts";
import { OperatorRoles } from "./operator-roles.ts";
import { OperatorScope, type StoreDeclaration } from "./operator-scope.ts";
import { operatorServiceAccount } from "./operator-service-account.ts";
import { makeSurroundings } from "./operator-surroundings.ts";
import { makeDeployment } from "./operator-workload.ts";

/**
 * Installs the controller and all that it needs. Stores name it (`new SecretStore("store", { operator, … })`) or depend on it
 * (`{ dependsOn: operator }`), so that they come after the CRDs and the controller.
 */
export class ExternalSecretsOperator extends ComponentResource {
  /** The namespace that the controller runs in. */
  declare readonly namespace: Output<string>;
  /** The service account that it runs under. */
  declare readonly serviceAccountName: Output<string>;
  /** The Deployment's name. */
  declare readonly deploymentName: Output<string>;
  /** The namespaces that it serves, sorted; undefined: the whole cluster. */
  declare readonly servedNamespaces: Output<readonly string[] | undefined>;
  readonly #args: ExternalSecretsOperatorArgs;
  readonly #scope: OperatorScope;
  readonly #roles: OperatorRoles;

  /** @throws Error that names the argument and the remedy, where arguments contradict each other. */
  constructor(name: string, args: ExternalSecretsOperatorArgs, options?: ComponentResourceOptions) {
    super("external-secrets:index:ExternalSecretsOperator", name, {}, options);
    const child: CustomResourceOptions = { parent: this };
    const crds = installCrds(name, args, child);
    const parts = operatorParts(name, args, child);
    const account = operatorServiceAccount(parts, args.serviceAccount);
    const scope = new OperatorScope(name, args);
    const roles = new OperatorRoles({ parts, args, scope, serviceAccountName: account.name });
    makeMonitoring(parts, args);
    makeSurroundings(parts, args);
    const image = containerImage(name, args.image, child, args.imagePullPolicy);
    // A store that is declared adds to the bindings until declaring ends.
    const needed = scope.closed.then(() => [...crds, ...roles.bindings]);
    const deployment = makeDeployment({ parts, args, scope, image, account }, { ...child, dependsOn: needed });
    this.#args = args;
    this.#scope = scope;
    this.#roles = roles;
    const outputs = {
      namespace: output(parts.namespace),
      serviceAccountName: account.name,
      deploymentName: deployment.metadata.name,
      servedNamespaces: scope.namespaces ?? output(undefined),
    };
    Object.assign(this, outputs);
    this.registerOutputs(outputs);
  }

  /**
   * Adds a store of the program: its namespace where the scope is `declared`, and what it needs of service accounts. SecretStore and
   * ClusterSecretStore call it for the operator that their `operator` names.
   * @throws Error that names the store and the remedy, where the operator does not serve it.
   */
  declareStore(store: StoreDeclaration): void {
    if (store.kind === "ClusterSecretStore" && !servesClusterStores(this.#args, this.#scope)) {
      throw new Error(
        `ClusterSecretStore "${store.name}": its operator serves namespaces; set processClusterStore of the operator, or use a SecretStore`,
      );
    }
    this.#scope.declare(store);
    this.#roles.addStore(store);
  }

  /** Ends declaring, where `scope` says `close: "explicit"`: no store may name this operator later. Idempotent. */
  closeScope(): void {
    this.#scope.close();
  }
}

function operatorParts(name: string, args: ExternalSecretsOperatorArgs, child: CustomResourceOptions): OperatorParts {
  const { commonLabels, fullnameOverride: fullname = DEFAULT_FULLNAME, namespace: wanted = DEFAULT_FULLNAME } = args;
  const parts = { name, fullname, namespace: wanted, commonLabels, child };
  if (args.createNamespace === false) return parts;
  const metadata = { ...metadataOf(parts, ""), name: wanted };
  return { ...parts, namespace: new Namespace(name, { metadata }, child).metadata.name };
}
