/** The texts that `--help` shows. */
import type { Flag } from "./parse-flags.ts";

export const GENERAL_HELP = `External secrets for Kubernetes.

Usage: external-secrets [command] [flags]

Commands:
  controller   keeps Secrets in a cluster equal to what their backends hold (the default)
  render       shows the Secrets that ExternalSecrets of files would make, without a cluster
  template     renders one template with the values of a file
  release      lets Secrets stay when their ExternalSecrets and the CRDs are deleted
  migrate-storage
               has all objects stored in the present version of their CRD
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

export const RELEASE_HELP = `Takes the owner references to ExternalSecrets off Secrets and other targets, so that these stay when ExternalSecrets or
their CRDs are deleted, and then permits to delete the CRDs. Uninstall the operator first: a controller that runs would own
the Secrets again. Only metadata is asked for.

Usage: external-secrets release [--dry-run] [--crds=false] [flags]
`;

export const MIGRATE_STORAGE_HELP = `Writes each object once without a change, so that the API server stores it in the present version of its CRD, and takes older
versions (v1alpha1, v1beta1) out of the CRD's status.storedVersions. It can be interrupted and run again.

Usage: external-secrets migrate-storage [--dry-run] [flags]
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
