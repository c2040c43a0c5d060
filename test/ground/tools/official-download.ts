/** The official download of a tool, held against its published checksum, into the cache. */
import { chmod, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { extract } from "tar";
import { createDownloader, type Downloader, DownloadFailed } from "./http-download.ts";
import { acceptIfItFits } from "./installed-tool.ts";
import { OFFICIAL_HOSTS, officialRelease, type Platform, type Release, type ReleaseHosts } from "./official-release.ts";
import { cacheEntry } from "./tool-cache.ts";
import { checksumOf } from "./tool-folder.ts";
import type { ToolSource, ToolSurroundings } from "./tool-source.ts";
import { TOOLS, type ToolName } from "./tool-table.ts";
import { unzipMember } from "./unzip.ts";

export interface OfficialDownloadOptions {
  /** Default: the projects' own. */
  readonly hosts?: ReleaseHosts;
  /** Default: one for this source, with a limit of 3 s for each connection. */
  readonly downloader?: Downloader;
  /** Default: this machine. */
  readonly machine?: Platform;
}

/**
 * A source that downloads. A host that cannot be reached is not tried again by the same source. `GROUND_DOWNLOADS=off`
 * turns it off. What cannot be downloaded is a phrase; a wrong checksum or a program of another version is thrown.
 */
export function officialDownload(options: OfficialDownloadOptions = {}): ToolSource {
  const { hosts = OFFICIAL_HOSTS, machine = process } = options;
  let { downloader } = options;
  return async (name, surroundings) => {
    const { environment, cache, onProgress, signal } = surroundings;
    if (environment.GROUND_DOWNLOADS === "off") return "downloads are off (GROUND_DOWNLOADS)";
    const release = officialRelease(name, machine, hosts);
    if (typeof release === "string") return release;
    downloader ??= createDownloader({ environment });
    const use = downloader;
    const { version } = TOOLS[name];
    try {
      const folder = await cache.fill(
        cacheEntry(name, version),
        (part) => downloadInto(part, name, release, use, surroundings),
        { signal, onWait: () => onProgress(`${name}: another process is downloading it`) },
      );
      return { name, path: join(folder, name), version, source: release.url };
    } catch (error) {
      if (error instanceof DownloadFailed) return error.message;
      throw error;
    }
  };
}

async function downloadInto(
  folder: string,
  name: ToolName,
  release: Release,
  downloader: Downloader,
  { onProgress, signal }: ToolSurroundings,
): Promise<void> {
  const expected = checksumIn(await downloader.text(release.checksumUrl, signal), release.url);
  if (expected === undefined) throw new DownloadFailed(`${release.checksumUrl} does not list ${release.url}`);
  onProgress(`${name}: downloading ${release.url}`);
  const archive = join(folder, `${name}.download`);
  const sha256 = await downloader.file(release.url, archive, signal);
  if (sha256 !== expected) throw new Error(`the SHA-256 of ${release.url} is ${sha256}, not ${expected}: not used`);
  await unpack(archive, name, release, folder);
  const path = join(folder, name);
  await chmod(path, 0o755);
  const answer = await acceptIfItFits(name, path, release.url, signal);
  if (typeof answer === "string") throw new Error(`${release.url} is not what it should be: ${answer}`);
}

async function unpack(archive: string, name: ToolName, release: Release, folder: string): Promise<void> {
  const { form, member = name, keepsAll = false } = release;
  if (form === "executable") return rename(archive, join(folder, name));
  if (form === "zip") await unzipMember(archive, member, join(folder, name));
  else {
    await extract({
      file: archive,
      cwd: folder,
      strip: member.split("/").length - 1,
      filter: (path) => keepsAll || path.replace(/^\.\//, "") === member,
    });
  }
  await rm(archive);
}

/** The bare checksum, or the one of the file's name in a list. */
function checksumIn(text: string, url: string): string | undefined {
  const bare = /^\s*([0-9a-f]{64})\s*$/i.exec(text)?.[1];
  return bare?.toLowerCase() ?? checksumOf(text, url.slice(url.lastIndexOf("/") + 1));
}
