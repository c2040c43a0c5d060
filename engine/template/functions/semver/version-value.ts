/** Go's `*semver.Version` with the methods that templates call. */
import { GoFunction, GoNumber, GoSlice, GoStruct, type GoValue, type Methods } from "../../go-value.ts";
import { asString } from "../define.ts";
import { encodeText } from "../json/encode.ts";
import { checkMetadata, checkPrerelease, compareVersions, printVersion, type Version } from "./version.ts";

/** A pointer to a version. */
export function versionPointer(version: Version): GoStruct {
  return new GoStruct({
    type: "*semver.Version",
    native: version,
    print: () => printVersion(version),
    methods: { ...valueMethods(version), ...pointerMethods(version) },
  });
}

/** Version 0.0.0 that was never read from a text. */
export function zeroVersion(): GoStruct {
  return versionPointer({ major: 0n, minor: 0n, patch: 0n, prerelease: "", metadata: "", original: "" });
}

/** A version itself, which has fewer methods than a pointer to it. */
function versionValue(version: Version): GoStruct {
  return new GoStruct({
    type: "semver.Version",
    native: version,
    print: () => printVersion(version),
    methods: valueMethods(version),
  });
}

function methodsOf(methods: readonly GoFunction[]): Methods {
  return Object.fromEntries(methods.map((method) => [method.name, method]));
}

function uint64(value: bigint): GoNumber {
  return new GoNumber("uint64", BigInt.asUintN(64, value));
}

function valueMethods(version: Version): Methods {
  const plain = (name: string, result: () => GoValue): GoFunction => new GoFunction(name, [], result);
  const marshalled = (): GoSlice => new GoSlice(Uint8Array.from(Buffer.from(printVersion(version), "latin1")));
  return methodsOf([
    plain("Major", () => uint64(version.major)),
    plain("Minor", () => uint64(version.minor)),
    plain("Patch", () => uint64(version.patch)),
    plain("Prerelease", () => version.prerelease),
    plain("Metadata", () => version.metadata),
    plain("String", () => printVersion(version)),
    plain("Value", () => printVersion(version)),
    plain("IncMajor", () => versionValue(renewed(version, { major: version.major + 1n, minor: 0n, patch: 0n }))),
    plain("IncMinor", () => versionValue(renewed(version, { minor: version.minor + 1n, patch: 0n }))),
    plain("IncPatch", () =>
      versionValue(renewed(version, { patch: version.prerelease === "" ? version.patch + 1n : version.patch })),
    ),
    new GoFunction("SetPrerelease", ["string"], ([prerelease]) => {
      checkPrerelease(asString(prerelease));
      return versionValue(withOriginal({ ...version, prerelease: asString(prerelease) }));
    }),
    new GoFunction("SetMetadata", ["string"], ([metadata]) => {
      checkMetadata(asString(metadata));
      return versionValue(withOriginal({ ...version, metadata: asString(metadata) }));
    }),
    plain("MarshalText", marshalled),
    plain("MarshalJSON", () => {
      const text = encodeText(printVersion(version), true);
      return new GoSlice(Uint8Array.from(Buffer.from(text, "latin1")));
    }),
  ]);
}

function pointerMethods(version: Version): Methods {
  const comparing = (name: string, result: (order: -1 | 0 | 1) => GoValue): GoFunction =>
    new GoFunction(name, ["*semver.Version"], ([other]) => result(compareVersions(version, asVersion(other, version))));
  return methodsOf([
    new GoFunction("Original", [], () => version.original),
    comparing("Compare", (order) => BigInt(order)),
    comparing("Equal", (order) => order === 0),
    comparing("LessThan", (order) => order < 0),
    comparing("LessThanEqual", (order) => order <= 0),
    comparing("GreaterThan", (order) => order > 0),
    comparing("GreaterThanEqual", (order) => order >= 0),
  ]);
}

function asVersion(value: GoValue, otherwise: Version): Version {
  return value instanceof GoStruct && value.type === "*semver.Version" ? (value.native as Version) : otherwise;
}

/** With other numbers, and neither prerelease nor metadata. */
function renewed(version: Version, numbers: Partial<Version>): Version {
  return withOriginal({ ...version, ...numbers, prerelease: "", metadata: "" });
}

function withOriginal(version: Version): Version {
  return { ...version, original: (version.original.startsWith("v") ? "v" : "") + printVersion(version) };
}
