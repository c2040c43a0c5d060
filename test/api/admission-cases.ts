/** Objects that the API server must refuse, with the words, or take; what ESO's webhook and its schema decide. */

export interface AdmissionCase {
  readonly name: string;
  readonly kind: "ExternalSecret" | "SecretStore" | "ClusterSecretStore";
  readonly spec: object | undefined;
  /** Texts that the refusal must hold; none where the object is taken. */
  readonly refusals: readonly string[];
}

const DATA = [{ secretKey: "a", remoteRef: { key: "a" } }];
const GENERATOR = { generatorRef: { kind: "Fake", name: "g" } };
const SEVERAL_SOURCES = "extract, find, or generatorRef cannot be set at the same time";
const NOT_OWNED =
  "deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner";
const TOKEN = "kubernetes.io/service-account-token";

type Row = readonly [name: string, spec: object | undefined, ...refusals: readonly string[]];

const EXTERNAL_SECRETS: readonly Row[] = [
  ["data alone", { data: DATA }],
  ["no spec", undefined, "either data or dataFrom should be specified"],
  ["empty lists", { data: [], dataFrom: [] }, "either data or dataFrom should be specified"],
  ["extract with find", { dataFrom: [{ extract: { key: "a" }, find: {} }] }, SEVERAL_SOURCES],
  ["find with a generator", { dataFrom: [{ find: {}, sourceRef: GENERATOR }] }, SEVERAL_SOURCES],
  ["extract from a store", { dataFrom: [{ extract: { key: "a" }, sourceRef: { storeRef: { name: "s" } } }] }],
  ["a generator alone", { dataFrom: [{ sourceRef: GENERATOR }] }],
  ["an empty item", { dataFrom: [{}] }, "either extract, find, or sourceRef must be set to dataFrom"],
  [
    "an empty sourceRef",
    { dataFrom: [{ sourceRef: {} }] },
    "generatorRef or storeRef must be set when using sourceRef in dataFrom",
  ],
  ...["Merge", "None", "CreateOrMerge"].map(
    (creationPolicy): Row => [
      `Delete with ${creationPolicy}`,
      { data: DATA, target: { creationPolicy, deletionPolicy: "Delete" } },
      NOT_OWNED,
    ],
  ),
  ["Delete with Orphan", { data: DATA, target: { creationPolicy: "Orphan", deletionPolicy: "Delete" } }],
  [
    "Merge with None",
    { data: DATA, target: { creationPolicy: "None", deletionPolicy: "Merge" } },
    "deletionPolicy=Merge must not be used with creationPolicy=None. There is no Secret to merge with",
  ],
  ["a key twice with the default policy", { data: [...DATA, ...DATA] }, "duplicate secretKey found: a"],
  ["a key twice with Merge", { data: [...DATA, ...DATA], target: { deletionPolicy: "Merge" } }],
  ["1,000 long keys", { data: longKeys(1_000) }],
  ["128 keys of the greatest length", { data: longKeys(128) }],
  ["a duplicate among 128 long keys", { data: [...longKeys(127), ...longKeys(1)] }, "duplicate secretKey found: kkk"],
  ...templates(),
];

function templates(): readonly Row[] {
  const withTemplate = (template: object, rest: object = {}) => ({ data: DATA, target: { template, ...rest } });
  return [
    [
      "a bootstrap token",
      withTemplate({ type: "bootstrap.kubernetes.io/token" }),
      'template.type="bootstrap.kubernetes.io/token" is not allowed',
    ],
    [
      "a service account token that names its account",
      withTemplate({ type: TOKEN, metadata: { annotations: { "kubernetes.io/service-account.name": "a" } } }),
      `template.type="${TOKEN}" with annotation "kubernetes.io/service-account.name" is not allowed`,
    ],
    [
      "a service account token that renders annotations",
      withTemplate({ type: TOKEN, templateFrom: [{ target: "Data" }, { target: "aNNotations" }] }),
      `template.type="${TOKEN}" with templateFrom target="Annotations" is not allowed`,
    ],
    ["a service account token without either", withTemplate({ type: TOKEN, templateFrom: [{ literal: "a: b" }] })],
    [
      "a target that is no part of a Secret",
      withTemplate({ templateFrom: [{ target: "labels" }, { target: "spec.a" }, { target: "type" }] }),
      'templateFrom target="spec.a" is not allowed when targeting a Secret, must be one of "Data", "Annotations" or "Labels"',
    ],
    [
      "such a target in a manifest of a Secret",
      withTemplate({ templateFrom: [{ target: "immutable" }] }, { manifest: { apiVersion: "v1", kind: "Secret" } }),
      'templateFrom target="immutable" is not allowed when targeting a Secret',
    ],
    [
      "any target of another kind",
      withTemplate({ templateFrom: [{ target: "spec.a" }] }, { manifest: { apiVersion: "a/v1", kind: "A" } }),
    ],
    ["a target in any case", withTemplate({ templateFrom: ["", "DATA", "labels"].map((target) => ({ target })) })],
  ];
}

const AWS = { aws: { service: "SecretsManager", region: "eu-central-1" } };
const FAKE = { fake: { data: [] } };
const ONE_BACKEND = "secret stores must only have exactly one backend specified, found";

const STORES: readonly Row[] = [
  ["one backend", { provider: FAKE }],
  ["no spec", undefined, `${ONE_BACKEND} 0`],
  ["no backend", { provider: {} }, `${ONE_BACKEND} 0`],
  ["an unknown backend", { provider: { crystalBall: {} } }, `${ONE_BACKEND} 0`],
  ["two backends", { provider: { ...AWS, ...FAKE } }, `${ONE_BACKEND} 2`],
  ["three backends", { provider: { ...AWS, ...FAKE, vault: { server: "https://v" } } }, `${ONE_BACKEND} 3`],
  ...["5m", "1h0m0s", "1.5h", "", "0", "-0s", 0, 300].map(
    (refreshInterval): Row => [
      `refreshInterval ${JSON.stringify(refreshInterval)}`,
      { provider: FAKE, refreshInterval },
    ],
  ),
  ["refreshInterval nonsense", { provider: FAKE, refreshInterval: "nonsense" }, 'invalid refreshInterval "nonsense"'],
  ["refreshInterval without a unit", { provider: FAKE, refreshInterval: "5" }, 'invalid refreshInterval "5"'],
  [
    "a negative duration",
    { provider: FAKE, refreshInterval: "-5m" },
    'invalid refreshInterval "-5m": must not be negative',
  ],
  ["negative seconds", { provider: FAKE, refreshInterval: -5 }, 'invalid refreshInterval "-5": must not be negative'],
  ["regexes that compile", { provider: FAKE, conditions: [{ namespaceRegexes: ["^team-[a-z]+$", ""] }] }],
  [
    "regexes that do not compile",
    { provider: FAKE, conditions: [{}, { namespaceRegexes: ["ok", "\\1", "a("] }] },
    "spec.conditions[1].namespaceRegexes[1]",
    "error parsing regexp: invalid escape sequence: `\\1`",
    "spec.conditions[1].namespaceRegexes[2]",
    "error parsing regexp: missing closing ): `a(`",
    "failed to compile namespace regex",
  ],
  ["own session tags", { provider: { aws: { ...AWS.aws, customSessionTags: { team: "a" } } } }],
  [
    "a session tag of the controller",
    { provider: { aws: { ...AWS.aws, customSessionTags: { esoStoreKind: "a" } } } },
    "customSessionTags cannot contain automatically injected reserved keys: esoNamespace, esoStoreName, esoStoreKind",
  ],
];

/** Different only in their end, so that comparing any two costs the most. */
function longKeys(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({
    secretKey: `${"k".repeat(249)}${String(index).padStart(4, "0")}`,
    remoteRef: { key: "a" },
  }));
}

function casesOf(kind: AdmissionCase["kind"], rows: readonly Row[]): readonly AdmissionCase[] {
  return rows.map(([name, spec, ...refusals]) => ({ name, kind, spec, refusals }));
}

/** All cases, of each kind. */
export const ADMISSION_CASES: readonly AdmissionCase[] = [
  ...casesOf("ExternalSecret", EXTERNAL_SECRETS),
  ...casesOf("SecretStore", STORES),
  ...casesOf("ClusterSecretStore", STORES),
];
