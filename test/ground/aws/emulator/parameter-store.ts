/** The emulated Parameter Store: which operation a request asks for, whether the caller may, and its answer. */
import { AwsFault, type AwsRequest, type AwsResponse, jsonResponse } from "../aws-message.ts";
import { authorize, type Caller } from "./identities.ts";
import { describeParameters, getParametersByPath } from "./parameter-listing.ts";
import { currentVersion, invalid, type ParameterTable, type ParameterType } from "./parameter-table.ts";
import { parameterEntry } from "./parameter-values.ts";
import type { TagInput } from "./secret-values.ts";

/** Input of all operations. */
export interface ParameterInput {
  readonly Name?: string;
  readonly Names?: readonly string[];
  readonly Value?: string;
  readonly Type?: ParameterType;
  readonly Description?: string;
  readonly KeyId?: string;
  readonly Overwrite?: boolean;
  readonly Tier?: string;
  readonly Policies?: string;
  readonly Tags?: readonly TagInput[];
  readonly TagKeys?: readonly string[];
  readonly WithDecryption?: boolean;
  readonly ResourceType?: string;
  readonly ResourceId?: string;
  readonly ParameterVersion?: number;
  readonly Labels?: readonly string[];
  readonly Path?: string;
  readonly Recursive?: boolean;
  readonly ParameterFilters?: readonly ParameterFilter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** A filter as the protocol writes it; the values of one are ORed, several filters are ANDed. */
export interface ParameterFilter {
  readonly Key: string;
  readonly Option?: string;
  readonly Values?: readonly string[];
}

type Operation = (table: ParameterTable, input: ParameterInput) => object;

const MAX_BATCH = 10;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  PutParameter: putParameter,
  GetParameter: (table, input) => {
    const { parameter, version, selector } = table.select(input.Name ?? "");
    return { Parameter: parameterEntry(parameter, version, input.WithDecryption === true, selector) };
  },
  GetParameters: getParameters,
  GetParametersByPath: getParametersByPath,
  DescribeParameters: describeParameters,
  DeleteParameter: (table, input) => {
    table.require(input.Name ?? "");
    table.remove(input.Name ?? "");
    return {};
  },
  DeleteParameters: (table, { Names = [] }) => {
    checkBatch(Names);
    const gone = Names.filter((name) => table.remove(name));
    return { DeletedParameters: gone, InvalidParameters: Names.filter((name) => !gone.includes(name)) };
  },
  LabelParameterVersion: labelParameterVersion,
  AddTagsToResource: (table, input) => {
    const { tags } = taggedResource(table, input);
    for (const { Key, Value } of input.Tags ?? []) tags.set(Key, Value);
    return {};
  },
  RemoveTagsFromResource: (table, input) => {
    const { tags } = taggedResource(table, input);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
  ListTagsForResource: (table, input) => ({
    TagList: [...taggedResource(table, input).tags].map(([Key, Value]) => ({ Key, Value })),
  }),
};

/** Answers one request of a caller; throws an `AwsFault` otherwise. */
export function handleParameterStore(request: AwsRequest, caller: Caller, table: ParameterTable): AwsResponse {
  const operation = OPERATIONS[request.action];
  if (operation === undefined) throw new AwsFault("UnknownOperationException", "The operation is not known.");
  const input = parseInput(request.body);
  const single = input.Name ?? input.ResourceId ?? input.Path;
  const asked = single === undefined ? (input.Names ?? ["*"]) : [single];
  for (const name of asked) {
    authorize(caller, `ssm:${request.action}`, name, name === "*" ? [] : table.spellings(name));
  }
  return jsonResponse(operation(table, input));
}

function parseInput(body: Buffer): ParameterInput {
  try {
    return JSON.parse(body.toString("utf8")) as ParameterInput;
  } catch {
    throw new AwsFault("SerializationException", "The request is not valid JSON.");
  }
}

function putParameter(table: ParameterTable, input: ParameterInput): object {
  const name = input.Name ?? "";
  const existing = table.find(name);
  if (input.Overwrite === true && input.Tags !== undefined) {
    throw invalid(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
  if (existing !== undefined && input.Overwrite !== true) {
    throw new AwsFault(
      "ParameterAlreadyExists",
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    );
  }
  const type = input.Type ?? (existing && currentVersion(existing).type);
  if (type === undefined) throw invalid("A parameter type is required when you create a parameter.");
  if (existing?.tier === "Advanced" && input.Tier === "Standard") {
    throw invalid("This parameter uses the advanced-parameter tier. You can't downgrade it to the standard tier.");
  }
  const parameter = table.addVersion(name, input.Value ?? "", type, input.Tier);
  if (input.Description !== undefined) parameter.description = input.Description;
  if (type === "SecureString") parameter.keyId = input.KeyId ?? parameter.keyId ?? "alias/aws/ssm";
  if (input.Policies !== undefined) parameter.policies = input.Policies;
  for (const { Key, Value } of input.Tags ?? []) parameter.tags.set(Key, Value);
  return { Version: currentVersion(parameter).version, Tier: parameter.tier };
}

function getParameters(table: ParameterTable, { Names = [], WithDecryption = false }: ParameterInput): object {
  checkBatch(Names);
  const Parameters: object[] = [];
  const InvalidParameters: string[] = [];
  for (const name of Names) {
    try {
      const { parameter, version, selector } = table.select(name);
      Parameters.push(parameterEntry(parameter, version, WithDecryption, selector));
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      InvalidParameters.push(name);
    }
  }
  return { Parameters, InvalidParameters };
}

function labelParameterVersion(table: ParameterTable, input: ParameterInput): object {
  const { version } = table.select(
    input.ParameterVersion === undefined ? (input.Name ?? "") : `${input.Name}:${input.ParameterVersion}`,
  );
  const isValid = (label: string) => /^[A-Za-z_.-][\w.-]*$/.test(label) && !/^(?:aws|ssm)/i.test(label);
  const labels = (input.Labels ?? []).filter(isValid);
  for (const label of labels) {
    for (const other of table.require(input.Name ?? "").versions) other.labels.delete(label);
    version.labels.add(label);
  }
  return {
    InvalidLabels: (input.Labels ?? []).filter((label) => !isValid(label)),
    ParameterVersion: version.version,
  };
}

function taggedResource(table: ParameterTable, input: ParameterInput) {
  if (input.ResourceType !== "Parameter") throw new AwsFault("InvalidResourceType", "The resource type is not valid.");
  const parameter = table.find(input.ResourceId ?? "");
  if (parameter === undefined) throw new AwsFault("InvalidResourceId", "The resource ID is not valid.");
  return parameter;
}

function checkBatch(names: readonly string[]): void {
  if (names.length === 0 || names.length > MAX_BATCH) {
    throw invalid(
      `1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BATCH}`,
    );
  }
}
