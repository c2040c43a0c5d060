/** Which namespaces the operator serves: all, a list, or those of the stores that the program declares. */
import { all, type Input, Output, output } from "@pulumi/pulumi";
import type { DeclaredScopeArgs, OperatorAccessArgs } from "./operator-access-args.ts";

/** A store that has `operator` set. */
export interface StoreDeclaration {
  readonly kind: "SecretStore" | "ClusterSecretStore";
  /** Pulumi's name of the store. */
  readonly name: string;
  /** Unset for a ClusterSecretStore, and for a store in the provider's default namespace. */
  readonly namespace: Input<string> | undefined;
  /** As it is written: with inputs at every depth. */
  readonly spec: unknown;
}

/** A namespace of the list, and what the names of its resources end with. */
export interface ScopedNamespace {
  readonly suffix: string;
  readonly namespace: Input<string>;
}

/** `namespaces` and `declared` have a Role in each namespace. */
type ScopeKind = "cluster" | "namespaces" | "declared";

/**
 * The operator's scope. `declare` adds a store; with the scope `declared`, its namespace. Declaring ends at the first turn of the event
 * loop after the construction, or by `close` where the arguments say so; until then no Deployment is registered.
 */
export class OperatorScope {
  readonly kind: ScopeKind;
  /** Namespaces that the arguments name. */
  readonly listed: readonly ScopedNamespace[];
  /** All namespaces, distinct and sorted, known when declaring has ended; undefined: the whole cluster. */
  readonly namespaces: Output<readonly string[]> | undefined;
  /** Resolves when declaring has ended. */
  readonly closed: Promise<void>;
  readonly #operator: string;
  readonly #isExplicit: boolean;
  readonly #declared: Input<string>[] = [];
  #end: () => void = () => undefined;
  #isClosed = false;

  /**
   * @param operator Pulumi's name of the operator, for messages.
   * @throws Error where both `scope` and `scopedNamespace` are set, or a list is empty.
   */
  constructor(operator: string, args: Pick<OperatorAccessArgs, "scope" | "scopedNamespace">) {
    this.#operator = operator;
    const { kind, listed, declared } = scopeOf(operator, args);
    this.kind = kind;
    this.listed = listed;
    this.#isExplicit = declared?.close === "explicit";
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.namespaces = kind === "cluster" ? undefined : output(this.closed.then(() => this.#allNamespaces()));
    if (kind !== "declared") this.close();
    else if (!this.#isExplicit) setImmediate(() => this.close());
  }

  /**
   * Adds a store. Only the scope `declared` takes note of its namespace.
   * @throws Error that names the store and the remedy: its namespace is not named, or declaring has ended.
   */
  declare({ kind, name, namespace }: StoreDeclaration): void {
    if (this.kind !== "declared" || kind === "ClusterSecretStore") return;
    if (namespace === undefined) {
      throw new Error(
        `${kind} "${name}": metadata.namespace is not set, and the operator "${this.#operator}" serves the namespaces of declared stores; set it`,
      );
    }
    if (this.#isClosed) throw new Error(this.#tooLate(kind, name));
    this.#declared.push(namespace);
  }

  /** Ends declaring. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#end();
  }

  #allNamespaces(): Output<readonly string[]> {
    const namespaces = [...this.listed.map(({ namespace }) => namespace), ...this.#declared];
    if (namespaces.length === 0) {
      throw new Error(
        `ExternalSecretsOperator "${this.#operator}": its scope is the namespaces of declared stores, and no store is declared; set operator on a SecretStore, or name a namespace in scope.additional`,
      );
    }
    return all(namespaces).apply((names) => {
      if (names.includes("")) {
        throw new Error(
          `ExternalSecretsOperator "${this.#operator}": one of its namespaces is empty; set metadata.namespace of each store that names it`,
        );
      }
      return [...new Set(names)].toSorted();
    });
  }

  #tooLate(kind: string, name: string): string {
    const late = `${kind} "${name}" came after the namespaces of the operator "${this.#operator}" were complete`;
    return this.#isExplicit
      ? `${late}: call closeScope() of the operator after the last store.`
      : `${late}, because the program waited for something after it made the operator. Declare the store before that, name its namespace in scope.additional, or set scope: { declared: true, close: "explicit" } and call closeScope() of the operator after the last store.`;
  }
}

function scopeOf(
  operator: string,
  { scope = "cluster", scopedNamespace }: Pick<OperatorAccessArgs, "scope" | "scopedNamespace">,
): { readonly kind: ScopeKind; readonly listed: readonly ScopedNamespace[]; readonly declared?: DeclaredScopeArgs } {
  if (scopedNamespace !== undefined) {
    if (scope !== "cluster") {
      throw new Error(`ExternalSecretsOperator "${operator}": set either scope or scopedNamespace`);
    }
    return { kind: "namespaces", listed: [{ suffix: "controller", namespace: scopedNamespace }] };
  }
  if (scope === "cluster") return { kind: "cluster", listed: [] };
  if (scope === "declared") return { kind: "declared", listed: [], declared: { declared: true } };
  if (Output.isInstance(scope) || scope instanceof Promise) {
    throw new Error(
      `ExternalSecretsOperator "${operator}": scope is known only later, and how many Roles there are must be known now; write a list, in which the names may be Outputs`,
    );
  }
  if (isList(scope)) {
    if (scope.length === 0) throw new Error(`ExternalSecretsOperator "${operator}": scope names no namespace`);
    return { kind: "namespaces", listed: listedNamespaces(scope) };
  }
  return { kind: "declared", listed: listedNamespaces(scope.additional ?? []), declared: scope };
}

function isList(scope: DeclaredScopeArgs | readonly Input<string>[]): scope is readonly Input<string>[] {
  return Array.isArray(scope);
}

/** A resource's name cannot be made of an Output: it gets its place in the list. */
function listedNamespaces(namespaces: readonly Input<string>[]): readonly ScopedNamespace[] {
  const seen = new Set<string>();
  return namespaces.flatMap((namespace, index) => {
    const key = typeof namespace === "string" ? namespace : String(index);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ suffix: `controller-${key}`, namespace }];
  });
}
