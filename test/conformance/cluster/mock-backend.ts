/** The `$MOCK` provider of the cases: it gives what the case says, whatever it is asked for. */
import type { ProviderSpec } from "../../../api/provider-spec.ts";
import type { SecretsClient } from "../../../providers/contract.ts";
import { SecretNotFound, Transient } from "../../../providers/errors.ts";
import { type BoundBackend, bindBackend } from "../../../providers/index.ts";
import { SecretMap } from "../../../providers/secret-map.ts";
import { isRecord } from "../conformance-file.ts";

/** What the provider gives now, by the method of ESO's mock: `getSecret`, `getSecretMap`, `getAllSecrets`, `new`. */
export type MockAnswers = Readonly<Record<string, unknown>>;

const MARK = "conformance-mock";

/** The mocks of a run, by the namespace of their case. A step of a case changes the answers. */
export class MockProviders {
  readonly #answers = new Map<string, MockAnswers>();

  set(namespace: string, answers: MockAnswers): void {
    this.#answers.set(namespace, { ...this.#answers.get(namespace), ...answers });
  }

  /** What stands for `$MOCK` in a store: a block that the CRD takes, and that `bind` knows again. */
  blockOf(namespace: string): ProviderSpec {
    return { fake: { data: [{ key: MARK, value: namespace }] } };
  }

  /** For the controller: the mock where the block is one of `blockOf`, else the backend that it names. */
  bind = async (provider: ProviderSpec): Promise<BoundBackend> => {
    const [mark] = provider.fake?.data ?? [];
    if (mark?.key !== MARK) return bindBackend(provider);
    const answers = () => this.#answers.get(mark.value) ?? {};
    return {
      name: "fake",
      capabilities: "ReadOnly",
      check: () => [],
      async open() {
        failWhereAsked(answers().new);
        return mockClient(answers);
      },
    };
  };
}

function mockClient(answers: () => MockAnswers): SecretsClient {
  const unused = async () => {
    throw new Error("the mock provider reads only");
  };
  return {
    getSecret: async () => bytesOf(answers().getSecret),
    getSecretMap: async () => mapOf(answers().getSecretMap),
    findSecrets: async () => mapOf(answers().getAllSecrets),
    validate: async () => "Ready",
    secretExists: unused,
    pushSecret: unused,
    deleteSecret: unused,
    async close() {},
  };
}

function mapOf(answer: unknown): SecretMap {
  failWhereAsked(answer);
  return new SecretMap(Object.entries(isRecord(answer) ? answer : {}).map(([key, value]) => [key, bytesOf(value)]));
}

/** A text, or `{"$b64": …}` for any bytes. */
function bytesOf(answer: unknown): Uint8Array {
  failWhereAsked(answer);
  if (isRecord(answer) && typeof answer.$b64 === "string") return Buffer.from(answer.$b64, "base64");
  return Buffer.from(typeof answer === "string" ? answer : "");
}

function failWhereAsked(answer: unknown): void {
  if (!isRecord(answer) || typeof answer.$error !== "string") return;
  if (answer.$error === "NoSecret") throw new SecretNotFound("the mock provider has no such secret");
  throw new Transient(answer.$error);
}
