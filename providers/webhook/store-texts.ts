/** The texts of a webhook's store, rendered for one reference. */
import type { WebhookProviderSpec } from "../../api/stores/webhook.ts";
import type { StoreContext, TemplateData } from "../contract.ts";
import { BLOCK } from "./check.ts";

/** What templates see as `.remoteRef`. */
export type ReferenceData = Readonly<Record<string, string | Uint8Array>>;

/** Renders the store's texts. */
export interface StoreTexts {
  /** In the URL, the reference's values are escaped as for a query. */
  url(reference: ReferenceData, signal: AbortSignal): Promise<string>;
  /** Undefined where the store has none. */
  body(reference: ReferenceData, signal: AbortSignal): Promise<Uint8Array | undefined>;
  headers(reference: ReferenceData, signal: AbortSignal): Promise<Record<string, string>>;
  /** Empty where the store has none. */
  jsonPath(reference: ReferenceData, signal: AbortSignal): Promise<string>;
  /** Whether one of them uses the property, so that it is for the service to find it. */
  readonly usesProperty: boolean;
}

/** By which a Secret's owner agrees to its use by webhooks. */
export const LABEL = { key: "external-secrets.io/type", value: "webhook" } as const;

/** The Secrets are read when first needed, and kept: a store whose Secrets change is opened anew. */
export function storeTexts(spec: WebhookProviderSpec, context: StoreContext): StoreTexts {
  const { url, body, headers = {}, result } = spec;
  let secrets: TemplateData | undefined;
  const render = async (field: string, text: string, reference: ReferenceData, signal: AbortSignal) => {
    signal.throwIfAborted();
    if (!text.includes("{{")) return new TextEncoder().encode(text);
    secrets ??= await readSecrets(spec, context, signal);
    const data = { remoteRef: new Map(Object.entries(reference)), ...secrets };
    return context.renderTemplate(`${BLOCK}.${field}`, text, data);
  };
  const asText = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    usesProperty: [url, body ?? "", result?.jsonPath ?? "", ...Object.values(headers)].some((text) =>
      /\{\{[^}]*\bproperty\b/.test(text),
    ),
    url: async (reference, signal) => asText(await render("url", url, escaped(reference), signal)),
    body: async (reference, signal) => (body ? render("body", body, reference, signal) : undefined),
    async headers(reference, signal) {
      const rendered: Record<string, string> = {};
      for (const [name, text] of Object.entries(headers)) {
        rendered[name] = asText(await render(`headers.${name}`, text, reference, signal));
      }
      return rendered;
    },
    jsonPath: async (reference, signal) =>
      asText(await render("result.jsonPath", result?.jsonPath ?? "", reference, signal)),
  };
}

async function readSecrets(
  spec: WebhookProviderSpec,
  context: StoreContext,
  signal: AbortSignal,
): Promise<TemplateData> {
  const groups: Record<string, ReadonlyMap<string, Uint8Array>> = {};
  for (const [index, { name, secretRef }] of (spec.secrets ?? []).entries()) {
    const field = `${BLOCK}.secrets[${index}].secretRef`;
    groups[name] = await context.readLabelledSecret(secretRef, LABEL, field, signal);
  }
  return groups;
}

/** The namespace is not, as in ESO: it needs no escape. */
function escaped(reference: ReferenceData): ReferenceData {
  return Object.fromEntries(Object.entries(reference).map(([key, value]) => [key, queryEscape(value)]));
}

/** As Go's url.QueryEscape: a blank is a plus. */
function queryEscape(value: string | Uint8Array): string {
  const text = typeof value === "string" ? value : new TextDecoder().decode(value);
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}
