/** The tag that marks what we own, and the changes that bring a resource's tags to what is wanted. */

/** ESO's own, so that what it pushed can be taken over. */
export const OWNERSHIP_TAG = { key: "managed-by", value: "external-secrets" } as const;

/** A tag as AWS's services write it. */
export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Whether the mark is among the tags. */
export function isOurs(tags: readonly Tag[] | undefined): boolean {
  return (tags ?? []).some(({ Key, Value }) => Key === OWNERSHIP_TAG.key && Value === OWNERSHIP_TAG.value);
}

/** The wanted tags with the mark, as AWS's services write them. */
export function markedTags(wanted: Readonly<Record<string, string>> | undefined): { Key: string; Value: string }[] {
  const all = { ...wanted, [OWNERSHIP_TAG.key]: OWNERSHIP_TAG.value };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}

/** What has to change so that exactly the wanted tags and the mark are there; AWS's own tags stay. */
export function tagChanges(
  present: readonly Tag[] | undefined,
  wanted: Readonly<Record<string, string>>,
): { readonly surplus: readonly string[]; readonly changed: Readonly<Record<string, string>> } {
  const desired: Readonly<Record<string, string>> = { ...wanted, [OWNERSHIP_TAG.key]: OWNERSHIP_TAG.value };
  const current = new Map((present ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  const changed = Object.entries(desired).filter(([name, value]) => current.get(name) !== value);
  return {
    surplus: [...current.keys()].filter((name) => desired[name] === undefined && !name.startsWith("aws:")),
    changed: Object.fromEntries(changed),
  };
}

/** Tags as Go's encoding/json writes a map: keys sorted, no spaces, and characters of HTML escaped. */
export function tagsJson(tags: readonly Tag[] | undefined): Uint8Array {
  const entries = (tags ?? []).map(({ Key = "", Value = "" }): [string, string] => [Key, Value]);
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  const json = JSON.stringify(Object.fromEntries(entries)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return new TextEncoder().encode(json);
}
