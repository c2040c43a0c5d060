/** What a JSON web token says of itself, for the message where Vault refuses it. */

/** Subjects and audiences are names; anything else is not shown. */
const NAME = /^[\w:./@-]{1,128}$/;
const MAX_AUDIENCES = 4;

/**
 * Subject, audiences and end of the token, as a part of a sentence; undefined where it cannot be read. Nothing is checked, and the
 * signature is never looked at. Times by `nowMs`.
 */
export function describeClaims(token: string, nowMs: number): string | undefined {
  const claims = claimsOf(token);
  if (claims === undefined) return undefined;
  const names = (value: unknown) =>
    [value].flat().filter((each): each is string => typeof each === "string" && NAME.test(each));
  const [subject] = names(claims.sub);
  const audiences = names(claims.aud).slice(0, MAX_AUDIENCES);
  const parts = [
    ...(subject === undefined ? [] : [`has the subject ${subject}`]),
    ...(audiences.length === 0 ? [] : [`is for the audience ${audiences.join(", ")}`]),
    ...endOf(claims.exp, nowMs),
  ];
  return parts.length === 0 ? undefined : `the token ${parts.join(" and ")}`;
}

function endOf(exp: unknown, nowMs: number): readonly string[] {
  // The last year that dates can show.
  if (typeof exp !== "number" || !(exp > 0 && exp < 253_402_300_800)) return [];
  return [`${exp * 1_000 <= nowMs ? "ended" : "ends"} at ${new Date(exp * 1_000).toISOString()}`];
}

function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, claims, signature] = token.split(".");
  if (claims === undefined || signature === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
    return typeof parsed === "object" && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    // No token; Vault's refusal is the error to be seen.
    return undefined;
  }
}
