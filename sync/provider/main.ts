#!/usr/bin/env node
/** The executable `pulumi-resource-external-secrets`: hands the process in, and serves. */
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { systemClock } from "../../api/clock.ts";
import packageJson from "../../package.json" with { type: "json" };
import { createProviderService } from "./provider-service.ts";
import { serveProvider } from "./serve.ts";

const warn = (message: string) => void process.stderr.write(`${message}\n`);
const silent = () => {};

const service = createProviderService({
  version: packageJson.version,
  clock: systemClock,
  environment: process.env,
  homeFolder: homedir(),
  randomBytes: (length) => randomBytes(length),
  logger: { debug: silent, info: silent, warn, error: warn },
});
let isEnding = false;
const end = (code: number) => {
  if (isEnding) return;
  isEnding = true;
  void service.close().finally(() => process.exit(code));
};
// The engine cancels by a call of its own; Ctrl-C reaches the whole group of processes, and is not meant for this one.
process.on("SIGINT", silent);
process.on("SIGTERM", () => end(0));
await serveProvider(service, {
  parentId: () => process.ppid,
  writeOutput: (text) => void process.stdout.write(text),
  exit: (code) => process.exit(code),
});
