/** The functions of templates that have to do with cryptography: sprig's and ESO's own. */
import { type FunctionMap, GoFunction } from "../go-value.ts";
import { aesFunctions } from "./aes.ts";
import { certificateFunctions } from "./certificate-functions.ts";
import { digestFunctions } from "./digests.ts";
import { passwordFunctions } from "./passwords.ts";
import { pemFunctions } from "./pem-functions.ts";
import { pkcs12Functions } from "./pkcs12-functions.ts";
import { workSteps } from "./work-steps.ts";

/** All of them by name. Each call makes a new map. */
export function cryptoFunctions(): FunctionMap {
  const functions = [
    ...digestFunctions(),
    ...passwordFunctions(),
    ...aesFunctions(),
    ...certificateFunctions(),
    ...pemFunctions(),
    ...pkcs12Functions(),
  ];
  return new Map(functions.map((fn) => [fn.name, countingBytes(fn)]));
}

/** The function, counting the bytes of its arguments as work before it is called. */
function countingBytes({ name, parameters, call }: GoFunction): GoFunction {
  return new GoFunction(name, parameters, (args, context) => {
    const bytes = args.reduce<number>((sum, arg) => sum + (typeof arg === "string" ? arg.length : 0), 0);
    context.spend(Math.ceil(bytes * workSteps.byte));
    return call(args, context);
  });
}
