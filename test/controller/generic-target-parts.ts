/** What the tests of targets of other kinds share. */
import type { CreationPolicy, DeletionPolicy } from "../../api/external-secret.ts";
import {
  type ControllerFixture,
  type ControllerFixtureOptions,
  externalSecret,
  fakeStore,
  STORES,
  startTestController,
} from "./controller-fixture.ts";
import type { FakeObject } from "./kube/fake-object-store.ts";

export const CONFIG_MAPS = "/api/v1/configmaps";
export const WIDGETS = "/apis/example.test/v1/widgets";
export const MANAGED = "reconcile.external-secrets.io/managed";
export const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" };
export const WIDGET = { apiVersion: "example.test/v1", kind: "Widget" };

export interface Wish {
  readonly manifest?: object;
  readonly creationPolicy?: CreationPolicy;
  readonly deletionPolicy?: DeletionPolicy;
  readonly name?: string;
  readonly template?: object;
  readonly immutable?: boolean;
}

export function wish(key: string, { manifest = CONFIG_MAP, ...target }: Wish = {}, more: object = {}): object {
  return externalSecret(key, { target: { manifest, ...target } as never, ...more });
}

export async function start(
  context: Parameters<typeof startTestController>[0],
  more: ControllerFixtureOptions = {},
): Promise<ControllerFixture> {
  const options = { genericTargets: true, ...more.options };
  const it = await startTestController(context, { ...more, options });
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }));
  return it;
}

export const WIDGET_TEMPLATE = {
  templateFrom: [{ target: "spec.auth[0]", literal: "token: '{{ .password }}'\nlevel: 3000000" }],
};

export function configMap(it: ControllerFixture, key: string): FakeObject | undefined {
  return it.server.store.get(CONFIG_MAPS, key);
}
