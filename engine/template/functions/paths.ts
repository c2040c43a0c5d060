/** Sprig's functions of paths; `os*` are those of Linux. */
import type { GoFunction } from "../go-value.ts";
import { asString, defineAll } from "./define.ts";

/** The functions by their names in sprig. */
export function pathFunctions(): GoFunction[] {
  return [
    ...defineAll(["base", "osBase"], ["string"], ([path]) => base(asString(path))),
    ...defineAll(["dir", "osDir"], ["string"], ([path]) => dir(asString(path))),
    ...defineAll(["clean", "osClean"], ["string"], ([path]) => clean(asString(path))),
    ...defineAll(["ext", "osExt"], ["string"], ([path]) => /\.[^./]*$/.exec(asString(path))?.[0] ?? ""),
    ...defineAll(["isAbs", "osIsAbs"], ["string"], ([path]) => asString(path).startsWith("/")),
  ];
}

function base(path: string): string {
  if (path === "") return ".";
  let end = path.length;
  while (end > 0 && path.charAt(end - 1) === "/") end--;
  return end === 0 ? "/" : path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

function dir(path: string): string {
  return clean(path.slice(0, path.lastIndexOf("/") + 1));
}

/** The shortest path that is the same by its letters. */
function clean(path: string): string {
  const isRooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!isRooted) kept.push("..");
  }
  const joined = kept.join("/");
  return isRooted ? `/${joined}` : joined || ".";
}
