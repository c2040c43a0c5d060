/** Where a store's Azure issues tokens, and which resource its vaults are. */
import type { AzureKvProviderSpec } from "../../api/stores/azurekv.ts";

/** Endpoints of one Azure. */
export interface Cloud {
  /** URL below which each tenant has its token endpoint. */
  readonly authority: string;
  /** The field that decides `authority`. */
  readonly authorityField: string;
  /** What tokens are asked for, without a slash at the end; undefined where only the vault itself can tell. */
  readonly resource: string | undefined;
}

const BLOCK = "spec.provider.azurekv";

/** For a server whose certificate is not trusted: the store has no field for certificates. */
export const UNTRUSTED_REMEDY = "have the controller trust its authority: name the PEM file in NODE_EXTRA_CA_CERTS";

interface Endpoints {
  readonly authority: string;
  readonly resource: string | undefined;
}

const CLOUDS: Readonly<Record<NonNullable<AzureKvProviderSpec["environmentType"]>, Endpoints>> = {
  PublicCloud: { authority: "https://login.microsoftonline.com", resource: "https://vault.azure.net" },
  USGovernmentCloud: { authority: "https://login.microsoftonline.us", resource: "https://vault.usgovcloudapi.net" },
  ChinaCloud: { authority: "https://login.chinacloudapi.cn", resource: "https://vault.azure.cn" },
  // Shut down in 2021; the check says so unless customCloudConfig replaces the endpoints.
  GermanCloud: { authority: "https://login.microsoftonline.de", resource: "https://vault.microsoftazure.de" },
  AzureStackCloud: { authority: "https://login.microsoftonline.com", resource: undefined },
};

/** Microsoft's own hosts that issue tokens. */
const AUTHORITY_HOSTS: ReadonlySet<string> = new Set([
  ...Object.values(CLOUDS).map(({ authority }) => new URL(authority).host),
  "login.partner.microsoftonline.cn",
]);

/** The cloud of `environmentType`, with what `customCloudConfig` replaces of it. */
export function cloudOf(spec: AzureKvProviderSpec): Cloud {
  const { authority, resource } = CLOUDS[spec.environmentType ?? "PublicCloud"];
  const custom = spec.customCloudConfig;
  if (custom === undefined) return { authority, authorityField: `${BLOCK}.environmentType`, resource };
  return {
    authority: custom.activeDirectoryEndpoint,
    authorityField: `${BLOCK}.customCloudConfig.activeDirectoryEndpoint`,
    resource: withoutSlash(custom.keyVaultEndpoint) ?? ofDomain(custom.keyVaultDNSSuffix) ?? resource,
  };
}

function withoutSlash(url: string | undefined): string | undefined {
  return url?.replace(/\/+$/, "") || undefined;
}

function ofDomain(suffix: string | undefined): string | undefined {
  const domain = suffix?.replace(/^\.+/, "");
  return domain ? `https://${domain}` : undefined;
}

/** Whether Microsoft runs the host of the URL. */
export function isKnownAuthority(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === "https:" && AUTHORITY_HOSTS.has(parsed.host);
}

/**
 * Whether the vault lies in the resource's domain, so that a token for the resource may be sent to it. Without this, whoever
 * may write a store could have any server given the token.
 */
export function isVaultOf(resource: string, vaultUrl: string): boolean {
  const vault = URL.parse(vaultUrl)?.hostname;
  const domain = URL.parse(resource)?.hostname;
  return vault !== undefined && domain !== undefined && (vault === domain || vault.endsWith(`.${domain}`));
}

/** Whether tokens and secrets may travel to the URL: TLS, or this very machine. */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url?.protocol === "https:") return true;
  return url?.protocol === "http:" && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}
