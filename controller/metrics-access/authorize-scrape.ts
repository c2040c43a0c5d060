/** Whether who asks for the metrics may see them, as controller-runtime asks the API server: TokenReview, then SubjectAccessReview. */
import { createHash } from "node:crypto";
import type { Clock } from "../../api/clock.ts";
import type { KubeClient, KubeObject, ResourceType } from "../kube/contracts.ts";

const TOKEN_REVIEW: ResourceType = {
  ...{ group: "authentication.k8s.io", version: "v1", kind: "TokenReview", plural: "tokenreviews" },
  namespaced: false,
};
const SUBJECT_ACCESS_REVIEW: ResourceType = {
  ...{ group: "authorization.k8s.io", version: "v1", kind: "SubjectAccessReview", plural: "subjectaccessreviews" },
  namespaced: false,
};

/** How long an answer is believed. */
const BELIEVED_MS = 60_000;
/** Answers that are kept; more tokens than this are asked for each time. */
const MAX_KEPT = 100;
const TIMEOUT_MS = 10_000;

interface User {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

interface TokenReview extends KubeObject {
  readonly spec: { readonly token: string };
  readonly status?: { readonly authenticated?: boolean; readonly user?: User };
}

interface SubjectAccessReview extends KubeObject {
  readonly spec: object;
  readonly status?: { readonly allowed?: boolean };
}

/** The status to answer with. */
export type ScrapeVerdict = 200 | 401 | 403;

/** Asks for the right to `get` a path that is no resource, and believes the answer for a minute. */
export class ScrapeAuthorizer {
  readonly #kube: Pick<KubeClient, "create">;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly verdict: ScrapeVerdict; readonly untilMs: number }>();

  constructor(kube: Pick<KubeClient, "create">, clock: Clock) {
    this.#kube = kube;
    this.#clock = clock;
  }

  /** @param authorization the header of the request. @throws KubeApiError where the API server cannot be asked */
  async verdict(path: string, authorization: string | undefined): Promise<ScrapeVerdict> {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) return 401;
    const key = createHash("sha256").update(`${path}\0${token}`).digest("hex");
    const known = this.#known.get(key);
    const nowMs = this.#clock.now();
    if (known !== undefined && known.untilMs > nowMs) return known.verdict;
    const verdict = await this.#ask(path, token);
    if (this.#known.size >= MAX_KEPT) this.#known.clear();
    this.#known.set(key, { verdict, untilMs: nowMs + BELIEVED_MS });
    return verdict;
  }

  async #ask(path: string, token: string): Promise<ScrapeVerdict> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const metadata = { name: "" };
    const review = await this.#kube.create<TokenReview>(TOKEN_REVIEW, { metadata, spec: { token } }, signal);
    const { authenticated, user } = review.status ?? {};
    if (authenticated !== true || user === undefined) return 401;
    const { username, uid, groups, extra } = user;
    const spec = { user: username, uid, groups, extra, nonResourceAttributes: { path, verb: "get" } };
    const access = await this.#kube.create<SubjectAccessReview>(SUBJECT_ACCESS_REVIEW, { metadata, spec }, signal);
    return access.status?.allowed === true ? 200 : 403;
  }
}
