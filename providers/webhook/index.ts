/** The `webhook` backend: any HTTP service, asked as templates of the store say. */
import type { WebhookProviderSpec } from "../../api/stores/webhook.ts";
import type { Backend } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { BLOCK, checkWebhookSpec } from "./check.ts";
import { createWebhookClient } from "./client.ts";
import { openWebhookHttp } from "./webhook-http.ts";

/** `random` (from 0 up to 1) spreads the delays before repetitions. */
export function createWebhookBackend({ random }: { readonly random: () => number }): Backend<WebhookProviderSpec> {
  return {
    capabilities: "ReadWrite",
    check: checkWebhookSpec,
    async open(spec, context, signal) {
      const [defect] = checkWebhookSpec(spec, context.store);
      if (defect !== undefined) throw new InvalidConfiguration(defect, { field: BLOCK });
      return createWebhookClient({ spec, context, http: await openWebhookHttp(spec, context, signal), random });
    },
  };
}

/** The one that the table of backends loads. */
export const webhookBackend: Backend<WebhookProviderSpec> = createWebhookBackend({ random: Math.random });
