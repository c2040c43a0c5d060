/** Remembers what templates read from ConfigMaps and Secrets, so that a change of one is noticed. */
import type { TemplateSources } from "../../engine/render-external-secret.ts";

export interface RecordedSources extends TemplateSources {
  /** Names, keys and values, in the order of reading. */
  recorded(): readonly (string | Uint8Array)[];
}

/** The same sources, with a memory of one rendering. */
export function copyTemplateSources(sources: TemplateSources): RecordedSources {
  const parts: (string | Uint8Array)[] = [];
  const note = (name: string, found: ReadonlyMap<string, Uint8Array> | undefined) => {
    parts.push(name);
    for (const [key, value] of found ?? []) parts.push(key, value);
  };
  return {
    async readConfigMap(name, signal) {
      const found = await sources.readConfigMap(name, signal);
      note(`ConfigMap/${name}`, found);
      return found;
    },
    async readSecret(name, signal) {
      const found = await sources.readSecret(name, signal);
      note(`Secret/${name}`, found);
      return found;
    },
    recorded: () => parts,
  };
}
