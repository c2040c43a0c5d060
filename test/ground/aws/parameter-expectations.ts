/** What AWS documents as the results of the checks of Parameter Store. */

const NOT_FOUND = { code: "ParameterNotFound", status: 400 };
const VERSION_NOT_FOUND = { code: "ParameterVersionNotFound", status: 400 };
const INVALID = { code: "ValidationException", status: 400 };
const ONE = { Value: "one", Version: 1, Type: "String" };
const TWO = { Value: "two", Version: 2, Type: "String" };

/** By the name of the check. */
export const PARAMETER_EXPECTATIONS: Readonly<Record<string, unknown>> = {
  "a parameter is read back, decrypted where that is asked for": [ONE, { ...ONE, Type: "SecureString" }, true],
  "a second parameter of the same name is refused, an overwrite is another version": [
    { code: "ParameterAlreadyExists", status: 400 },
    TWO,
    ONE,
    TWO,
  ],
  "an overwrite needs no type and takes no tags": [{ ...TWO, Type: "SecureString" }, INVALID],
  "a label names a version, and moves": [ONE, TWO],
  "a parameter, a version and a label that are missing are not found": [NOT_FOUND, VERSION_NOT_FOUND, true],
  "several parameters come at once, with the names of those that are missing": {
    found: ["//a", "//sub/c"],
    missing: ["//none"],
  },
  "eleven parameters at once are refused": INVALID,
  "parameter tags are added, replaced and taken away": [{ k: "w", l: "x" }, { l: "x" }],
  "tags of a missing parameter are refused": { code: "InvalidResourceId", status: 400 },
  "a path gives what is right below it, and recursively all": [
    { names: ["/a", "/b"], pages: 1 },
    { names: ["/a", "/b", "/sub/c"], pages: 1 },
  ],
  "a path's parameters come in pages of ten at most": [{ names: ["/a", "/b", "/sub/c"], pages: 3 }, INVALID],
  "the root holds parameters without a slash too": true,
  "descriptions are found by path": ["/a", "/b", "/sub/c"],
  "descriptions are found by tags": [["/a", "/sub/c"], ["/sub/c"], ["/sub/c"]],
  "deleted parameters are gone, and missing ones are told": [NOT_FOUND, ["//b"], ["//a"], ["/sub/c"]],
};
