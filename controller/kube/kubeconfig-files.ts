/** Reads kubeconfig files and merges them as kubectl does: the first file that names a thing wins. */
import { dirname, isAbsolute, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { codeOf, KubeConfigError, type ReadFile } from "./credentials.ts";

/** A mapping of a kubeconfig, with the place that messages name. */
export interface ConfigEntry {
  /** `cluster "x" in /path`. */
  readonly place: string;
  /** Paths in the entry are relative to this folder. */
  readonly folder: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface MergedKubeconfig {
  /** The files that were read, for messages. */
  readonly files: string;
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, ConfigEntry>;
  readonly users: ReadonlyMap<string, ConfigEntry>;
  readonly contexts: ReadonlyMap<string, ConfigEntry>;
}

const SECTIONS = [
  ["clusters", "cluster"],
  ["users", "user"],
  ["contexts", "context"],
] as const;

/**
 * Reads and merges. Files that do not exist are passed over unless `required`, but one must exist.
 * @throws KubeConfigError where a file cannot be read, is no YAML mapping, or holds an entry without a name.
 */
export async function readKubeconfigs(
  paths: readonly string[],
  options: { readonly readFile: ReadFile; readonly required: boolean },
): Promise<MergedKubeconfig> {
  const sections = { clusters: new Map(), users: new Map(), contexts: new Map() } satisfies Record<
    string,
    Map<string, ConfigEntry>
  >;
  const read: string[] = [];
  let currentContext: string | undefined;
  for (const path of paths) {
    const root = await readMapping(path, options);
    if (root === undefined) continue;
    read.push(path);
    const current = root["current-context"];
    if (typeof current === "string" && current !== "") currentContext ??= current;
    for (const [section, field] of SECTIONS) addEntries(sections[section], root[section], { path, section, field });
  }
  if (read.length === 0) {
    throw new KubeConfigError(`no kubeconfig at ${paths.join(", ")}; set KUBECONFIG or give --kubeconfig`);
  }
  return { files: read.join(", "), currentContext, ...sections };
}

async function readMapping(path: string, options: { readonly readFile: ReadFile; readonly required: boolean }) {
  let bytes: Uint8Array;
  try {
    bytes = await options.readFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" && !options.required) return undefined;
    throw new KubeConfigError(`cannot read the kubeconfig ${path}: ${codeOf(error)}`, { cause: error });
  }
  const lines = new LineCounter();
  const document = parseDocument(Buffer.from(bytes).toString("utf8"), { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    // The parser's message may quote the text, which holds credentials: only place and code are told.
    const { line, col } = lines.linePos(error.pos[0]);
    throw new KubeConfigError(`${path} is no valid YAML: ${error.code} at line ${line}, column ${col}`);
  }
  const root: unknown = document.toJS();
  if (root === null) return {};
  if (!isMapping(root)) throw new KubeConfigError(`${path} is no kubeconfig: its top level must be a mapping`);
  return root;
}

function addEntries(
  into: Map<string, ConfigEntry>,
  list: unknown,
  at: { readonly path: string; readonly section: string; readonly field: string },
): void {
  if (list === undefined || list === null) return;
  if (!Array.isArray(list)) throw new KubeConfigError(`${at.path}: ${at.section} must be a list`);
  for (const [index, item] of list.entries()) {
    const name = isMapping(item) ? item.name : undefined;
    if (!isMapping(item) || typeof name !== "string" || name === "") {
      throw new KubeConfigError(`${at.path}: ${at.section}[${index}].name is missing`);
    }
    const fields = item[at.field] ?? {};
    const place = `${at.field} "${name}" in ${at.path}`;
    if (!isMapping(fields)) throw new KubeConfigError(`${place}: ${at.field} must be a mapping`);
    if (!into.has(name)) into.set(name, { place, folder: dirname(resolve(at.path)), fields });
  }
}

/** Whether the value is a plain mapping. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A field that must be a string where it is set; "" counts as unset.
 * @throws KubeConfigError for any other type.
 */
export function stringField(entry: ConfigEntry, field: string): string | undefined {
  const value = entry.fields[field];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw new KubeConfigError(`${entry.place}: ${field} must be a string`);
  return value;
}

/** The same for a path, made absolute by the folder of the entry's file. */
export function pathField(entry: ConfigEntry, field: string): string | undefined {
  const path = stringField(entry, field);
  return path === undefined || isAbsolute(path) ? path : resolve(entry.folder, path);
}

/**
 * The bytes of a base64 field.
 * @throws KubeConfigError where it is no base64.
 */
export function base64Field(entry: ConfigEntry, field: string): Uint8Array | undefined {
  const text = stringField(entry, field)?.replace(/\s/g, "");
  if (text === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new KubeConfigError(`${entry.place}: ${field} is no base64`);
  return Buffer.from(text, "base64");
}
