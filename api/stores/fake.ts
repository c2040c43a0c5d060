/** Values that stand in the store itself, for trying things out. Never for secrets. */
import * as z from "zod";
import type { DeepReadonly } from "../deep-readonly.ts";

const fakeDataSchema = z.object({
  key: z.string().describe("Name of the secret."),
  value: z.string().describe("Value of the secret, readable by all who may read the store."),
  version: z.string().exactOptional().describe("Version of the secret. Default: none."),
});

/** Values that stand in the store itself. */
export const fakeProviderSchema = z.object({
  data: z.array(fakeDataSchema).describe("The secrets."),
  validationResult: z
    .int()
    .exactOptional()
    .describe("What validating the store gives: 0 Ready, 1 Unknown, 2 Error. Default: 0."),
});
/** Values that stand in the store itself. */
export type FakeProviderSpec = DeepReadonly<z.input<typeof fakeProviderSchema>>;
