/** What the emulated vault holds: objects of one kind with all their versions, and those deleted but still kept. */
import { randomBytes } from "node:crypto";

export interface Attributes {
  enabled: boolean;
  /** Seconds since the epoch, as all times here. */
  readonly created: number;
  updated: number;
  exp?: number;
  nbf?: number;
}

/** One version of a secret, a certificate or a key. */
export interface ObjectVersion {
  readonly id: string;
  /** The fields of its kind: `value`, `cer`, `key` and others. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly attributes: Attributes;
  tags: Readonly<Record<string, string>> | undefined;
}

/** Attributes and tags as requests have them. */
export interface ObjectSettings {
  readonly attributes?: Partial<Pick<Attributes, "enabled" | "exp" | "nbf">>;
  readonly tags?: Readonly<Record<string, string>>;
}

export class VaultTable {
  readonly #now: () => number;
  readonly #live = new Map<string, ObjectVersion[]>();
  readonly #deleted = new Map<string, ObjectVersion[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  add(
    name: string,
    fields: ObjectVersion["fields"],
    { attributes, tags }: ObjectSettings,
    id = newVersion(),
  ): ObjectVersion {
    const now = Math.floor(this.#now() / 1_000);
    const version = { id, fields, tags, attributes: { enabled: true, created: now, updated: now, ...attributes } };
    this.#live.set(name, [...(this.#live.get(name) ?? []), version]);
    return version;
  }

  /** The version of that id, or the latest; undefined where there is none. */
  find(name: string, id?: string): ObjectVersion | undefined {
    const versions = this.#live.get(name);
    return id === undefined ? versions?.at(-1) : versions?.find((version) => version.id === id);
  }

  versions(name: string): readonly ObjectVersion[] {
    return this.#live.get(name) ?? [];
  }

  /** Names with their latest versions. */
  list(): readonly (readonly [string, ObjectVersion])[] {
    return [...this.#live].flatMap(([name, versions]) => {
      const latest = versions.at(-1);
      return latest === undefined ? [] : [[name, latest] as const];
    });
  }

  isDeleted(name: string): boolean {
    return this.#deleted.has(name);
  }

  findDeleted(name: string): ObjectVersion | undefined {
    return this.#deleted.get(name)?.at(-1);
  }

  delete(name: string): void {
    const versions = this.#live.get(name);
    if (versions === undefined) return;
    this.#live.delete(name);
    this.#deleted.set(name, versions);
  }

  recover(name: string): void {
    const versions = this.#deleted.get(name);
    if (versions === undefined) return;
    this.#deleted.delete(name);
    this.#live.set(name, versions);
  }

  purge(name: string): void {
    this.#deleted.delete(name);
  }
}

/** 32 hexadecimal digits, as Key Vault names its versions. */
export function newVersion(): string {
  return randomBytes(16).toString("hex");
}
