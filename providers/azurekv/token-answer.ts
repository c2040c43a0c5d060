/** Reads the answers of those who issue tokens. */
import { Transient } from "../errors.ts";
import type { AccessToken } from "../token-cache.ts";

/**
 * The token of an answer of Entra ID or of a metadata service, which write numbers as text.
 * @throws Transient where there is none.
 */
export function tokenIn(body: Uint8Array, issuer: string, nowMs: number): AccessToken {
  const fields = parseObject(body);
  const token = fields?.access_token;
  const expiresAtMs = endOf(fields ?? {}, nowMs);
  if (typeof token !== "string" || token === "" || expiresAtMs === undefined) {
    throw new Transient(`the answer of ${issuer} holds no token`, {
      remedy: "check that its address is right, and that no proxy answers in its place",
    });
  }
  return { token, expiresAtMs };
}

/** `expires_in` goes first: it does not depend on equal clocks. */
function endOf(fields: Readonly<Record<string, unknown>>, nowMs: number): number | undefined {
  const seconds = Number(fields.expires_in ?? Number.NaN);
  if (Number.isFinite(seconds)) return nowMs + seconds * 1_000;
  const end = Number(fields.expires_on ?? Number.NaN);
  return Number.isFinite(end) ? end * 1_000 : undefined;
}

/** The JSON object of an answer; undefined for anything else, of which nothing is kept. */
export function parseObject(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    // No JSON: some other server's page, which may hold anything.
    return undefined;
  }
}
