/** What a backend's test tells the contract suite. */
import type { Clock } from "../../api/clock.ts";
import type { SecretsClient } from "../../providers/contract.ts";

/** What the backend can do; the suite leaves out what it cannot. */
export interface ContractCapabilities {
  /** Values that it keeps byte for byte. `jsonObjects`: nothing but JSON objects, which it may write anew. */
  readonly values: "bytes" | "text" | "jsonObjects";
  readonly versions: boolean;
  /** Whether it notes on what it gives which version it is. Default: `versions`. */
  readonly notesVersions?: boolean;
  /** Tags, labels or custom metadata: found by, and read by `metadataPolicy: Fetch`. */
  readonly tags: boolean;
  /** The property that holds the tags where `metadataPolicy: Fetch` gives more than these. Default: it gives these alone. */
  readonly tagsProperty?: string;
  /** The key of a tag where tags are extracted. Default: the tag's name. */
  readonly extractedTag?: (key: string, tag: string) => string;
  readonly push: boolean;
  /** Whether a property may be of bytes that are no text. Default: it is refused. */
  readonly binaryProperties?: boolean;
  /** Whether a network lies in between, which can fail; `faults` are needed then. */
  readonly network: boolean;
  /** Any HTTP service: it cannot be searched, and validation proves a connection only. Default: false. */
  readonly generic?: boolean;
  /** How many secrets it lists in one page, where it pages at all: the suite looks beyond. Default: 20. */
  readonly pageSize?: number;
}

/** How a test opens a store. */
export interface OpenOptions {
  /** Default: a clock whose sleeps end at once. */
  readonly clock?: Clock;
  /** Default: 5000. */
  readonly requestTimeoutMs?: number;
  /** `none`: with credentials that the backend knows and that may do nothing. Default: `all`. */
  readonly access?: "all" | "none";
}

/** Switches of a backend behind a network. */
export interface ContractFaults {
  /** The next `count` requests are throttled, with Retry-After where seconds are given. */
  throttle(count: number, retryAfterSeconds?: number): void;
  /** The next `count` requests fail with a server error. */
  breakDown(count: number): void;
  /** The next `count` requests get 200 with a text that is not the backend's. */
  garble(count: number): void;
  /** The next `count` requests get a 404 that is not the backend's, as of a proxy. */
  misroute(count: number): void;
  /** Takes requests and never answers. */
  hang(): void;
  disconnect(): Promise<void>;
  /** Ends all of these. */
  heal(): Promise<void>;
}

/** A running backend with one store. */
export interface ContractWorld {
  /** A client of the store as it is now; the suite closes it. */
  open(options?: OpenOptions): Promise<SecretsClient>;
  /** Creates or overwrites a secret as another than us would, without our mark. */
  put(key: string, value: Uint8Array, tags?: Readonly<Record<string, string>>): Promise<void>;
  /** The version of the current value, as `remoteRef.version` takes it; with `versions` only. */
  versionOf?(key: string): Promise<string>;
  delete(key: string): Promise<void>;
  /** Unset where there is no network in between. */
  readonly faults?: ContractFaults;
  /** Secrets of the store's own credentials: they may appear in no error. */
  readonly credentials: readonly string[];
  stop(): Promise<void>;
}

export interface ContractDefinition {
  readonly name: string;
  readonly capabilities: ContractCapabilities;
  start(): Promise<ContractWorld>;
}

/** One suite's running world, as the groups of tests see it. */
export interface ContractBench {
  readonly capabilities: ContractCapabilities;
  readonly world: () => ContractWorld;
  /** A key that no other test has used. */
  key(): string;
  /** Opens a client that is closed after the test. */
  open(options?: OpenOptions): Promise<SecretsClient>;
}
