/** What users may have that the project itself does not: package managers, the oldest Node, a newer TypeScript. */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheEntry, createToolCache, toolCacheFolder } from "../ground/tools/tool-cache.ts";

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 180_000;

const VERSIONS = {
  node: "22.18.0",
  typescript: "6.0.3",
  pnpm: "12.21.0",
  yarn: "1.22.22",
  "@yarnpkg/cli-dist": "4.18.1",
} as const;

/** Paths of the tools. */
export interface ConsumerTools {
  /** The oldest Node that the package is for. */
  readonly oldestNode: string;
  readonly typescript6: string;
  readonly pnpm: string;
  readonly yarnClassic: string;
  readonly yarnModern: string;
  /** Where package managers keep what they downloaded. */
  readonly stores: string;
}

/** The environment of a user's command: the Node that runs the tests comes first, and no setting of the running npm script. */
export function consumerEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^npm_/i.test(name) || /^npm_config_(registry|userconfig|globalconfig|cache|cafile|.*proxy)$/i.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: `${dirname(process.execPath)}:${process.env.PATH}`, ...extra };
}

/** Installs the tools once, into the project's tool cache. */
export async function consumerTools(): Promise<ConsumerTools> {
  const cache = createToolCache(toolCacheFolder(process.env));
  const names = Object.entries(VERSIONS).map(([name, version]) => `${name}@${version}`);
  const version = Object.values(VERSIONS).join("-");
  const folder = await cache.fill(cacheEntry("consumer-tools", version), async (unfinished) => {
    const flags = ["--no-audit", "--no-fund", "--no-save", "--prefer-offline", "--silent", "--prefix", unfinished];
    const options = { timeout: INSTALL_TIMEOUT_MS, cwd: unfinished, env: consumerEnvironment() };
    await run("npm", ["install", ...flags, ...names], options);
  });
  const modules = join(folder, "node_modules");
  return {
    oldestNode: join(modules, "node", "bin", "node"),
    typescript6: join(modules, "typescript", "bin", "tsc"),
    pnpm: join(modules, ".bin", "pnpm"),
    yarnClassic: join(modules, "yarn", "bin", "yarn.js"),
    yarnModern: join(modules, "@yarnpkg", "cli-dist", "bin", "yarn.js"),
    stores: join(cache.folder, "consumer-stores"),
  };
}
