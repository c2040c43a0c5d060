/** "Did you mean": the known names that are nearest to one that is not known. */

/** At most so many names are offered. */
const MOST_OFFERED = 3;

/** To shorter names, everything is near. */
const SHORTEST_UNKNOWN = 3;

/** `; did you mean "user"?` for the nearest names, or nothing if none is near. Never offers more than names. */
export function didYouMean(unknown: string, known: Iterable<string>): string {
  if (unknown.length < SHORTEST_UNKNOWN) return "";
  const limit = Math.max(1, Math.floor(unknown.length / 3));
  const near: { readonly name: string; readonly distance: number }[] = [];
  for (const name of known) {
    const distance = distanceWithin(unknown.toLowerCase(), name.toLowerCase(), limit);
    if (distance <= limit) near.push({ name, distance });
  }
  if (near.length === 0) return "";
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  const names = near.slice(0, MOST_OFFERED).map(({ name }) => JSON.stringify(name));
  return `; did you mean ${names.join(" or ")}?`;
}

/** Insertions, deletions, replacements and swaps of neighbours; any number above `limit` means too far. */
function distanceWithin(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}
