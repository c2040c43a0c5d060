/** The certificate that the metrics are served with: read from files, and again when they change. */
import { readFile } from "node:fs/promises";
import type { Clock } from "../../api/clock.ts";
import type { Logger } from "../kube/contracts.ts";

/** Paths of PEM files, such as a mounted Secret of type `kubernetes.io/tls` has. */
export interface TlsFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** In PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/** How often the files are looked at; a certificate is renewed long before it ends. */
const LOOK_MS = 60_000;

/** @throws Error naming the file that cannot be read */
export async function readTlsPair({ certificateFile, keyFile }: TlsFiles): Promise<TlsPair> {
  const [cert, key] = await Promise.all([certificateFile, keyFile].map(readText));
  return { cert: cert ?? "", key: key ?? "" };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new Error(
      `${file} cannot be read (${code}); mount the certificate, or serve metrics without --metrics-secure`,
    );
  }
}

/** Hands a changed pair to `renew` until the signal aborts; a pair that cannot be used is logged, and the old one stays. */
export async function followTlsFiles(
  files: TlsFiles,
  first: TlsPair,
  renew: (pair: TlsPair) => void,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  signal: AbortSignal,
): Promise<void> {
  let current = first;
  while (!signal.aborted) {
    await clock.sleep(LOOK_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const next = await readTlsPair(files);
      if (next.cert === current.cert && next.key === current.key) continue;
      renew(next);
      current = next;
      logger.info("the certificate of the metrics was renewed");
    } catch (error) {
      logger.warn("the certificate of the metrics could not be renewed; the old one stays", {
        file: files.certificateFile,
        error: error instanceof Error ? error.name : typeof error,
      });
    }
  }
}
