/** Scalar fields that many kinds share: names, keys, times, encoded bytes. */
import * as z from "zod";

/** A DNS-1123 subdomain of up to 253 characters, as most objects are named. */
export const dnsSubdomain = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/)
  .min(1)
  .max(253);

/** A DNS-1123 label of up to 63 characters, as namespaces are named. */
export const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
  .min(1)
  .max(63);

/** A key of a Secret or ConfigMap, up to 253 characters. */
export const dataKey = z
  .string()
  .regex(/^[-._a-zA-Z0-9]+$/)
  .min(1)
  .max(253);

/** A map of strings. */
export const stringMap = z.record(z.string(), z.string());

/** A point in time as RFC 3339 writes it. */
export const dateTime = z.string().meta({ format: "date-time" });

/** Bytes in standard base64. */
export const base64Bytes = z.string().meta({ format: "byte" });
