/** The flags of the controller: ESO's names and defaults, and a few of our own. */
import { LOG_LEVELS, TIME_ENCODINGS } from "../controller/log.ts";
import { CLUSTER_FLAGS } from "./cluster-connection.ts";
import type { Flag } from "./parse-flags.ts";

const LATER = "what it governs is not part of this version";
const OWN_WAY = "this controller works without it";

/** Flags that are carried out. */
const EFFECTIVE: readonly Flag[] = [
  flag("metrics-addr", "string", ":8080", "Address of /metrics; 0 serves none."),
  flag(
    "metrics-auth",
    "boolean",
    "false",
    "Ask the API server who may get /metrics (TokenReview, SubjectAccessReview).",
  ),
  flag("metrics-secure", "boolean", "false", "Serve /metrics by TLS, with the certificate of --metrics-cert-dir."),
  flag("metrics-cert-dir", "string", "", "Folder of the certificate and its key; read again when they change."),
  flag("metrics-cert-name", "string", "tls.crt", "File name of the certificate."),
  flag("metrics-key-name", "string", "tls.key", "File name of the key."),
  flag(
    "enable-extended-metric-labels",
    "boolean",
    "false",
    "Give metrics of an object what its labels app.kubernetes.io/name, instance, version, component, part-of and managed-by say.",
  ),
  flag("live-addr", "string", ":8082", "Address of /healthz and /readyz; 0 serves none."),
  flag("concurrent", "integer", "32", "ExternalSecrets that are worked on at the same time (ESO: 1)."),
  flag("controller-class", "string", "default", "Class of this controller; stores of another class are left alone."),
  flag("namespace", "string", "", "Watch this namespace only. Empty: all."),
  flag("namespaces", "string", "", "Watch these namespaces only, with commas between them. Not given: all."),
  flag("store-requeue-interval", "duration", "5m0s", "How often a store without its own refreshInterval is validated."),
  flag("max-retry-interval", "duration", "10s", "The longest wait between attempts of what failed."),
  flag(
    "deletion-confirmation",
    "duration",
    "5s",
    "Least time between two answers that a secret is gone, before keys or a Secret are deleted.",
  ),
  flag(
    "status-heartbeat",
    "string",
    "0",
    "How often status.refreshTime moves at most while nothing changes: a duration, 0 (never) or each (at each refresh, as ESO).",
  ),
  flag("strict-ready", "boolean", "false", "Deny Ready wherever the condition Synced is denied."),
  flag(
    "unsafe-allow-generic-targets",
    "boolean",
    "false",
    "Permit targets of another kind than Secret: values then stand where RBAC may guard them less.",
  ),
  flag(
    "migrate-storage",
    "boolean",
    "false",
    "Once after the start, have objects stored in v1 that the API server still holds in an older version.",
  ),
  flag("enable-flood-gate", "boolean", "true", "Try an ExternalSecret only while its store is Ready."),
  flag("enable-cluster-store-reconciler", "boolean", "true", "Serve ClusterSecretStores."),
  flag("enable-secret-store-reconciler", "boolean", "true", "Validate SecretStores."),
  flag("template-left-delimiter", "string", "{{", "What begins an action in a template."),
  flag("template-right-delimiter", "string", "}}", "What ends an action in a template."),
  flag("backend-timeout", "duration", "10s", "Limit of one call to a secret backend."),
  flag("enable-leader-election", "boolean", "false", "Let one of several controllers act, by a Lease."),
  flag("leader-election-id", "string", "external-secrets-controller", "Name of the Lease."),
  flag("leader-election-namespace", "string", "", "Namespace of the Lease. Empty: the pod's, or that of the context."),
  flag("leader-election-lease-duration", "duration", "15s", "How long others leave a Lease alone that is not renewed."),
  flag("leader-election-renew-deadline", "duration", "10s", "How long the leader tries to renew before it gives up."),
  flag("leader-election-retry-period", "duration", "2s", "Time between attempts to take or renew the Lease."),
  {
    ...flag("loglevel", "string", "info", `Least level of log lines: ${LOG_LEVELS.join(", ")}.`),
    choices: [...LOG_LEVELS, "dpanic", "panic", "fatal"],
  },
  {
    ...flag("zap-time-encoding", "string", "epoch", `Form of times in log lines: ${TIME_ENCODINGS.join(", ")}.`),
    choices: TIME_ENCODINGS,
  },
  ...CLUSTER_FLAGS,
  flag("help", "boolean", "false", "Show this text."),
];

/** ESO's flags that change nothing here, so that its Deployment's arguments are accepted as they are. */
const WITHOUT_EFFECT: readonly Flag[] = [
  ignored("enable-cluster-external-secret-reconciler", "boolean", "true", LATER),
  ignored("enable-cluster-push-secret-reconciler", "boolean", "true", LATER),
  ignored("enable-push-secret-reconciler", "boolean", "true", LATER),
  ignored("enable-generator-state", "boolean", "true", LATER),
  ignored("generator-gc-grace-period", "duration", "2m0s", LATER),
  ignored("enable-secrets-caching", "boolean", "false", `${OWN_WAY}: it never keeps values of Secrets`),
  ignored("enable-configmaps-caching", "boolean", "false", `${OWN_WAY}: it reads ConfigMaps when it needs them`),
  ignored("enable-managed-secrets-caching", "boolean", "true", `${OWN_WAY}: it keeps hashes of managed Secrets`),
  ignored("enable-secret-api-read-on-cache-mismatch", "boolean", "true", `${OWN_WAY}: it knows its own writes`),
  ignored("enable-http2", "boolean", "false", `${OWN_WAY}: metrics are served by HTTP/1.1`),
  ignored("enable-vault-token-cache", "boolean", "false", `${OWN_WAY}: one token serves all users of a store`),
  ignored("vault-token-cache-size", "integer", "262144", `${OWN_WAY}: one token serves all users of a store`),
  ignored(
    "experimental-enable-vault-token-cache",
    "boolean",
    "false",
    `${OWN_WAY}: one token serves all users of a store`,
  ),
  ignored(
    "experimental-vault-token-cache-size",
    "integer",
    "262144",
    `${OWN_WAY}: one token serves all users of a store`,
  ),
  ignored("pulumi-oidc-cache-size", "integer", "0", LATER),
  ignored("experimental-enable-doppler-oidc-cache", "boolean", "false", LATER),
  ignored("experimental-doppler-oidc-cache-size", "integer", "0", LATER),
  ignored("doppler-etag-cache-size", "integer", "0", LATER),
  ignored("mysterybox-tokens-cache-size", "integer", "0", LATER),
  ignored("mysterybox-connections-cache-size", "integer", "0", LATER),
];

/** All flags that `controller` accepts. */
export const CONTROLLER_FLAGS: readonly Flag[] = [...EFFECTIVE, ...WITHOUT_EFFECT];

function flag(name: string, kind: Flag["kind"], value: string, help: string): Flag {
  return { name, kind, default: value, help };
}

function ignored(name: string, kind: Flag["kind"], value: string, noEffect: string): Flag {
  return { name, kind, default: value, help: "Accepted, without effect.", noEffect };
}
