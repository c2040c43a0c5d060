/** Emulated GetParametersByPath and DescribeParameters: paths, filters, pages. */
import { AwsFault } from "../aws-message.ts";
import type { ParameterFilter, ParameterInput } from "./parameter-store.ts";
import { currentVersion, invalid, type ParameterTable, type StoredParameter } from "./parameter-table.ts";
import { parameterDescription, parameterEntry } from "./parameter-values.ts";

const MAX_VALUES = 10;
const MAX_DESCRIPTIONS = 50;

/** GetParametersByPath; default page 10. */
export function getParametersByPath(table: ParameterTable, input: ParameterInput): object {
  const path = input.Path ?? "";
  if (!path.startsWith("/")) {
    throw invalid("The parameter path must begin with a slash (/).");
  }
  const below = table.all().filter(({ name }) => isBelow(name, path, input.Recursive === true));
  const page = pageOf(below, input, MAX_VALUES);
  return {
    Parameters: page.items.map((parameter) =>
      parameterEntry(parameter, currentVersion(parameter), input.WithDecryption === true),
    ),
    NextToken: page.nextToken,
  };
}

/** DescribeParameters; default page 50. */
export function describeParameters(table: ParameterTable, input: ParameterInput): object {
  const filters = input.ParameterFilters ?? [];
  const found = table.all().filter((parameter) => filters.every((filter) => fits(parameter, filter)));
  const page = pageOf(found, input, MAX_DESCRIPTIONS);
  return {
    Parameters: page.items.map((parameter) => parameterDescription(parameter, currentVersion(parameter))),
    NextToken: page.nextToken,
  };
}

function isBelow(name: string, path: string, isRecursive: boolean): boolean {
  const folder = path.endsWith("/") ? path : `${path}/`;
  const absolute = name.startsWith("/") ? name : `/${name}`;
  if (!absolute.startsWith(folder)) return false;
  return isRecursive || !absolute.slice(folder.length).includes("/");
}

function fits(parameter: StoredParameter, { Key, Option, Values = [] }: ParameterFilter): boolean {
  if (Key.startsWith("tag:")) {
    const tag = parameter.tags.get(Key.slice("tag:".length));
    return tag !== undefined && (Values.length === 0 || Values.includes(tag));
  }
  switch (Key) {
    case "Name":
      return Values.some((value) => textFits(parameter.name, value, Option ?? "Equals"));
    case "Path":
      return Values.some((value) => isBelow(parameter.name, value, Option === "Recursive"));
    case "Type":
      return Values.includes(currentVersion(parameter).type);
    case "Tier":
      return Values.includes(parameter.tier);
    case "KeyId":
      return parameter.keyId !== undefined && Values.includes(parameter.keyId);
    default:
      throw new AwsFault("InvalidFilterKey", `The following filter key is not valid: ${Key}.`);
  }
}

function textFits(name: string, value: string, option: string): boolean {
  if (option === "BeginsWith") return name.startsWith(value);
  if (option === "Contains") return name.includes(value);
  if (option === "Equals") return name === value || name === `/${value}`;
  throw new AwsFault("InvalidFilterOption", `The following filter option is not valid: ${option}.`);
}

function pageOf(
  parameters: readonly StoredParameter[],
  input: ParameterInput,
  maximum: number,
): { readonly items: readonly StoredParameter[]; readonly nextToken: string | undefined } {
  const size = input.MaxResults ?? maximum;
  if (!(size >= 1 && size <= maximum)) {
    throw invalid(
      `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to ${maximum}`,
    );
  }
  const start = input.NextToken === undefined ? 0 : Number(Buffer.from(input.NextToken, "base64url").toString("utf8"));
  if (!Number.isInteger(start)) throw new AwsFault("InvalidNextToken", "The specified token is not valid.");
  const end = start + size;
  return {
    items: parameters.slice(start, end),
    nextToken: end < parameters.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}
