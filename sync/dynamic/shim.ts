/**
 * The text that Pulumi keeps in the state as the provider of a dynamic resource. It is the same in every version of the package:
 * it loads whatever version the program's folder has installed, and captures nothing.
 */

/**
 * Runs in Pulumi's process for dynamic resources, whose folder is the program's: from there it finds the package. CommonJS, which
 * loads the package's ES modules since Node 22.12; `handler` is what that process calls.
 */
export const PROVIDER_SHIM =
  'exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-external-secrets/sync/dynamic/provider").createDynamicProvider(process)';
