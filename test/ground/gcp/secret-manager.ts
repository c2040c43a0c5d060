/** Secret Manager's REST interface, version 1. */
import { apiFault, type GoogleAnswer, type GoogleRequest } from "./google-message.ts";
import type { Principals } from "./principals.ts";
import { type SecretBody, type SecretTable, type SecretVersion, shown, shownVersion } from "./secret-table.ts";

export interface SecretManagerState {
  readonly table: SecretTable;
  readonly principals: Principals;
  /** Numbers of the projects by their ids. */
  readonly projects: Readonly<Record<string, string>>;
}

const RESOURCE =
  /^\/v1\/(projects\/([^/]+)(?:\/locations\/[^/]+)?)\/secrets(?:\/([^/:]+))?(?:\/(versions)(?:\/([^/:]+))?)?(?::(\w+))?$/;
const STATES: Readonly<Record<string, SecretVersion["state"]>> = {
  enable: "ENABLED",
  disable: "DISABLED",
  destroy: "DESTROYED",
};

interface Target {
  /** With the project's number. */
  readonly parent: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Throws unless the caller may. */
  readonly may: (permission: string, resource?: string) => void;
}

/** Undefined where the path is none of Secret Manager's. */
export function handleSecretManager(request: GoogleRequest, state: SecretManagerState): GoogleAnswer | undefined {
  const match = RESOURCE.exec(request.path);
  if (match === null) return undefined;
  const [, parent = "", project = "", id, versions, version, verb] = match;
  const target = targetOf(request, state, parent, project, id ?? "", version ?? "");
  const kind = versions === undefined ? (id === undefined ? "secrets" : "secret") : version ? "version" : "versions";
  const method = METHODS[`${request.method} ${kind}${verb === undefined ? "" : `:${verb}`}`];
  if (method === undefined) throw apiFault("NOT_FOUND", "Method not found.");
  return { body: method(target, request, state.table) };
}

function targetOf(
  request: GoogleRequest,
  { principals, projects }: SecretManagerState,
  parent: string,
  project: string,
  id: string,
  version: string,
): Target {
  const caller = principals.authenticate(request);
  const number = projects[project] ?? Object.values(projects).find((known) => known === project);
  if (number === undefined) {
    throw apiFault("PERMISSION_DENIED", `Permission denied on resource project ${project}.`, {
      reason: "CONSUMER_INVALID",
    });
  }
  const numbered = parent.replace(project, number);
  const name = `${numbered}/secrets/${id}`;
  const may = (permission: string, resource = name) =>
    principals.require(caller, `secretmanager.${permission}`, resource);
  return { parent: numbered, id, name, version, may };
}

type Method = (target: Target, request: GoogleRequest, table: SecretTable) => unknown;

const METHODS: Readonly<Record<string, Method>> = {
  "GET secrets": ({ parent, may }, request, table) => {
    may("secrets.list", parent);
    return table.list(parent, pageOf(request));
  },
  "POST secrets": ({ parent, may }, { query, body }, table) => {
    may("secrets.create", parent);
    return shown(table.create(parent, query.get("secretId") ?? "", JSON.parse(body) as SecretBody));
  },
  "GET secret": ({ name, may }, _, table) => {
    may("secrets.get");
    return shown(table.get(name));
  },
  "PATCH secret": ({ name, may }, { query, body }, table) => {
    may("secrets.update");
    const mask = (query.get("updateMask") ?? "").split(",");
    return shown(table.update(name, JSON.parse(body) as SecretBody, mask));
  },
  "DELETE secret": ({ name, may }, { query }, table) => {
    may("secrets.delete");
    table.delete(name, query.get("etag"));
    return {};
  },
  "POST secret:addVersion": ({ name, may }, { body }, table) => {
    may("versions.add");
    const { payload = {} } = JSON.parse(body) as { payload?: { data?: string; dataCrc32c?: unknown } };
    return shownVersion(table.addVersion(name, Buffer.from(payload.data ?? "", "base64"), payload.dataCrc32c));
  },
  "GET versions": ({ name, may }, request, table) => {
    may("versions.list");
    return table.listVersions(name, pageOf(request));
  },
  "GET version": ({ name, version, may }, _, table) => {
    may("versions.get");
    return shownVersion(table.version(name, version));
  },
  "GET version:access": ({ name, version, may }, _, table) => {
    may("versions.access", `${name}/versions/${version}`);
    return table.access(name, version);
  },
  ...Object.fromEntries(
    Object.entries(STATES).map(([verb, state]): [string, Method] => [
      `POST version:${verb}`,
      ({ name, version, may }, _, table) => {
        may(`versions.${verb}`);
        return shownVersion(table.setState(name, version, state));
      },
    ]),
  ),
};

function pageOf({ query }: GoogleRequest) {
  return {
    filter: query.get("filter") ?? "",
    pageSize: Number(query.get("pageSize") ?? 0),
    pageToken: query.get("pageToken") ?? "",
  };
}
