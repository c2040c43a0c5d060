/** The emulated parameters of one account and region: names, versions, labels, tags. */
import { AwsFault } from "../aws-message.ts";

/** One version of a parameter. */
export interface ParameterVersion {
  readonly version: number;
  readonly value: string;
  readonly type: ParameterType;
  readonly modifiedAtMs: number;
  readonly labels: Set<string>;
}

export type ParameterType = "String" | "StringList" | "SecureString";

/** One parameter; the last version is the current one. */
export interface StoredParameter {
  readonly name: string;
  readonly arn: string;
  readonly tags: Map<string, string>;
  readonly versions: ParameterVersion[];
  description?: string;
  keyId?: string;
  tier: string;
  policies?: string;
}

/** AWS keeps this many versions. */
const MAX_VERSIONS = 100;
const STANDARD_BYTES = 4096;
const ADVANCED_BYTES = 8192;
const SELECTOR = /^(.*?):([^:/]+)$/;

/** The parameters of one account and region. */
export class ParameterTable {
  readonly #parameters = new Map<string, StoredParameter>();
  readonly #arnPrefix: string;
  readonly #maxValueBytes: number | undefined;
  readonly now: () => number;

  /** `maxValueBytes` replaces AWS's limits of the tiers. */
  constructor(account: string, region: string, now: () => number, maxValueBytes?: number) {
    this.#arnPrefix = `arn:aws:ssm:${region}:${account}:parameter`;
    this.#maxValueBytes = maxValueBytes;
    this.now = now;
  }

  /** All, by name. */
  all(): readonly StoredParameter[] {
    return [...this.#parameters.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** By name or ARN, without a selector. */
  find(id: string): StoredParameter | undefined {
    return this.#parameters.get(id) ?? this.all().find(({ arn }) => arn === id);
  }

  /** @throws AwsFault ParameterNotFound. */
  require(id: string): StoredParameter {
    const parameter = this.find(id);
    if (parameter === undefined) throw notFound();
    return parameter;
  }

  /** The version that `name`, `name:3` or `name:label` asks for. @throws AwsFault ParameterNotFound, ParameterVersionNotFound. */
  select(id: string): { readonly parameter: StoredParameter; readonly version: ParameterVersion; selector?: string } {
    const whole = this.find(id);
    if (whole !== undefined) return { parameter: whole, version: currentVersion(whole) };
    const [, name = id, selector = ""] = SELECTOR.exec(id) ?? [];
    const parameter = this.require(name);
    const version = parameter.versions.find(
      (candidate) => String(candidate.version) === selector || candidate.labels.has(selector),
    );
    if (version === undefined) {
      throw new AwsFault(
        "ParameterVersionNotFound",
        `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
      );
    }
    return { parameter, version, selector: `:${selector}` };
  }

  /** Every spelling of a name (or path) that a policy may name. */
  spellings(id: string): readonly string[] {
    const [, name = id] = this.find(id) === undefined ? (SELECTOR.exec(id) ?? []) : [];
    return [name, this.arnOf(name)];
  }

  /** Adds a version; creates the parameter where it is not there. */
  addVersion(name: string, value: string, type: ParameterType, tier?: string): StoredParameter {
    this.#checkSize(value, tier ?? this.find(name)?.tier ?? "Standard");
    const parameter = this.find(name) ?? this.#create(name);
    if (tier !== undefined) parameter.tier = tier;
    const version = (parameter.versions.at(-1)?.version ?? 0) + 1;
    parameter.versions.push({ version, value, type, modifiedAtMs: this.now(), labels: new Set() });
    if (parameter.versions.length > MAX_VERSIONS) parameter.versions.shift();
    return parameter;
  }

  /** Whether it was there. */
  remove(name: string): boolean {
    const parameter = this.find(name);
    return parameter !== undefined && this.#parameters.delete(parameter.name);
  }

  arnOf(name: string): string {
    if (name.startsWith("arn:")) return name;
    return `${this.#arnPrefix}${name.startsWith("/") ? "" : "/"}${name}`;
  }

  #create(name: string): StoredParameter {
    if (name.includes("/") && !name.startsWith("/")) throw invalid("Parameter name must be a fully qualified name.");
    if (!/^[A-Za-z0-9_.\-/]{1,1011}$/.test(name) || /^\/?(?:aws|ssm)/i.test(name)) {
      throw invalid(
        'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive). It can only consist of letters, digits and the following symbols: .-_/',
      );
    }
    const parameter = { name, arn: this.arnOf(name), tags: new Map(), versions: [], tier: "Standard" };
    this.#parameters.set(name, parameter);
    return parameter;
  }

  #checkSize(value: string, tier: string): void {
    const limit = this.#maxValueBytes ?? (tier === "Standard" ? STANDARD_BYTES : ADVANCED_BYTES);
    if (value === "") throw invalid("1 validation error detected: Value at 'value' failed to satisfy constraint");
    if (Buffer.byteLength(value) > limit) {
      throw invalid(`${tier} tier parameters support a maximum parameter value of ${limit} characters.`);
    }
  }
}

/** The version that is read without a selector. */
export function currentVersion(parameter: StoredParameter): ParameterVersion {
  const version = parameter.versions.at(-1);
  if (version === undefined) throw notFound();
  return version;
}

/** A ValidationException. */
export function invalid(message: string): AwsFault {
  return new AwsFault("ValidationException", message);
}

function notFound(): AwsFault {
  return new AwsFault("ParameterNotFound", "");
}
