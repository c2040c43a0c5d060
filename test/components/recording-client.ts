/** A Kubernetes client that keeps what it was asked for, as the rules of a role name it. */
import type { KubeClient, KubeObject, ObjectName, ResourceType } from "../../controller/kube/contracts.ts";
import type { RegisteredRule } from "./installed-operator.ts";

/** One authorization that the API server asked for. */
export interface AskedFor {
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `secretstores/status`. */
  readonly resource: string;
  /** Unset: the whole cluster, or a cluster-wide object. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/** The client, and all that it asked for so far. */
export interface RecordingClient {
  readonly client: KubeClient;
  readonly asked: readonly AskedFor[];
}

/** Server-side apply of an object that may be absent needs both `create` and `patch`. */
export function recordingClient(kube: KubeClient): RecordingClient {
  const asked: AskedFor[] = [];
  const note = (verb: string, type: ResourceType, name: Partial<ObjectName>, subresource?: string) => {
    const resource = subresource === undefined ? type.plural : `${type.plural}/${subresource}`;
    asked.push({ verb, group: type.group, resource, namespace: name.namespace, name: name.name });
  };
  const nameOf = ({ metadata }: KubeObject): Partial<ObjectName> => ({
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  });
  const serviceAccounts = { group: "", version: "v1", kind: "", plural: "serviceaccounts", namespaced: true };
  const client: KubeClient = {
    get(type, name, signal) {
      note("get", type, name);
      return kube.get(type, name, signal);
    },
    list(type, options, signal) {
      note("list", type, within(options.namespace));
      return kube.list(type, options, signal);
    },
    watch(type, options, signal) {
      note("watch", type, within(options.namespace));
      return kube.watch(type, options, signal);
    },
    create(type, object, signal) {
      note("create", type, nameOf(object));
      return kube.create(type, object, signal);
    },
    apply(type, object, options, signal) {
      note("patch", type, nameOf(object), options.subresource);
      if (options.subresource === undefined) note("create", type, nameOf(object));
      return kube.apply(type, object, options, signal);
    },
    mergePatch(type, name, patch, options, signal) {
      note("patch", type, name, options.subresource);
      return kube.mergePatch(type, name, patch, options, signal);
    },
    delete(type, name, options, signal) {
      note("delete", type, name);
      return kube.delete(type, name, options, signal);
    },
    createToken(name, request, signal) {
      note("create", serviceAccounts, name, "token");
      return kube.createToken(name, request, signal);
    },
    resourceTypes: (groupVersion, signal) => kube.resourceTypes(groupVersion, signal),
    close: () => kube.close(),
  };
  return { client, asked };
}

function within(namespace: string | undefined): Partial<ObjectName> {
  return namespace === undefined ? {} : { namespace };
}

/** Whether a rule of the role permits it. */
export function isPermitted(rules: readonly RegisteredRule[], asked: AskedFor): boolean {
  return rules.some(
    ({ apiGroups, resources, resourceNames, verbs }) =>
      apiGroups.includes(asked.group) &&
      resources.includes(asked.resource) &&
      verbs.includes(asked.verb) &&
      (resourceNames === undefined || (asked.name !== undefined && resourceNames.includes(asked.name))),
  );
}

/** `verb resource` of each right that the rules give. */
export function rightsOf(rules: readonly RegisteredRule[]): readonly string[] {
  return rules.flatMap(({ resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
  );
}
