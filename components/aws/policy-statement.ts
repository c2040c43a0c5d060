/** The part of IAM's policy language that the stores write. */

/** A statement that allows; `Condition` is ANDed. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<"StringEquals", Readonly<Record<string, string>>>>;
}

/** Text that stands for itself in a Resource or a Condition: `*`, `?` and `$` are none of IAM's. */
export function literal(text: string): string {
  return text.replaceAll(/[*?$]/g, (character) => `\${${character}}`);
}

/** A condition that all the tags stand on the resource; nothing for no tags. */
export function tagCondition(tags: Readonly<Record<string, string>> = {}): Pick<PolicyStatement, "Condition"> {
  const entries = Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return {};
  return {
    Condition: {
      StringEquals: Object.fromEntries(entries.map(([key, value]) => [`aws:ResourceTag/${key}`, literal(value)])),
    },
  };
}

/** Each once, in order. */
export function sortedUnique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}
