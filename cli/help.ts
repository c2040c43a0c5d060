/** The texts that `--help` shows. */
import type { Flag } from "./parse-flags.ts";

export const GENERAL_HELP = `External secrets for Kubernetes.

Usage: external-secrets [command] [flags]

Commands:
  controller   keeps Secrets in a cluster equal to what their backends hold (the default)
  version      shows the version
  help         shows this text

Run "external-secrets controller --help" for its flags.
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
  return `Flags:\n${lines.join("\n")}\n\nAccepted without effect:\n  ${accepted.join(", ")}\n`;
}
