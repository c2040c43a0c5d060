/** An object of any kind under construction, for `spec.target.manifest`. */
import { InvalidConfiguration } from "../../providers/errors.ts";
import { goString } from "../template/go-value.ts";
import { type JsonValue, readYaml, YamlError } from "../yaml/index.ts";
import { type PathStep, parseTargetPath, setAtPath } from "./target-path.ts";
import type { TemplateTarget } from "./template-target.ts";

type JsonMap = Map<string, JsonValue>;

/** @param root the object before any template; it is changed */
export function createManifestTarget(root: JsonMap): TemplateTarget {
  return {
    put(part, key, value) {
      const text = Buffer.from(value).toString();
      switch (part.toLowerCase()) {
        case "labels":
        case "annotations":
          setAtPath(root, part, ["metadata", part.toLowerCase(), key], () => text);
          break;
        case "data":
        case "spec":
          putField(root, part.toLowerCase(), key, text);
          break;
        default:
          setAtPath(root, part, parseTargetPath(part), () => parsedOr(text, value));
      }
    },
    putStructure(path, structure) {
      const steps = parseTargetPath(path);
      setAtPath(root, path, steps, (existing) => (isTopLevel(steps) ? structure : merged(existing, structure)));
    },
  };
}

/** A top-level field is replaced. */
const isTopLevel = (steps: readonly PathStep[]): boolean => steps.length === 1;

function merged(existing: JsonValue | undefined, structure: JsonValue): JsonValue {
  if (!(existing instanceof Map) || !(structure instanceof Map)) return structure;
  return new Map([...existing, ...structure]);
}

function putField(root: JsonMap, field: string, key: string, text: string): void {
  const existing = root.has(field) ? root.get(field) : new Map<string, JsonValue>();
  if (!(existing instanceof Map)) {
    throw new InvalidConfiguration(
      `failed to set ${field} field on object: failed to convert data to map[string][]byte`,
      { field: `${field} of the target`, remedy: "see that it is a map, or name a deeper path" },
    );
  }
  existing.set(key, text);
  root.set(field, existing);
}

/** At a path of one's own a value may be any YAML; what is none stays a text. */
function parsedOr(text: string, value: Uint8Array): JsonValue {
  try {
    return readYaml(goString(value));
  } catch (error) {
    if (error instanceof YamlError) return text;
    throw error;
  }
}
