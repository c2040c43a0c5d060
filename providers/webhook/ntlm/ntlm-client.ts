/** HTTP with NTLM: each request follows a login on the very same connection. */
import { randomBytes } from "node:crypto";
import type { Clock } from "../../../api/clock.ts";
import { AccessDenied } from "../../errors.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../../http-client.ts";
import { untilAborted } from "../../until-aborted.ts";
import { authenticateMessage, type NtlmChallenge, type NtlmUser, negotiateMessage, readChallenge } from "./messages.ts";

export interface NtlmOptions {
  /** Has to have one connection at most. */
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Asked for each login, so that a changed password is seen. */
  readonly readUser: (signal: AbortSignal) => Promise<NtlmUser>;
  /** Of the credentials, for errors. */
  readonly field: string;
}

type Scheme = "NTLM" | "Negotiate";

/** One request after the other: a login belongs to a connection. A header `authorization` of the request is replaced. */
export function createNtlmClient({ http, clock, readUser, field }: NtlmOptions): HttpClient {
  let last: Promise<unknown> = Promise.resolve();
  const send = async (request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> => {
    signal.throwIfAborted();
    const user = await readUser(signal);
    const offer = await offerLogin(http, request, signal);
    if (offer === undefined) return http.request(request, signal);
    const challenge = readChallenge(offer.challenge);
    if (challenge === undefined) throw noChallenge(field);
    const answer = answerOf(user, challenge, clock);
    return http.request(withAuthorization(request, offer.scheme, answer), signal);
  };
  return {
    request(request, signal) {
      const turn = last.then(() => send(request, signal));
      // The next one waits for the end of this one, however it ends.
      last = turn.catch(() => undefined);
      return untilAborted(turn, signal);
    },
    close: () => http.close(),
  };
}

/** The server's challenge; undefined where it asks for no login. */
async function offerLogin(http: HttpClient, request: HttpRequest, signal: AbortSignal) {
  const { body: _body, ...bare } = request;
  for (const scheme of ["NTLM", "Negotiate"] as const) {
    const { status, headers } = await http.request(withAuthorization(bare, scheme, negotiateMessage()), signal);
    if (status !== 401) return undefined;
    const challenge = challengeIn(headers["www-authenticate"] ?? "", scheme);
    if (challenge !== undefined) return { scheme, challenge };
  }
  return { scheme: "NTLM" as const, challenge: new Uint8Array() };
}

/** Several may stand in one header. */
function challengeIn(header: string, scheme: Scheme): Uint8Array | undefined {
  const token = new RegExp(`(?:^|,)\\s*${scheme}\\s+([A-Za-z0-9+/=]+)`, "i").exec(header)?.[1];
  return token === undefined ? undefined : Buffer.from(token, "base64");
}

function answerOf(user: NtlmUser, challenge: NtlmChallenge, clock: Clock): Uint8Array {
  return authenticateMessage(user, challenge, { nonce: randomBytes(8), nowMs: clock.now() });
}

function withAuthorization(request: HttpRequest, scheme: Scheme, message: Uint8Array): HttpRequest {
  const others = Object.entries(request.headers ?? {}).filter(([name]) => name.toLowerCase() !== "authorization");
  const authorization = `${scheme} ${Buffer.from(message).toString("base64")}`;
  return { ...request, headers: { ...Object.fromEntries(others), authorization } };
}

function noChallenge(field: string): AccessDenied {
  return new AccessDenied("the webhook asks for a login, but not by NTLM", {
    field,
    remedy: "remove auth.ntlm and log in by a header, or turn NTLM on at the service",
  });
}

/** `DOMAIN\user`, `user@domain`, or a user of the server's own domain. */
export function ntlmUser(name: string, password: string): NtlmUser {
  const [, domain, user] = /^([^\\]*)\\(.*)$/s.exec(name) ?? [];
  if (domain !== undefined && user !== undefined) return { user, domain, password };
  return name.includes("@") ? { user: name, domain: "", password } : { user: name, password };
}
