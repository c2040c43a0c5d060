/** `readSecret`: one value of a backend, by the executable provider, for use in a program. */
import { type InvokeOptions, type InvokeOutputOptions, type Output, runtime, secret } from "@pulumi/pulumi";
import type { DeepInput } from "./deep-input.ts";
import type { ReadSecretRequest } from "./resource/read-secret.ts";

const TOKEN = "external-secrets:index:readSecret";

/** What is to be read. */
export type ReadSecretArgs = ReadSecretRequest;

/** As `ReadSecretArgs`, where any part may be an Output. */
export type ReadSecretOutputArgs = { readonly [Key in keyof ReadSecretArgs]: DeepInput<ReadSecretArgs[Key]> };

/**
 * The value as a plain text: nothing marks it as a secret, so hand it on as `pulumi.secret(…)`. Prefer `readSecretOutput`.
 * @throws Error with what the backend said.
 */
export async function readSecret(args: ReadSecretArgs, options?: InvokeOptions): Promise<string> {
  const { value }: { readonly value: string } = await runtime.invoke(TOKEN, { ...args }, options);
  return value;
}

/** The value as a secret Output: it is in the state only where the program puts it, encrypted. */
export function readSecretOutput(args: ReadSecretOutputArgs, options?: InvokeOutputOptions): Output<string> {
  const result: Output<{ readonly value: string }> = runtime.invokeOutput(TOKEN, { ...args }, options);
  return secret(result.apply(({ value }) => value));
}
