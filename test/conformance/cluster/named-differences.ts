/** The cases that we do not pass and do not mean to; `docs/compatibility.md` gives the reasons to users. */

/** A difference from ESO, and the cases that show it. */
export interface NamedDifference {
  /** The page's heading. */
  readonly title: string;
  /** By their kind. */
  readonly cases: Readonly<Record<string, readonly string[]>>;
}

/** In the order of the page. */
export const NAMED_DIFFERENCES: readonly NamedDifference[] = [
  {
    title: "Generators are not served yet",
    cases: {
      controller: [
        "should sync cluster generator ref",
        "should sync with generatorRef",
        "should not process generatorRef with mismatching controller field",
      ],
    },
  },
  {
    title: "A second condition tells what Ready leaves out",
    cases: {
      controller: [
        "should error if secret doesn't exist when using creationPolicy=Merge",
        "should update the status properly even if the deletionPolicy is Retain and the data is empty",
      ],
    },
  },
  {
    title: "Secrets are written by server-side apply",
    cases: { controller: ["should not resolve conflicts with creationPolicy=Merge"] },
  },
  {
    title: "A refresh counts once",
    cases: { controller: ["should set prometheus counters"] },
  },
];

/** The title of the difference that a case shows; undefined where it has to pass. */
export function differenceOf(kind: string, name: string): string | undefined {
  return NAMED_DIFFERENCES.find(({ cases }) => cases[kind]?.includes(name))?.title;
}
