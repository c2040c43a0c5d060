/**
 * Test equipment: stands in for Pulumi's own `pulumi-language-nodejs` where the CLI at hand has none. It runs programs as
 * that one does: `node @pulumi/pulumi/cmd/run` with the same arguments and environment. It neither installs dependencies
 * nor generates packages nor debugs.
 */
import langServices from "@pulumi/pulumi/proto/language_grpc_pb.js";
import lang from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { Empty, servePlugin, unary } from "../engine-protocol.ts";
import { runPlugin } from "./run-plugin.ts";
import { createProgramRunner } from "./run-program.ts";

const VERSION = "0.0.0-test-stand-in";

function main(args: readonly string[]): void {
  if (args.includes("--version") || args.includes("-version")) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const runner = createProgramRunner(args.find((arg) => !arg.startsWith("-")) ?? "");
  servePlugin(langServices.LanguageRuntimeService, {
    handshake: unary((request: InstanceType<typeof lang.LanguageHandshakeRequest>) => {
      runner.setEngineAddress(request.getEngineAddress());
      return new lang.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(VERSION)),
    getRequiredPlugins: unary(() => new lang.GetRequiredPluginsResponse()),
    getRequiredPackages: unary(() => new lang.GetRequiredPackagesResponse()),
    getProgramDependencies: unary(() => new lang.GetProgramDependenciesResponse()),
    run: unary((request: InstanceType<typeof lang.RunRequest>) => runner.run(request)),
    runPlugin,
    cancel: unary(() => {
      runner.cancel();
      return new Empty();
    }),
  });
}

main(process.argv.slice(2));
