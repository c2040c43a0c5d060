/**
 * The text that Pulumi keeps in the state as the provider of a dynamic resource. It is the same in every version of the package:
 * it loads whatever version the program's folder has installed, and captures nothing.
 */

/** Runs in Pulumi's process for dynamic resources, whose folder is the program's. CommonJS; `handler` is what that process calls. */
export const PROVIDER_SHIM =
  'exports.handler=()=>{let m;const l=()=>m??=import(require("url").pathToFileURL(require("module").createRequire(process.cwd()+"/_").resolve("pulumi-external-secrets/sync/dynamic/provider"))).then(p=>p.createDynamicProvider(process)),o={};for(const k of["configure","check","diff","create","read","update","delete"])o[k]=async(...a)=>(await l())[k](...a);return o}';
