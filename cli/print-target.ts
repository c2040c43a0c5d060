/** Prints what would stand in a cluster, with or without its values. */
import type { ExternalSecret } from "../api/external-secret.ts";
import { DATA_HASH_ANNOTATION } from "../api/labels.ts";
import type { OfflineResult } from "../controller/offline/render-offline.ts";
import type { DesiredSecret } from "../engine/desired-secret.ts";
import { jsonMapOf, writeYaml } from "../engine/yaml/index.ts";

/** How values are shown: not at all, as a manifest has them (base64), or as text where they are UTF-8. */
export type ValueStyle = "masked" | "base64" | "text";

/** A manifest in YAML. */
export function printedTarget(externalSecret: ExternalSecret, result: OfflineResult, style: ValueStyle): string {
  const object =
    result.kind === "Secret"
      ? secretManifest(style === "masked" ? withMaskedMetadata(externalSecret, result.secret) : result.secret, style)
      : objectManifest(result.object, style);
  return writeYaml(jsonMapOf(object));
}

/** What templates made of labels and annotations may hold values; the hash of the data is one of them, too. */
function withMaskedMetadata({ metadata, spec }: ExternalSecret, secret: DesiredSecret): DesiredSecret {
  const literal = spec.target?.template === undefined ? metadata : (spec.target.template.metadata ?? {});
  return {
    ...secret,
    labels: maskedUnless(secret.labels, literal.labels),
    annotations: { ...maskedUnless(secret.annotations, literal.annotations), [DATA_HASH_ANNOTATION]: "***" },
  };
}

/** Labels of our own are none of the ExternalSecret's, and known to hold no value. */
function maskedUnless(rendered: Readonly<Record<string, string>>, literal: Readonly<Record<string, string>> = {}) {
  return Object.fromEntries(
    Object.entries(rendered).map(([key, value]) => {
      const isKnown = key.startsWith("reconcile.external-secrets.io/") || literal[key] === value;
      return [key, isKnown ? value : masked(Buffer.byteLength(value))];
    }),
  );
}

function secretManifest(secret: DesiredSecret, style: ValueStyle): object {
  const { name, namespace, labels, annotations, finalizers, type, immutable } = secret;
  const isText = (value: Uint8Array) => style === "text" && isUtf8(value);
  const texts = [...secret.data].filter(([, value]) => isText(value));
  const others = [...secret.data].filter(([, value]) => !isText(value));
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, labels, annotations, ...(finalizers.length === 0 ? {} : { finalizers }) },
    type,
    ...(immutable ? { immutable } : {}),
    ...(others.length === 0 && texts.length > 0
      ? {}
      : { data: Object.fromEntries(others.map(([key, value]) => [key, shown(value, style)])) }),
    ...(texts.length === 0
      ? {}
      : { stringData: Object.fromEntries(texts.map(([key, value]) => [key, Buffer.from(value).toString()])) }),
  };
}

function shown(value: Uint8Array, style: ValueStyle): string {
  return style === "masked" ? masked(value.length) : Buffer.from(value).toString("base64");
}

const masked = (bytes: number): string => `*** (${bytes} ${bytes === 1 ? "byte" : "bytes"})`;

function isUtf8(value: Uint8Array): boolean {
  return Buffer.from(Buffer.from(value).toString(), "utf8").equals(value);
}

/** Anything in an object of another kind may be a value: only its metadata and the shape of the rest are shown. */
function objectManifest(object: object, style: ValueStyle): object {
  if (style !== "masked") return object;
  const kept = ["apiVersion", "kind", "metadata"];
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, kept.includes(key) ? value : maskedLeaves(value)]),
  );
}

function maskedLeaves(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskedLeaves);
  if (typeof value !== "object" || value === null) return masked(Buffer.byteLength(String(value)));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskedLeaves(item)]));
}
