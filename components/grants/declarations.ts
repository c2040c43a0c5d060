/** Collects what the ExternalSecrets of a program read through one store, so that its grants name exactly that. */
import { all, type Output, output } from "@pulumi/pulumi";
import { isKnown } from "./known-output.ts";
import type { RemoteRead } from "./remote-read.ts";

/** What one ExternalSecret reads through a store, or a part of it: each becomes known on its own. */
export interface ReadDeclaration {
  /** The Pulumi name of the ExternalSecret. */
  readonly externalSecret: string;
  /** `metadata.namespace` of the ExternalSecret, where it names one. */
  readonly namespace: Output<string> | undefined;
  /** May not depend on the store's own outputs: the store waits for it. */
  readonly reads: Output<readonly RemoteRead[]>;
  /** What `reads` will be, as far as that can be seen before they are known. Default: not known, either. */
  readonly kind?: RemoteRead["kind"];
}

/** What is known of the reads. */
export interface KnownReads {
  /** In the order of declaration, not distinct. */
  readonly reads: readonly DeclaredRead[];
  /** Of declarations that are unknown yet, each once; empty but at preview. `any`: it cannot be seen. */
  readonly pending: readonly (RemoteRead["kind"] | "any")[];
}

/** A read and who makes it. */
export interface DeclaredRead {
  readonly read: RemoteRead;
  /** The Pulumi name of the ExternalSecret. */
  readonly externalSecret: string;
}

/** When a store stops collecting. */
export type GrantsClose = "automatic" | "explicit";

/** The part of `GrantDeclarations` that an ExternalSecret uses, also of another copy of this package. */
export interface DeclarationRegistry {
  register(declaration: ReadDeclaration): void;
}

/**
 * The declarations of one store. A store helper makes one in its constructor, before its other resources, and hands it
 * to `taggedRef` for the store's `ref`. ExternalSecrets register by themselves. `grantPlan` makes of it what to grant.
 *
 * With `close: "automatic"` (the default) collecting ends at the first turn of the event loop after the construction
 * (`setImmediate`): all that a program declares without an `await` in between is collected. With `"explicit"` it ends
 * when the program calls `close()`; until then nothing that depends on `reads` is registered. A program that ends
 * without it fails with the remedy.
 */
export class GrantDeclarations implements DeclarationRegistry {
  /**
   * All reads, in the order of declaration, not distinct; known once collecting has ended. Unknown at preview while
   * any name that is read is unknown; secret where any is.
   */
  readonly reads: Output<readonly DeclaredRead[]>;
  /** Those of the reads whose names are known. Itself never unknown, so that resources may be made of it at preview. */
  readonly known: Output<KnownReads>;
  readonly #store: string;
  readonly #close: GrantsClose;
  readonly #declared: ReadDeclaration[] = [];
  #endCollecting: (declared: readonly ReadDeclaration[]) => void = () => undefined;
  #giveUp: () => void = () => undefined;
  #isClosed = false;

  /** @param store kind and Pulumi name of the store helper, for messages: `AwsSecretStore "prod"`. */
  constructor(store: string, close: GrantsClose = "automatic") {
    this.#store = store;
    this.#close = close;
    const collected = new Promise<readonly ReadDeclaration[]>((resolve, reject) => {
      this.#endCollecting = resolve;
      this.#giveUp = () => reject(new Error(this.#neverClosed()));
    });
    this.reads = output(collected.then(resolvedReads)) as Output<readonly DeclaredRead[]>;
    this.known = output(collected.then(knownReads)) as Output<KnownReads>;
    if (close === "automatic") setImmediate(() => this.close());
    // The program has nothing left to do, and waits for this.
    else process.once("beforeExit", this.#giveUp);
  }

  /**
   * Adds what an ExternalSecret reads.
   * @throws Error that names the ExternalSecret, the store and the remedy, once collecting has ended.
   */
  register(declaration: ReadDeclaration): void {
    if (this.#isClosed) throw new Error(this.#tooLate(declaration.externalSecret));
    this.#declared.push(declaration);
  }

  /** Ends collecting. Idempotent. */
  close(): void {
    this.#isClosed = true;
    process.off("beforeExit", this.#giveUp);
    this.#endCollecting([...this.#declared]);
  }

  #neverClosed(): string {
    return `${this.#store} has grants: { close: "explicit" }, and its closeGrants() was never called: call it after the last ExternalSecret that reads through it.`;
  }

  #tooLate(externalSecret: string): string {
    const late = `ExternalSecret "${externalSecret}" reads through ${this.#store} after its grants were closed`;
    return this.#close === "explicit"
      ? `${late}: call closeGrants() of the store after the last ExternalSecret that uses it.`
      : `${late}, because the program waited for something after it made the store. Declare the ExternalSecret before that, or set grants: { close: "explicit" } on the store and call its closeGrants() after the last ExternalSecret.`;
  }
}

/** Without the namespaces: they are no part of any grant, and nothing should wait for them. */
function resolvedReads(declared: readonly ReadDeclaration[]): Output<readonly DeclaredRead[]> {
  return all(declared.map(({ reads }) => reads)).apply((readsOfEach) =>
    readsOfEach.flatMap((reads, index) => {
      const externalSecret = declared[index]?.externalSecret ?? "";
      return (reads as readonly RemoteRead[]).map((read) => ({ read, externalSecret }));
    }),
  );
}

/** @throws (as a rejection) whatever made a declaration fail. */
async function knownReads(declared: readonly ReadDeclaration[]): Promise<Output<KnownReads>> {
  const isKnownOfEach = await Promise.all(declared.map(({ reads }) => isKnown(reads)));
  const pending = declared.filter((_, index) => isKnownOfEach[index] !== true).map(({ kind }) => kind ?? "any");
  return resolvedReads(declared.filter((_, index) => isKnownOfEach[index] === true)).apply((reads) => ({
    reads: reads as readonly DeclaredRead[],
    pending: [...new Set(pending)],
  })) as Output<KnownReads>;
}
