/** API discovery of the fake API server: the kinds that tests use as targets. Objects of any collection can be stored besides. */

interface FakeResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const widgets: readonly FakeResource[] = [
  { name: "widgets", kind: "Widget", namespaced: true },
  { name: "widgets/status", kind: "Widget", namespaced: true },
  { name: "zones", kind: "Zone", namespaced: false },
];

const RESOURCES: Readonly<Record<string, readonly FakeResource[]>> = {
  "/api/v1": [
    { name: "configmaps", kind: "ConfigMap", namespaced: true },
    { name: "secrets", kind: "Secret", namespaced: true },
  ],
  "/apis/example.test/v1": widgets,
};

/** The answer for the path of a group's version; undefined where all that it has is hidden. */
export function discoveryAnswer(path: string, hidden: ReadonlySet<string>): object | undefined {
  const resources = (RESOURCES[path] ?? []).filter(({ name }) => !hidden.has(`${path}/${name.split("/")[0]}`));
  if (resources.length === 0) return undefined;
  const groupVersion = path.split("/").slice(2).join("/");
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}
