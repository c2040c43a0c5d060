/** An operator under Pulumi's mocks, and the parts of it that tests look at. */
import { ExternalSecretsOperator } from "../../components/external-secrets-operator.ts";
import type { ExternalSecretsOperatorArgs } from "../../components/operator-args.ts";
import { type RecordedResources, recordResources, settled } from "./recorded-resources.ts";

/** A rule of a role, as it was registered. */
export interface RegisteredRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface OperatorFixture {
  readonly resources: RecordedResources;
  /** Constructs the operator "eso", without CRDs unless `crds` is given, and nothing more. */
  declare(args?: Partial<ExternalSecretsOperatorArgs>): ExternalSecretsOperator;
  /** Constructs the operator "eso", and waits until all is registered. */
  install(args?: Partial<ExternalSecretsOperatorArgs>): Promise<ExternalSecretsOperator>;
  /** Spec of the Pods. */
  podSpec(): Readonly<Record<string, unknown>> & { readonly containers: readonly RegisteredContainer[] };
  container(): RegisteredContainer;
  rules(kind: "Role" | "ClusterRole", name: string): readonly RegisteredRule[];
  /** Names of the resources of a kind, sorted. */
  namesOf(type: string): readonly string[];
}

/** The container as it was registered. */
export interface RegisteredContainer extends Readonly<Record<string, unknown>> {
  readonly args: readonly string[];
  readonly image: string;
}

export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const RBAC = "kubernetes:rbac.authorization.k8s.io/v1:";

/** To be awaited before a test. */
export async function operatorFixture(): Promise<OperatorFixture> {
  const resources = await recordResources();
  const declare = (args: Partial<ExternalSecretsOperatorArgs> = {}) =>
    new ExternalSecretsOperator("eso", { image: "example.test/image:1", crds: { create: false }, ...args });
  const podSpec = () => resources.find(DEPLOYMENT, "eso").inputs.spec.template.spec;
  return {
    resources,
    declare,
    async install(args) {
      const operator = declare(args);
      await settled(operator.deploymentName);
      return operator;
    },
    podSpec,
    container: () => podSpec().containers[0],
    rules: (kind, name) => resources.find(`${RBAC}${kind}`, name).inputs.rules,
    namesOf: (type) =>
      resources
        .ofType(type.includes(":") ? type : `${RBAC}${type}`)
        .map(({ name }) => name)
        .toSorted(),
  };
}
