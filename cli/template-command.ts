/** `external-secrets template`: renders one template with the values of a file. */
import { renderTemplate } from "../engine/targets/render-templates.ts";
import { goString } from "../engine/template/go-value.ts";
import { templateData } from "../engine/template-engine.ts";
import { readYamlStrings, writeYaml, YamlError } from "../engine/yaml/index.ts";
import { takeFiles } from "./file-arguments.ts";
import { flagsHelp, TEMPLATE_HELP } from "./help.ts";
import { readText } from "./manifest-files.ts";
import { type Flag, parseFlags, UsageError } from "./parse-flags.ts";
import type { ProcessSurroundings } from "./process-surroundings.ts";
import { DELIMITER_FLAGS, engineOf } from "./template-engine.ts";
import { readValues } from "./values-file.ts";

/** Flags of `template`. */
export const TEMPLATE_FLAGS: readonly Flag[] = [
  { name: "values", kind: "string", default: "", help: "File of the keys and values that the template sees." },
  {
    name: "template-as",
    kind: "string",
    default: "Values",
    help: "Values prints the text; KeysAndValues reads it as YAML and prints the keys and values that it gives.",
    choices: ["Values", "KeysAndValues"],
  },
  ...DELIMITER_FLAGS,
  { name: "help", kind: "boolean", default: "false", help: "Show this text." },
];

/**
 * Prints what the template gives, byte for byte: with its values, which is what the command is for.
 * @throws UsageError for a wrong command line; InvalidConfiguration with the template's line and column
 */
export async function templateCommand(args: readonly string[], surroundings: ProcessSurroundings): Promise<void> {
  const takesValue = (name: string) => TEMPLATE_FLAGS.some((flag) => flag.name === name && flag.kind !== "boolean");
  const { files, rest } = takeFiles(args, takesValue);
  const flags = parseFlags(TEMPLATE_FLAGS, rest);
  if (flags.isTrue("help")) {
    surroundings.writeOutput(`${TEMPLATE_HELP}\n${flagsHelp(TEMPLATE_FLAGS)}`);
    return;
  }
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) throw new UsageError("template needs one file");
  const path = flags.text("values");
  const values = path === "" ? [] : await readValues(path);
  const output = renderTemplate(file, await readText(file), templateData(values), engineOf(flags));
  surroundings.writeOutput(flags.text("template-as") === "Values" ? output : keysAndValues(file, output));
}

function keysAndValues(file: string, output: Uint8Array): string {
  try {
    return writeYaml(new Map(readYamlStrings(goString(output))));
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new Error(`${file}: could not unmarshal template to 'map[string][]byte': ${error.message}`);
  }
}
