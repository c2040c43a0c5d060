/** What is wrong with a store's `kubernetes` block, without asking anyone. */
import type { KubernetesProviderSpec } from "../../api/stores/kubernetes.ts";
import type { KeySelector, StoreIdentity } from "../contract.ts";
import { serverUrlOf } from "./server-url.ts";

const BLOCK = "spec.provider.kubernetes";

/** One line for each defect: field, what is wrong, what to do. */
export function checkKubernetesSpec(spec: KubernetesProviderSpec, store: StoreIdentity): readonly string[] {
  return [...serverErrors(spec), ...authErrors(spec), ...referenceErrors(spec, store)];
}

function* serverErrors({ server, authRef }: KubernetesProviderSpec): Iterable<string> {
  if (authRef !== undefined) {
    // The schema's default for the address may stand in a stored object, and says nothing.
    if (server?.caBundle || server?.caProvider) {
      yield `${BLOCK}.server: is not used with authRef, whose kubeconfig names the server; remove one of the two`;
    }
  } else if (serverUrlOf(server?.url) === undefined) {
    yield `${BLOCK}.server.url: is no http or https URL; write https://host:port`;
  }
}

function* authErrors({ auth, authRef }: KubernetesProviderSpec): Iterable<string> {
  const methods = Object.keys(auth ?? {});
  if (authRef !== undefined) {
    if (auth !== undefined) yield `${BLOCK}: authRef and auth cannot both be set; remove one of the two`;
  } else if (methods.length === 0) {
    yield `${BLOCK}.auth: no authentication method is set; set cert, token or serviceAccount, or authRef`;
  } else if (methods.length > 1) {
    yield `${BLOCK}.auth: ${methods.join(" and ")} are set; leave exactly one`;
  }
}

/** Each names its object, and in a SecretStore no namespace but the store's own. */
function* referenceErrors(spec: KubernetesProviderSpec, store: StoreIdentity): Iterable<string> {
  for (const [field, ref] of Object.entries(referencesOf(spec))) {
    if (ref === undefined) continue;
    if (!ref.name) yield `${BLOCK}.${field}.name: is not set; name the object`;
    const isForeign = ref.namespace !== undefined && ref.namespace !== store.namespace;
    if (store.kind === "SecretStore" && isForeign) {
      yield `${BLOCK}.${field}.namespace: namespace should either be empty or match the namespace of the SecretStore; remove it`;
    }
  }
}

function referencesOf({
  auth,
  authRef,
  server,
}: KubernetesProviderSpec): Readonly<Record<string, KeySelector | undefined>> {
  return {
    "auth.cert.clientCert": auth?.cert?.clientCert,
    "auth.cert.clientKey": auth?.cert?.clientKey,
    "auth.token.bearerToken": auth?.token?.bearerToken,
    "auth.serviceAccount": auth?.serviceAccount,
    authRef,
    "server.caProvider": server?.caProvider,
  };
}
