/** The environment in which the Pulumi CLI runs: nothing of the user's Pulumi or cluster leaks into it. */
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

export interface EnvironmentInputs {
  readonly inherited: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly backendFolder: string;
  /** Goes first in PATH. */
  readonly binFolder: string;
  readonly passphrase: string;
  /** Keeps the CLI from downloading plugins of its own accord. */
  readonly hasStandIns: boolean;
  /** Wins over all else. */
  readonly added: Readonly<Record<string, string>>;
}

export interface PulumiEnvironment {
  /** What differs from the inherited environment. */
  readonly own: Readonly<Record<string, string>>;
  readonly all: Readonly<Record<string, string | undefined>>;
}

export function pulumiEnvironment(inputs: EnvironmentInputs): PulumiEnvironment {
  const { inherited, home, hasStandIns, added } = inputs;
  const own: Record<string, string> = {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: pathToFileURL(inputs.backendFolder).href,
    PULUMI_CONFIG_PASSPHRASE: inputs.passphrase,
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_CI_DETECTION: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    NO_COLOR: "1",
    // Never the user's own cluster by accident.
    KUBECONFIG: join(home, "no-kubeconfig"),
    PATH: [inputs.binFolder, inherited.PATH ?? ""].join(delimiter),
    ...(hasStandIns && { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
    ...added,
  };
  const isForeign = (name: string) => /^(PULUMI_|NODE_TEST_|NODE_V8_COVERAGE$|NODE_OPTIONS$|FORCE_COLOR$)/.test(name);
  const kept = Object.entries(inherited).filter(([name]) => !isForeign(name));
  return { own, all: { ...Object.fromEntries(kept), ...own } };
}
