/** When periodic refreshes are permitted. */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";

const syncWindowSchema = z.object({
  schedule: z
    .string()
    .regex(/^(@(annually|yearly|monthly|weekly|daily|midnight|hourly)|@every [^\s]+.*|[^\s]+( [^\s]+){4})$/)
    .min(1)
    .describe("When the window opens, in UTC: five cron fields or a descriptor such as @daily."),
  duration: z.string().describe('How long the window stays open, as a Go duration ("1h30m").'),
});

/** When periodic refreshes are permitted. A change of the ExternalSecret itself is always acted on. */
export const syncWindowsSchema = z.object({
  kind: z
    .enum(["allow", "deny"])
    .describe("allow refreshes only while a window is open; deny refreshes only while none is."),
  windows: z.array(syncWindowSchema).min(1).describe("The windows; at least one."),
});
/** When periodic refreshes are permitted. */
export type SyncWindows = DeepReadonly<z.input<typeof syncWindowsSchema>>;
