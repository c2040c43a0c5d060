/** The texts that `--help` shows. */
import type { Flag } from "./parse-flags.ts";

export const GENERAL_HELP = `External secrets for Kubernetes.

Usage: external-secrets [command] [flags]

Commands:
  controller   keeps Secrets in a cluster equal to what their backends hold (the default)
  render       shows the Secrets that ExternalSecrets of files would make, without a cluster
  template     renders one template with the values of a file
  version      shows the version
  help         shows this text

Run "external-secrets <command> --help" for its flags.
`;

export const RENDER_HELP = `Shows the Secrets that ExternalSecrets of files would make. No cluster is used: stores, their credentials, and what
templateFrom names are taken from the files, too. Values are masked.

Usage: external-secrets render -f FILE|FOLDER… [--values FILE | --store [KIND/]NAME] [flags]
`;

export const TEMPLATE_HELP = `Renders one template, with the functions and rules of ExternalSecrets, and prints the result.

Usage: external-secrets template FILE --values FILE [flags]
`;

/** One paragraph for each flag that does something, and a list of those that are accepted only. */
export function flagsHelp(flags: readonly Flag[]): string {
  const lines = flags
    .filter(({ noEffect }) => noEffect === undefined)
    .map(({ name, kind, default: value, help }) => {
      const shown = kind === "boolean" ? "" : ` ${kind}`;
      return `  --${name}${shown}\n        ${help}${value === "" ? "" : ` Default: ${value}.`}`;
    });
  const accepted = flags.filter(({ noEffect }) => noEffect !== undefined).map(({ name }) => `--${name}`);
  if (accepted.length === 0) return `Flags:\n${lines.join("\n")}\n`;
  return `Flags:\n${lines.join("\n")}\n\nAccepted without effect:\n  ${accepted.join(", ")}\n`;
}
