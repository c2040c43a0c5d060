/** Reads Kubernetes manifests from files: YAML or JSON, several documents in one file, lists, folders. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FileObject } from "../controller/offline/file-cluster.ts";
import { type JsonValue, plainValueOf, readYaml, YamlError } from "../engine/yaml/index.ts";
import { UsageError } from "./parse-flags.ts";

const MANIFEST_NAMES = /\.(ya?ml|json)$/;
/** What the API server would refuse as well, of kinds that have no namespace. */
const CLUSTER_KINDS = ["ClusterSecretStore", "Namespace", "CustomResourceDefinition"];

/**
 * All objects of the files, in order. Of a folder: those of its YAML and JSON files, by name.
 * @param namespace of objects that name none
 * @throws UsageError for a file that cannot be read; Error with the file's name for one that is no manifest
 */
export async function readManifests(paths: readonly string[], namespace: string): Promise<readonly FileObject[]> {
  const objects: FileObject[] = [];
  for (const path of paths) {
    for (const file of await filesOf(path)) objects.push(...objectsOf(await readText(file), file, namespace));
  }
  return objects;
}

/** @throws UsageError where it cannot be read */
export async function readText(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${codeOf(error)}`);
  }
}

async function filesOf(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => MANIFEST_NAMES.test(name));
    return names.sort().map((name) => join(path, name));
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${codeOf(error)}`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "it cannot be opened";
}

/** Documents are parted by lines of three hyphens, as kubectl parts them. */
function objectsOf(content: Buffer, file: string, namespace: string): readonly FileObject[] {
  const documents = content.toString("latin1").split(/^---(?=[ \t\r]*(?:#.*)?$)/m);
  let line = 1;
  return documents.flatMap((document) => {
    const firstLine = line;
    line += document.split("\n").length - 1;
    const value = plainValueOf(parsed(document, file, firstLine));
    return value === null ? [] : itemsOf(value).map((item) => objectOf(item, file, firstLine, namespace));
  });
}

function parsed(document: string, file: string, firstLine: number): JsonValue {
  try {
    return readYaml(document);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new Error(`${file}: the document that begins at line ${firstLine} is no YAML: ${error.message}`);
  }
}

function itemsOf(value: unknown): readonly unknown[] {
  const isList = isObject(value) && typeof value.kind === "string" && value.kind.endsWith("List");
  return isList && Array.isArray(value.items) ? value.items : [value];
}

function objectOf(value: unknown, file: string, line: number, namespace: string): FileObject {
  const metadata = isObject(value) ? value.metadata : undefined;
  const name = isObject(metadata) ? metadata.name : undefined;
  if (!isObject(value) || !isObject(metadata) || typeof value.kind !== "string" || typeof name !== "string") {
    throw new Error(`${file}: the document that begins at line ${line} has no kind, or no metadata.name`);
  }
  const isClusterWide = CLUSTER_KINDS.includes(value.kind);
  const place = isClusterWide ? {} : { namespace: String(metadata.namespace ?? namespace) };
  return { ...value, kind: value.kind, metadata: { ...metadata, name, ...place } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
