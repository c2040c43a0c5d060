/** Addresses as Go programs take them: `:8080`, `127.0.0.1:8080`, `[::1]:8080`. */

export interface ListenAddress {
  /** Unset: all of the machine's. */
  readonly host?: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** Undefined where the text is no address. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const port = Number(match[3]);
  const host = match[1] ?? match[2] ?? "";
  return port > 65_535 ? undefined : host === "" ? { port } : { host, port };
}
