/** What tests, quickstart and bench use of the Pulumi ground. */
export type { CommandResult } from "./command.ts";
export {
  openPulumi,
  type Pulumi,
  PulumiFailed,
  type PulumiOptions,
  type PulumiState,
  type RunOptions,
} from "./pulumi-cli.ts";
export type { PluginOrigin } from "./pulumi-home.ts";
