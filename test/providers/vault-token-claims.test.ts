/** What is shown of a token that Vault has refused. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeClaims } from "../../providers/vault/token-claims.ts";

const NOW = Date.UTC(2025, 0, 1);
const tokenOf = (claims: unknown) =>
  ["{}", JSON.stringify(claims), "s"].map((part) => Buffer.from(part).toString("base64url")).join(".");

describe("what is shown of a refused token", () => {
  it("is its subject, its audiences and whether it has ended", () => {
    const claims = { sub: "system:serviceaccount:team:app", aud: ["vault", "b"], exp: NOW / 1_000 - 60 };
    assert.equal(
      describeClaims(tokenOf(claims), NOW),
      "the token has the subject system:serviceaccount:team:app and is for the audience vault, b and ended at 2024-12-31T23:59:00.000Z",
    );
    assert.match(
      describeClaims(tokenOf({ aud: "vault", exp: NOW / 1_000 + 60 }), NOW) ?? "",
      /audience vault and ends at/,
    );
  });

  it("is nothing of what is no name or no token", () => {
    for (const token of [
      "",
      "a.b",
      "a.b.c",
      tokenOf(null),
      tokenOf({ sub: "c4n4ry with blanks", aud: [1], exp: 1e20 }),
    ]) {
      assert.equal(describeClaims(token, NOW), undefined);
    }
  });
});
