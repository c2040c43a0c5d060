#!/usr/bin/env node
/** The executable `external-secrets`: hands the process to a command. */
import { randomUUID } from "node:crypto";
import { homedir, hostname } from "node:os";
import manifest from "../package.json" with { type: "json" };
import { runCommand } from "./command.ts";

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
}

process.exitCode = await runCommand(process.argv.slice(2), {
  version: manifest.version,
  environment: process.env,
  homeFolder: homedir(),
  identity: `${hostname()}_${randomUUID()}`,
  signal: stop.signal,
  writeOutput: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
});
// What a library may have left open must not keep a stopped controller alive.
process.exit();
