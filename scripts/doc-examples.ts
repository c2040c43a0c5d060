/** Code blocks of the documentation that repeat a file: `<!-- file: PATH -->` stands before each. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withArgumentTables } from "./component-reference.ts";
import { projectFolder } from "./run-step.ts";

const BLOCK = /(<!-- file: (\S+) -->\n```\w*\n)([\s\S]*?)(```)/g;

/** The pages that people read. */
export function docPages(): string[] {
  return ["README.md", ...globSync("docs/**/*.md", { cwd: projectFolder })].sort();
}

/** The page's text with each block as its file is now, and each table of arguments as the declarations are. @throws where a file or a declaration is missing. */
export function withExamples(page: string): { readonly before: string; readonly after: string } {
  const before = readFileSync(join(projectFolder, page), "utf8");
  const after = before.replace(
    BLOCK,
    (_, head: string, path: string, __, tail: string) => head + readFileSync(join(projectFolder, path), "utf8") + tail,
  );
  return { before, after: withArgumentTables(after) };
}

/** The pages whose examples differ from their files. */
export function staleExamples(): string[] {
  return docPages().filter((page) => {
    const { before, after } = withExamples(page);
    return before !== after;
  });
}

/** Writes every page's examples anew; the result names the pages that changed. */
export function writeExamples(): string[] {
  const stale = staleExamples();
  for (const page of stale) writeFileSync(join(projectFolder, page), withExamples(page).after);
  return stale;
}
