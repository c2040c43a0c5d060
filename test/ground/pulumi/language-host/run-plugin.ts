/** Runs a plugin or a policy pack that is a folder with a Node program, and streams what it prints. */
import { spawn } from "node:child_process";
import type { ServerWritableStream } from "@grpc/grpc-js";
import lang from "@pulumi/pulumi/proto/language_pb.js";
import { readProgramOptions, resolveFromProgram } from "./program-options.ts";

type RunPluginRequest = InstanceType<typeof lang.RunPluginRequest>;
type RunPluginResponse = InstanceType<typeof lang.RunPluginResponse>;

/** Serves one `RunPlugin` call; the plugin ends with the call. */
export function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const info = call.request.getInfo();
  if (info === undefined) return void call.emit("error", new Error("The engine sent no plugin to run"));
  try {
    const options = readProgramOptions(info);
    const folder = info.getProgramDirectory();
    // A policy pack has a launcher of its own, which takes the folder last and runs in it.
    const isPolicyPack = call.request.getKind() === "analyzer";
    const launcher = resolveFromProgram(
      folder,
      `@pulumi/pulumi/cmd/${isPolicyPack ? "run-policy-pack" : "run-plugin"}`,
    );
    const given = call.request.getArgsList();
    const args = isPolicyPack ? [...given, folder] : [folder, ...given];
    const child = spawn(process.execPath, [launcher, ...options.nodeArgs, ...args], {
      cwd: isPolicyPack ? folder : call.request.getPwd(),
      env: { ...parseEnvironment(call.request.getEnvList()), ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk: Buffer) => call.write(new lang.RunPluginResponse().setStdout(chunk)));
    child.stderr.on("data", (chunk: Buffer) => call.write(new lang.RunPluginResponse().setStderr(chunk)));
    child.once("error", (error) => call.emit("error", error));
    child.once("close", (code) => {
      call.write(new lang.RunPluginResponse().setExitcode(code ?? 1));
      call.end();
    });
    call.once("cancelled", () => child.kill());
  } catch (error) {
    call.emit("error", error);
  }
}

function parseEnvironment(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}
