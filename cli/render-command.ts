/** `external-secrets render`: shows the Secrets that ExternalSecrets of files would make, without a cluster. */
import { systemClock } from "../api/clock.ts";
import type { ExternalSecret } from "../api/external-secret.ts";
import { describeError } from "../controller/describe-error.ts";
import { externalSecretsOf, type OfflineParts, renderOffline } from "../controller/offline/render-offline.ts";
import type { StoreRef } from "../engine/fetch-secret-data.ts";
import { takeFiles } from "./file-arguments.ts";
import { flagsHelp, RENDER_HELP } from "./help.ts";
import { readManifests } from "./manifest-files.ts";
import { type Flag, type GivenFlags, parseFlags, UsageError } from "./parse-flags.ts";
import { printedTarget, type ValueStyle } from "./print-target.ts";
import type { ProcessSurroundings } from "./process-surroundings.ts";
import { DELIMITER_FLAGS, engineOf } from "./template-engine.ts";
import { readValues } from "./values-file.ts";

/** Flags of `render`. */
export const RENDER_FLAGS: readonly Flag[] = [
  { name: "values", kind: "string", default: "", help: "File of remote keys and values, in the place of all stores." },
  {
    name: "store",
    kind: "string",
    default: "",
    help: "Store of the files to read from, in the place of those that are named: NAME or KIND/NAME.",
  },
  { name: "name", kind: "string", default: "", help: "Only the ExternalSecret of that name." },
  { name: "namespace", kind: "string", default: "default", help: "Namespace of objects that name none." },
  { name: "show-values", kind: "boolean", default: "false", help: "Show the values, in base64 as a Secret has them." },
  { name: "as-text", kind: "boolean", default: "false", help: "With --show-values: as text, where they are UTF-8." },
  { name: "backend-timeout", kind: "duration", default: "10s", help: "Limit of one call to a secret backend." },
  ...DELIMITER_FLAGS,
  { name: "help", kind: "boolean", default: "false", help: "Show this text." },
];

/**
 * Prints a manifest for each ExternalSecret of the files; what is left out is told on standard error.
 * @throws UsageError for a wrong command line; Error naming the ExternalSecret that could not be rendered
 */
export async function renderCommand(args: readonly string[], surroundings: ProcessSurroundings): Promise<void> {
  const takesValue = (name: string) => RENDER_FLAGS.some((flag) => flag.name === name && flag.kind !== "boolean");
  const { files, rest } = takeFiles(args, takesValue);
  const flags = parseFlags(RENDER_FLAGS, rest);
  if (flags.isTrue("help")) {
    surroundings.writeOutput(`${RENDER_HELP}\n${flagsHelp(RENDER_FLAGS)}`);
    return;
  }
  if (files.length === 0) throw new UsageError("render needs files; name them by -f");
  const parts = await offlineParts(files, flags, surroundings);
  const chosen = chosenExternalSecrets(externalSecretsOf(parts.objects), flags.text("name"));
  let separator = "";
  for (const externalSecret of chosen) {
    surroundings.writeOutput(separator + (await rendered(externalSecret, parts, styleOf(flags), surroundings)));
    separator = "---\n";
  }
}

async function offlineParts(
  files: readonly string[],
  flags: GivenFlags,
  { environment }: ProcessSurroundings,
): Promise<OfflineParts> {
  const [values, store] = [flags.text("values"), flags.text("store")];
  if (values !== "" && store !== "") throw new UsageError("--values and --store exclude each other");
  return {
    clock: systemClock,
    engine: engineOf(flags),
    environment,
    requestTimeoutMs: flags.milliseconds("backend-timeout"),
    objects: await readManifests(files, flags.text("namespace")),
    ...(values === "" ? {} : { values: await readValues(values) }),
    ...(store === "" ? {} : { store: storeRefOf(store) }),
  };
}

function storeRefOf(text: string): StoreRef {
  const [first = "", name, ...more] = text.split("/");
  const kind = name === undefined ? "SecretStore" : first;
  if ((kind !== "SecretStore" && kind !== "ClusterSecretStore") || more.length > 0) {
    throw new UsageError(`--store: "${text}" is neither NAME, SecretStore/NAME nor ClusterSecretStore/NAME`);
  }
  return { kind, name: name ?? first };
}

function chosenExternalSecrets(all: readonly ExternalSecret[], name: string): readonly ExternalSecret[] {
  const chosen = name === "" ? all : all.filter(({ metadata }) => metadata.name === name);
  if (chosen.length > 0) return chosen;
  throw new UsageError(
    name === "" ? "there is no ExternalSecret in the files" : `no ExternalSecret "${name}" in the files`,
  );
}

function styleOf(flags: GivenFlags): ValueStyle {
  if (!flags.isTrue("show-values")) return "masked";
  return flags.isTrue("as-text") ? "text" : "base64";
}

async function rendered(
  externalSecret: ExternalSecret,
  parts: OfflineParts,
  style: ValueStyle,
  { signal, writeError }: ProcessSurroundings,
): Promise<string> {
  const { name, namespace = "" } = externalSecret.metadata;
  try {
    const result = await renderOffline(parts, externalSecret, signal);
    for (const { message, instead } of result.absences) {
      writeError(`${namespace}/${name}: ${instead === "default" ? "default taken" : "left out"}: ${message}\n`);
    }
    return printedTarget(externalSecret, result, style);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`ExternalSecret ${namespace}/${name}: ${describeError(error)}`);
  }
}
