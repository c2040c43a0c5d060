/** Decides requests by a Vault policy as Vault does: an exact path wins, else the most specific pattern; that one alone counts. */

/** @param capability what the request needs. @param path without `/v1/`; that of a list ends in a slash. */
export function isPermitted(policy: string, capability: "read" | "list" | "update", path: string): boolean {
  const rules = rulesOf(policy);
  const exact = rules.get(path) ?? (capability === "list" ? rules.get(path.replace(/\/$/, "")) : undefined);
  if (exact !== undefined) return exact.includes(capability) && !exact.includes("deny");
  const [best] = [...rules.keys()].filter((pattern) => fits(pattern, path)).toSorted(moreSpecificFirst);
  const found = best === undefined ? [] : (rules.get(best) ?? []);
  return found.includes(capability) && !found.includes("deny");
}

function rulesOf(policy: string): ReadonlyMap<string, readonly string[]> {
  const block = /path\s+("(?:[^"\\]|\\.)*")\s*\{\s*capabilities\s*=\s*(\[[^\]]*\])\s*\}/g;
  const rest = policy.replaceAll(block, "").replaceAll(/#.*$/gm, "");
  if (rest.trim() !== "") throw new Error(`not understood: ${rest.trim()}`);
  return new Map(
    [...policy.matchAll(block)].map(([, path, listed]) => [JSON.parse(path ?? ""), JSON.parse(listed ?? "")]),
  );
}

/** `*` at the end: anything; `+`: one part. */
function fits(pattern: string, path: string): boolean {
  const isPrefix = pattern.endsWith("*");
  if (!isPrefix && !pattern.split("/").includes("+")) return false;
  const parts = (isPrefix ? pattern.slice(0, -1) : pattern).split("/").map((part) => {
    return part === "+" ? "[^/]+" : part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("/")}${isPrefix ? "" : "$"}`).test(path);
}

function moreSpecificFirst(a: string, b: string): number {
  const firstWildcard = (pattern: string) => pattern.search(/\*$|(?<=^|\/)\+(?=\/|$)/);
  const wildcards = (pattern: string) => pattern.split("/").filter((part) => part === "+").length;
  return (
    firstWildcard(b) - firstWildcard(a) ||
    Number(a.endsWith("*")) - Number(b.endsWith("*")) ||
    wildcards(a) - wildcards(b) ||
    b.length - a.length ||
    (a > b ? -1 : 1)
  );
}
