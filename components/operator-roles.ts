/** The operator's roles and bindings, as its scope needs them. */
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole.js";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import type { Input, Resource } from "@pulumi/pulumi";
import { storageMigrationRules } from "./crd-storage-migration.ts";
import { declaredServiceAccounts } from "./declared-service-accounts.ts";
import type { TokenGrant } from "./operator-access-args.ts";
import type { ExternalSecretsOperatorArgs } from "./operator-args.ts";
import { leaseName, mayElectLeader, migratesStorage, servesClusterStores } from "./operator-flags.ts";
import { metadataOf, type OperatorParts, type StringMap } from "./operator-parts.ts";
import {
  clusterStoreRules,
  editRules,
  leaderElectionRules,
  metricsAuthRules,
  namespacedRules,
  type PolicyRule,
  serviceBindingRules,
  tokenRules,
  viewRules,
} from "./operator-rbac.ts";
import type { OperatorScope, StoreDeclaration } from "./operator-scope.ts";

const RBAC = "rbac.authorization.k8s.io";

interface RolesParts {
  readonly parts: OperatorParts;
  readonly args: ExternalSecretsOperatorArgs;
  readonly scope: OperatorScope;
  readonly serviceAccountName: Input<string>;
}

/** Makes the roles. All that it makes stands in `bindings`, for the Deployment to depend on. */
export class OperatorRoles {
  readonly #given: RolesParts;
  readonly #tokens: TokenGrant;
  readonly #bindings: Resource[] = [];

  constructor(given: RolesParts) {
    this.#given = given;
    const { args, scope } = given;
    const isDeclared = scope.kind !== "cluster" && args.scopedNamespace === undefined;
    this.#tokens = args.rbac?.serviceAccountTokenCreate ?? (isDeclared ? "declared" : true);
    if (!this.#isWanted) return;
    if (mayElectLeader(args)) {
      this.#role("leader-election", given.parts.namespace, leaderElectionRules(leaseName(given.parts, args)));
    }
    for (const { suffix, namespace } of scope.listed) this.#role(suffix, namespace, this.#namespacedRules());
    this.#clusterRoles();
    this.#peoplesRoles();
  }

  /** Bindings so far. */
  get bindings(): readonly Resource[] {
    return this.#bindings;
  }

  /** The rights that a store needs which has `operator` set: in its namespace, and on the service accounts that it names. */
  addStore({ kind, name, namespace, spec }: StoreDeclaration): void {
    if (!this.#isWanted) return;
    const accounts = this.#tokens === "declared" ? declaredServiceAccounts(spec) : undefined;
    const tokens = accounts === undefined ? [] : tokenRules(accounts.apply((names) => [...names]));
    const rules = this.#given.scope.kind === "declared" ? [...this.#namespacedRules(), ...tokens] : tokens;
    if (kind === "ClusterSecretStore") {
      if (tokens.length > 0) this.#clusterRole(`cluster-store-${name}`, tokens);
    } else if (rules.length > 0) this.#role(`store-${name}`, namespace, rules);
  }

  get #isWanted(): boolean {
    return this.#given.args.rbac?.create !== false;
  }

  #namespacedRules(): PolicyRule[] {
    const { rbac, openshiftFinalizers = true, genericTargets } = this.#given.args;
    const deleteSecrets = rbac?.deleteSecrets ?? true;
    return namespacedRules({ tokens: this.#tokens, deleteSecrets, openshiftFinalizers, genericTargets });
  }

  #clusterRoles(): void {
    const { args, scope, parts } = this.#given;
    const rules = [
      ...(servesClusterStores(args, scope) ? clusterStoreRules() : []),
      ...(migratesStorage(args, scope) ? storageMigrationRules() : []),
    ];
    if (scope.kind === "cluster") this.#clusterRole("controller", [...this.#namespacedRules(), ...rules]);
    else if (rules.length > 0) this.#clusterRole("cluster", rules);
    if (args.metrics?.listen?.auth?.enabled === true) this.#clusterRole("metrics-auth", metricsAuthRules());
    if (args.systemAuthDelegator === true) this.#bindCluster(parts, "auth-delegator", "system:auth-delegator");
  }

  /** Roles that nobody is bound to here. */
  #peoplesRoles(): void {
    const { args, scope, parts } = this.#given;
    const byDefault = scope.kind === "cluster";
    const { aggregateToView, aggregateToEdit, aggregateToAdmin, servicebindings } = args.rbac ?? {};
    const [isView, isEdit, isAdmin] = [aggregateToView, aggregateToEdit, aggregateToAdmin].map((to) => to ?? byDefault);
    const aggregated = (roles: Readonly<Record<string, boolean | undefined>>) =>
      Object.fromEntries(
        Object.entries(roles).flatMap(([role, is]) => (is === true ? [[`${RBAC}/aggregate-to-${role}`, "true"]] : [])),
      );
    if (isView === true) {
      const labels = aggregated({ view: isView, edit: isEdit, admin: isAdmin });
      makeClusterRole(parts, "view", viewRules(), labels);
    }
    if (isEdit === true || isAdmin === true) {
      makeClusterRole(parts, "edit", editRules(), aggregated({ edit: isEdit, admin: isAdmin }));
    }
    if (servicebindings?.create === true) {
      const labels = { "servicebinding.io/controller": "true" };
      makeClusterRole(parts, "servicebindings", serviceBindingRules(), labels);
    }
  }

  #role(suffix: string, namespace: Input<string> | undefined, rules: PolicyRule[]): void {
    const { parts } = this.#given;
    const metadata = metadataOf(parts, kubernetesName(suffix), { namespace });
    const role = new Role(`${parts.name}-${suffix}`, { metadata, rules }, parts.child);
    const roleRef = { apiGroup: RBAC, kind: "Role", name: role.metadata.name };
    const binding = { metadata, roleRef, subjects: this.#subjects() };
    this.#bindings.push(new RoleBinding(`${parts.name}-${suffix}`, binding, parts.child));
  }

  #clusterRole(suffix: string, rules: PolicyRule[]): void {
    const { parts } = this.#given;
    this.#bindCluster(parts, suffix, makeClusterRole(parts, suffix, rules).metadata.name);
  }

  #bindCluster(parts: OperatorParts, suffix: string, role: Input<string>): void {
    const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name: role };
    const binding = { metadata: metadataOf(parts, kubernetesName(suffix)), roleRef, subjects: this.#subjects() };
    this.#bindings.push(new ClusterRoleBinding(`${parts.name}-${suffix}`, binding, parts.child));
  }

  #subjects() {
    const { parts, serviceAccountName } = this.#given;
    return [{ kind: "ServiceAccount", name: serviceAccountName, namespace: parts.namespace }];
  }
}

function makeClusterRole(parts: OperatorParts, suffix: string, rules: PolicyRule[], labels?: StringMap): ClusterRole {
  const metadata = metadataOf(parts, kubernetesName(suffix), { labels });
  return new ClusterRole(`${parts.name}-${suffix}`, { metadata, rules }, parts.child);
}

/** Names of roles may hold anything but these two. */
function kubernetesName(suffix: string): string {
  return suffix.replaceAll(/[/%]/g, "-");
}
