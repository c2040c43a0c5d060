/** The bottom layer of our images: Node, the libraries that it needs, and the few files of /etc that programs expect. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { sharedLibraries } from "./shared-libraries.ts";
import type { TarEntry } from "./tar-archive.ts";

/** Where Node is in the image. */
export const NODE_IN_IMAGE = "/usr/local/bin/node";

/** The user and group that the image runs as: the number that distroless images use for `nonroot`. */
export const NONROOT = 65532;

const ETC: Readonly<Record<string, string>> = {
  "etc/passwd": `root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:${NONROOT}:${NONROOT}:nonroot:/home/nonroot:/sbin/nologin\n`,
  "etc/group": `root:x:0:\nnonroot:x:${NONROOT}:\n`,
  "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
};

/** Where distributions keep the list of certificate authorities. Node has its own; `--use-system-ca` reads this one. */
const CERTIFICATE_LISTS = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

/** The project's own Node (the npm package `node`), or else the one that runs this. */
export async function nodeProgram(): Promise<string> {
  const own = join(import.meta.dirname, "..", "..", "node_modules", "node", "bin", "node");
  return access(own).then(
    () => own,
    () => process.execPath,
  );
}

/**
 * What the layer holds.
 * @param node the Node program to put in: for Linux, dynamically linked.
 * @throws Error on another system than Linux; what {@link sharedLibraries} throws.
 */
export async function nodeFiles(node: string, signal: AbortSignal): Promise<TarEntry[]> {
  if (process.platform !== "linux") {
    throw new Error(
      "the built-in image writer packs this machine's Node and so needs Linux: use docker, podman or buildah",
    );
  }
  const entries: TarEntry[] = [
    { type: "File", path: NODE_IN_IMAGE.slice(1), mode: 0o755, content: { file: node } },
    { type: "Directory", path: "tmp", mode: 0o1777 },
    { type: "Directory", path: "home/nonroot", mode: 0o755 },
  ];
  for (const { imagePath, file } of await sharedLibraries(node, signal)) {
    entries.push({ type: "File", path: imagePath.slice(1), mode: 0o755, content: { file } });
  }
  for (const [path, text] of Object.entries(ETC)) {
    entries.push({ type: "File", path, mode: 0o644, content: Buffer.from(text) });
  }
  for (const file of CERTIFICATE_LISTS) {
    if (
      !(await access(file).then(
        () => true,
        () => false,
      ))
    )
      continue;
    entries.push({ type: "File", path: "etc/ssl/certs/ca-certificates.crt", mode: 0o644, content: { file } });
    break;
  }
  return entries;
}

/** This machine's processor as OCI names it. */
export function ociArchitecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}
