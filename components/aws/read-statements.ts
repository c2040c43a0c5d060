/** What an identity must be allowed in order to read from AWS, and nothing beside it. Pure. */
import { type LiteralPattern, literalPatterns } from "../grants/literal-patterns.ts";
import { describeRead, type FindRead, type KeyRead, type RemoteRead } from "../grants/remote-read.ts";
import { literal, type PolicyStatement, sortedUnique, tagCondition } from "./policy-statement.ts";

/** Services that hold secrets. */
export type AwsSecretService = "SecretsManager" | "ParameterStore";

/** Where the secrets lie. */
export interface AwsPlace {
  readonly service: AwsSecretService;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** The store's `prefix`, put before every key; empty for none. */
  readonly prefix: string;
  /** Keys that the secrets are encrypted with, where it is not AWS's own. */
  readonly kmsKeyArns: readonly string[];
}

interface Wording {
  /** The actions that read the value of a resource. */
  readonly value: readonly string[];
  readonly metadata: readonly string[];
  /** The actions that a search needs, which IAM grants for all resources or none; they show names and tags, no values. */
  readonly search: readonly string[];
  readonly resource: (place: AwsPlace, pattern: LiteralPattern) => string;
  readonly viaService: string;
}

const WORDINGS: Readonly<Record<AwsSecretService, Wording>> = {
  SecretsManager: {
    // DescribeSecret tells whether a secret is scheduled for deletion, and with that absent.
    value: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
    metadata: ["secretsmanager:DescribeSecret"],
    search: ["secretsmanager:BatchGetSecretValue", "secretsmanager:ListSecrets"],
    resource: secretArn,
    viaService: "secretsmanager",
  },
  ParameterStore: {
    value: ["ssm:GetParameter", "ssm:GetParameters"],
    metadata: ["ssm:ListTagsForResource"],
    search: ["ssm:DescribeParameters"],
    resource: parameterArn,
    viaService: "ssm",
  },
};

/** Gives nothing for no reads. The order depends on the reads alone. */
export function readStatements(place: AwsPlace, reads: readonly RemoteRead[]): readonly PolicyStatement[] {
  const wording = WORDINGS[place.service];
  const keys = reads.filter((read) => read.kind === "key");
  const finds = reads.filter((read) => read.kind === "find");
  const values = keys.filter(({ metadata }) => metadata !== true);
  const statements = [
    ...keyStatement("ReadValues", wording.value, values, place, wording),
    ...keyStatement(
      "ReadTags",
      wording.metadata,
      keys.filter(({ metadata }) => metadata === true),
      place,
      wording,
    ),
    ...finds.flatMap((find, index) => findStatements(find, index, place, wording)),
    ...searchStatement(values, finds, place, wording),
  ];
  return [...statements, ...(statements.length === 0 ? [] : decryptStatement(place, wording))];
}

/** A sentence for each search that IAM can say no narrower than all secrets of the account and region. */
export function broadFinds(service: AwsSecretService, prefix: string, reads: readonly RemoteRead[]): readonly string[] {
  const anywhere = { service, prefix, region: "", accountId: "", kmsKeyArns: [] };
  return reads
    .filter((read) => read.kind === "find")
    .filter((find) => Object.keys(find.tags ?? {}).length === 0)
    .filter(
      (find) =>
        ["", "/"].includes(parameterFolder(find, anywhere) ?? "-") ||
        namesFound(find, anywhere).some(({ text }) => text === ""),
    )
    .map(
      (find) =>
        `"${describeRead(find)}" grants every secret: begin the expression with ^ and letters, or give a path or tags`,
    );
}

/** One form of a key that may be a name or an ARN: the name, without the suffix that Secrets Manager adds. */
export function canonicalAwsKey(service: AwsSecretService): (key: string) => string {
  return (key) => {
    if (service === "ParameterStore") return key.replace(/^arn:[^:]*:ssm:[^:]*:[^:]*:parameter/, "").replace(/^\//, "");
    return key.replace(/^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.*?)(-[A-Za-z0-9]{6})?$/, "$1");
  };
}

function keyStatement(
  Sid: string,
  Action: readonly string[],
  reads: readonly KeyRead[],
  place: AwsPlace,
  { resource }: Wording,
): readonly PolicyStatement[] {
  if (reads.length === 0) return [];
  const names = reads.map(({ key }) => resource(place, { text: place.prefix + key, isExact: true }));
  return [{ Sid, Effect: "Allow", Action, Resource: sortedUnique(names) }];
}

function findStatements(find: FindRead, index: number, place: AwsPlace, wording: Wording): readonly PolicyStatement[] {
  const Sid = `Find${index}`;
  const folder = parameterFolder(find, place);
  if (folder !== undefined) {
    const Resource = [parameterArn(place, { text: folder, isExact: true })];
    return [{ Sid, Effect: "Allow", Action: ["ssm:GetParametersByPath"], Resource }];
  }
  const Resource = sortedUnique(namesFound(find, place).map((pattern) => wording.resource(place, pattern)));
  if (Resource.length === 0) return [];
  return [{ Sid, Effect: "Allow", Action: wording.value, Resource, ...tagCondition(find.tags) }];
}

/** A search that wants all of a folder of the hierarchy is one call, which is granted for that folder. */
function parameterFolder(find: FindRead, { service }: AwsPlace): string | undefined {
  const { name, path, tags } = find;
  if (service !== "ParameterStore" || path?.startsWith("/") !== true || Object.keys(tags ?? {}).length > 0) {
    return undefined;
  }
  const folder = path.replace(/\/+$/, "");
  const narrower = literalPatterns(name ?? "").some(({ text }) => text.length > folder.length + 1);
  return narrower ? undefined : folder || "/";
}

/** Names that the path and the expression both admit. */
function namesFound({ name, path }: FindRead, { service, prefix }: AwsPlace): readonly LiteralPattern[] {
  const isFolder = service === "ParameterStore" && path?.startsWith("/") === true;
  const beginning = isFolder ? `${path?.replace(/\/+$/, "") ?? ""}/` : path || prefix;
  return literalPatterns(name ?? "").flatMap((pattern) => {
    if (pattern.text.startsWith(beginning)) return [pattern];
    return !pattern.isExact && beginning.startsWith(pattern.text) ? [{ text: beginning, isExact: false }] : [];
  });
}

/** A batch gives of each secret only what `GetSecretValue` allows; a parameter's folder needs no search. */
function searchStatement(
  values: readonly KeyRead[],
  finds: readonly FindRead[],
  place: AwsPlace,
  { search }: Wording,
): readonly PolicyStatement[] {
  const searches = finds.some((find) => parameterFolder(find, place) === undefined);
  const batches = place.service === "SecretsManager" && values.length > 1;
  if (!searches && !batches) return [];
  const Action = searches ? search : ["secretsmanager:BatchGetSecretValue"];
  return [{ Sid: "Search", Effect: "Allow", Action, Resource: ["*"] }];
}

function decryptStatement(place: AwsPlace, { viaService }: Wording): readonly PolicyStatement[] {
  if (place.kmsKeyArns.length === 0) return [];
  const service = `${viaService}.${place.region}.${place.region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}`;
  return [
    {
      ...{ Sid: "Decrypt", Effect: "Allow", Action: ["kms:Decrypt"] },
      Resource: sortedUnique(place.kmsKeyArns),
      Condition: { StringEquals: { "kms:ViaService": service } },
    },
  ];
}

/**
 * Secrets Manager puts a hyphen and six characters after the name. A key that is an ARN is taken as complete where it ends
 * like that, and else as one without them.
 */
function secretArn(place: AwsPlace, { text, isExact }: LiteralPattern): string {
  if (isExact && /^arn:[^:]*:secretsmanager:/.test(text)) {
    return /-[A-Za-z0-9]{6}$/.test(text) ? literal(text) : `${literal(text)}-??????`;
  }
  return `${arnStart(place, "secretsmanager")}:secret:${literal(text)}${isExact ? "-??????" : "*"}`;
}

/** The name of a parameter follows a slash, which may be its own first one. */
function parameterArn(place: AwsPlace, { text, isExact }: LiteralPattern): string {
  if (isExact && /^arn:[^:]*:ssm:/.test(text)) return literal(text);
  return `${arnStart(place, "ssm")}:parameter/${literal(text.replace(/^\//, ""))}${isExact ? "" : "*"}`;
}

function arnStart({ region, accountId }: AwsPlace, service: string): string {
  return `arn:${awsPartition(region)}:${service}:${region}:${accountId}`;
}

/** The partition that a region belongs to: `aws`, `aws-cn`, `aws-us-gov`, … */
export function awsPartition(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  if (region.startsWith("us-isob-")) return "aws-iso-b";
  return region.startsWith("us-iso-") ? "aws-iso" : "aws";
}
