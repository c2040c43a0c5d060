/** Emulated ListSecrets and BatchGetSecretValue: filters, pages, errors by id. */
import { AwsFault } from "../aws-message.ts";
import { epochSeconds, parameter, type SecretTable, type StoredSecret } from "./secret-table.ts";
import { selectVersion, valueEntry } from "./secret-values.ts";

/** A filter as the protocol writes it; the values of one are ORed, several filters are ANDed. */
export interface FilterInput {
  readonly Key: string;
  readonly Values: readonly string[];
}

/** Input of both operations. */
export interface ListInput {
  readonly Filters?: readonly FilterInput[];
  readonly SecretIdList?: readonly string[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly IncludePlannedDeletion?: boolean;
}

const MAX_BATCH = 20;
const MAX_PAGE = 100;
const MAX_FILTERS = 10;

/** ListSecrets; default page 100. */
export function listSecrets(table: SecretTable, input: ListInput): object {
  const page = pageOf(select(table, input), input, MAX_PAGE);
  return { SecretList: page.items.map(listEntry), NextToken: page.nextToken };
}

/**
 * BatchGetSecretValue: by ids (up to 20) or by filters (pages of up to 20), AWSCURRENT only.
 * `mayRead` throws for what the caller must not read; that and a missing secret are errors of the one id.
 */
export function batchGetSecretValue(table: SecretTable, input: ListInput, mayRead: (id: string) => void): object {
  const ids = input.SecretIdList;
  if ((ids === undefined) === (input.Filters === undefined)) {
    throw parameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
  }
  if (ids !== undefined && (ids.length === 0 || ids.length > MAX_BATCH)) {
    throw new AwsFault(
      "ValidationException",
      `1 validation error detected: Value at 'secretIdList' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BATCH}`,
    );
  }
  if (ids !== undefined && input.MaxResults !== undefined)
    throw parameter("'MaxResults' can only be used with 'Filters'.");
  const page = ids === undefined ? pageOf(select(table, input), input, MAX_BATCH) : undefined;
  const SecretValues: object[] = [];
  const Errors: object[] = [];
  for (const id of ids ?? page?.items.map((secret) => secret.arn) ?? []) {
    try {
      mayRead(id);
      const secret = table.requireActive(id);
      SecretValues.push(valueEntry(secret, selectVersion(secret, undefined, undefined)));
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      Errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message });
    }
  }
  return { SecretValues, Errors, NextToken: page?.nextToken };
}

/** One secret as ListSecrets and DescribeSecret show it. */
export function listEntry(secret: StoredSecret): object {
  return { ...describeEntry(secret), SecretVersionsToStages: stagesByVersion(secret) };
}

/** What both views share. */
export function describeEntry(secret: StoredSecret): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    CreatedDate: epochSeconds(secret.createdAtMs),
    LastChangedDate: epochSeconds(secret.changedAtMs),
    DeletedDate: secret.deletedAtMs === undefined ? undefined : epochSeconds(secret.deletedAtMs),
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
  };
}

/** Undefined where there are no replicas, as AWS leaves it out. */
export function replicationStatus({ replicas }: StoredSecret): readonly object[] | undefined {
  if (replicas.size === 0) return undefined;
  return [...replicas].map(([Region, KmsKeyId]) => ({ Region, KmsKeyId, Status: "InSync" }));
}

/** Staging labels by version id; versions without one are not shown. */
export function stagesByVersion(secret: StoredSecret): Record<string, readonly string[]> {
  const labelled = [...secret.versions.values()].filter((version) => version.stages.size > 0);
  return Object.fromEntries(labelled.map((version) => [version.id, [...version.stages]]));
}

function select(table: SecretTable, input: ListInput): readonly StoredSecret[] {
  const filters = input.Filters ?? [];
  if (filters.length > MAX_FILTERS) throw parameter(`You can't provide more than ${MAX_FILTERS} filters.`);
  return table
    .all()
    .filter((secret) => secret.deletedAtMs === undefined || input.IncludePlannedDeletion === true)
    .filter((secret) => filters.every((filter) => fits(secret, filter)));
}

/** `!` before a value negates it; values that are not negated are ORed, negated ones all have to hold. */
function fits(secret: StoredSecret, filter: FilterInput): boolean {
  const negated = filter.Values.filter((value) => value.startsWith("!")).map((value) => value.slice(1));
  const wanted = filter.Values.filter((value) => !value.startsWith("!"));
  if (negated.some((value) => valueFits(secret, filter.Key, value))) return false;
  return wanted.length === 0 || wanted.some((value) => valueFits(secret, filter.Key, value));
}

function valueFits(secret: StoredSecret, key: string, value: string): boolean {
  switch (key) {
    case "name":
      return secret.name.startsWith(value);
    case "description":
      return (secret.description ?? "").toLowerCase().startsWith(value.toLowerCase());
    case "tag-key":
      return [...secret.tags.keys()].some((tag) => tag.startsWith(value));
    case "tag-value":
      return [...secret.tags.values()].some((tag) => tag.startsWith(value));
    case "all":
      return wordsOf(value).every((word) => allTextOf(secret).some((text) => text.includes(word)));
    case "primary-region":
    case "owning-service":
      return false;
    default:
      throw new AwsFault(
        "ValidationException",
        "1 validation error detected: Value at 'filters' failed to satisfy constraint: Member must satisfy enum value set: [all, description, name, owning-service, primary-region, tag-key, tag-value]",
      );
  }
}

function allTextOf(secret: StoredSecret): readonly string[] {
  const texts = [secret.name, secret.description ?? "", ...secret.tags.keys(), ...secret.tags.values()];
  return texts.map((text) => text.toLowerCase());
}

function wordsOf(value: string): readonly string[] {
  return value
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

function pageOf(
  secrets: readonly StoredSecret[],
  input: ListInput,
  maximum: number,
): { readonly items: readonly StoredSecret[]; readonly nextToken: string | undefined } {
  const size = input.MaxResults ?? maximum;
  if (!(size >= 1 && size <= maximum)) {
    throw parameter(`You must provide a value between 1 and ${maximum} for MaxResults.`);
  }
  const start = input.NextToken === undefined ? 0 : Number(Buffer.from(input.NextToken, "base64url").toString("utf8"));
  if (!Number.isInteger(start)) throw new AwsFault("InvalidNextTokenException", "The NextToken value is invalid.");
  const end = start + size;
  return {
    items: secrets.slice(start, end),
    nextToken: end < secrets.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}
