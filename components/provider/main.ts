#!/usr/bin/env node
/** The executable `pulumi-resource-external-secrets`: components and synced Secrets for programs in every language. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { systemClock } from "../../api/clock.ts";
import { createProviderService } from "../../sync/provider/provider-service.ts";
import { serveProvider } from "../../sync/provider/serve.ts";
import { packageFile } from "../package-file.ts";
import { componentExtension } from "./component-extension.ts";

const warn = (message: string) => void process.stderr.write(`${message}\n`);
const silent = () => {};

const extension = componentExtension(process.argv.slice(2).find((argument) => !argument.startsWith("-")));
const service = createProviderService(
  {
    version: JSON.parse(readFileSync(packageFile("package.json"), "utf8")).version,
    clock: systemClock,
    environment: process.env,
    homeFolder: homedir(),
    randomBytes: (length) => randomBytes(length),
    logger: { debug: silent, info: silent, warn, error: warn },
  },
  extension,
);
let isEnding = false;
const end = (code: number) => {
  if (isEnding) return;
  isEnding = true;
  void service.close().finally(() => process.exit(code));
};
// By SIGINT the engine ends a plugin when it is done. A Ctrl-C of the user does not get here: the engine gives each plugin a
// group of processes of its own. Whoever stays is waited for, and other plugins are then reported as broken.
process.on("SIGINT", () => end(0));
process.on("SIGTERM", () => end(0));
const failed = (error: unknown) => extension.fail(error instanceof Error ? error : new Error(String(error)));
process.on("unhandledRejection", failed);
process.on("uncaughtException", failed);
// Nothing is awaited here: Pulumi's language host loads this module by `require`.
serveProvider(service, {
  parentId: () => process.ppid,
  writeOutput: (text) => void process.stdout.write(text),
  exit: (code) => process.exit(code),
}).catch((error: unknown) => {
  warn(String(error));
  end(1);
});
