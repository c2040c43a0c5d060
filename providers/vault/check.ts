/** What is wrong with a store's `vault` block, without asking anyone. */
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import type { KeySelector, StoreIdentity } from "../contract.ts";
import type { VaultAuth } from "./login.ts";

const BLOCK = "spec.provider.vault";

/** One line for each defect: field, what is wrong, what to do. */
export function checkVaultSpec(spec: VaultProviderSpec, store: StoreIdentity): readonly string[] {
  return [
    ...serverErrors(spec),
    ...(spec.auth === undefined ? [] : authErrors(spec.auth)),
    ...tlsErrors(spec),
    ...(spec.checkAndSet?.required && spec.version === "v1"
      ? [`${BLOCK}.checkAndSet: checkAndSet is not supported with Vault KV version v1; remove it`]
      : []),
    ...namespaceErrors(spec, store),
  ];
}

function serverErrors({ server }: VaultProviderSpec): readonly string[] {
  const protocol = URL.parse(server)?.protocol;
  return protocol === "http:" || protocol === "https:"
    ? []
    : [`${BLOCK}.server: no http or https URL; write https://host:port`];
}

function authErrors(auth: VaultAuth): readonly string[] {
  const errors: string[] = [];
  const add = (field: string, text: string) => errors.push(`${BLOCK}.auth${field}: ${text}`);
  const { namespace: _, ...methods } = auth;
  const names = Object.keys(methods);
  if (names.length === 0) add("", "no authentication method is set; set one, such as kubernetes");
  if (auth.appRole !== undefined && !auth.appRole.roleId && auth.appRole.roleRef === undefined) {
    add(".appRole", "neither roleId nor roleRef is set; set one");
  }
  const { jwt } = auth;
  if (jwt !== undefined && jwt.secretRef === undefined && jwt.kubernetesServiceAccountToken === undefined) {
    add(".jwt", "neither secretRef nor kubernetesServiceAccountToken is set; set one");
  }
  for (const method of ["ldap", "userPass"] as const) {
    if (auth[method] !== undefined && auth[method].secretRef === undefined)
      add(`.${method}.secretRef`, "is not set; set it");
  }
  if (auth.cert !== undefined && (auth.cert.clientCert === undefined || auth.cert.secretRef === undefined)) {
    add(".cert", "clientCert and secretRef are needed; set both");
  }
  if (auth.gcp?.secretRef !== undefined && auth.gcp.secretRef.secretAccessKeySecretRef === undefined) {
    add(".gcp.secretRef.secretAccessKeySecretRef", "is not set; name the Secret and the key that hold the JSON key");
  }
  // Part of a host name, so that it cannot lead to another host.
  if (auth.iam?.region && !/^[a-z0-9-]{1,63}$/.test(auth.iam.region)) {
    add(".iam.region", "no AWS region; name one, such as eu-central-1");
  }
  return errors;
}

function tlsErrors({ tls, auth }: VaultProviderSpec): readonly string[] {
  const errors: string[] = [];
  if ((tls?.certSecretRef === undefined) !== (tls?.keySecretRef === undefined)) {
    errors.push(`${BLOCK}.tls: certSecretRef and keySecretRef belong together; set both or none`);
  }
  if (auth?.cert !== undefined && tls?.certSecretRef !== undefined) {
    errors.push(`${BLOCK}.tls: auth.cert brings the client certificate already; remove one of the two`);
  }
  return errors;
}

/** A SecretStore may name no namespace but its own in any reference. */
function namespaceErrors(spec: VaultProviderSpec, store: StoreIdentity): readonly string[] {
  if (store.kind === "ClusterSecretStore") return [];
  return Object.entries(referencesOf(spec)).flatMap(([field, ref]) =>
    ref?.namespace === undefined || ref.namespace === store.namespace
      ? []
      : [
          `${BLOCK}.${field}.namespace: namespace should either be empty or match the namespace of the SecretStore; remove it`,
        ],
  );
}

function referencesOf({
  auth = {},
  tls,
  caProvider,
}: VaultProviderSpec): Readonly<Record<string, KeySelector | undefined>> {
  return {
    "auth.tokenSecretRef": auth.tokenSecretRef,
    "auth.appRole.roleRef": auth.appRole?.roleRef,
    "auth.appRole.secretRef": auth.appRole?.secretRef,
    "auth.kubernetes.serviceAccountRef": auth.kubernetes?.serviceAccountRef,
    "auth.kubernetes.secretRef": auth.kubernetes?.secretRef,
    "auth.ldap.secretRef": auth.ldap?.secretRef,
    "auth.userPass.secretRef": auth.userPass?.secretRef,
    "auth.jwt.secretRef": auth.jwt?.secretRef,
    "auth.jwt.kubernetesServiceAccountToken.serviceAccountRef":
      auth.jwt?.kubernetesServiceAccountToken?.serviceAccountRef,
    "auth.cert.clientCert": auth.cert?.clientCert,
    "auth.cert.secretRef": auth.cert?.secretRef,
    "auth.iam.jwt.serviceAccountRef": auth.iam?.jwt?.serviceAccountRef,
    "auth.iam.secretRef.accessKeyIDSecretRef": auth.iam?.secretRef?.accessKeyIDSecretRef,
    "auth.iam.secretRef.secretAccessKeySecretRef": auth.iam?.secretRef?.secretAccessKeySecretRef,
    "auth.iam.secretRef.sessionTokenSecretRef": auth.iam?.secretRef?.sessionTokenSecretRef,
    "auth.gcp.secretRef.secretAccessKeySecretRef": auth.gcp?.secretRef?.secretAccessKeySecretRef,
    "auth.gcp.serviceAccountRef": auth.gcp?.serviceAccountRef,
    "auth.gcp.workloadIdentity.serviceAccountRef": auth.gcp?.workloadIdentity?.serviceAccountRef,
    "tls.certSecretRef": tls?.certSecretRef,
    "tls.keySecretRef": tls?.keySecretRef,
    caProvider,
  };
}
