/** What a source of tools is asked, and what it answers. */
import type { ToolCache } from "./tool-cache.ts";
import type { ToolName } from "./tool-table.ts";

export interface ResolvedTool {
  readonly name: ToolName;
  /** Absolute path of the executable. */
  readonly path: string;
  /** As far as it is known; otherwise the pinned one. */
  readonly version: string;
  /** Where it comes from, for people: "the cache /home/…". */
  readonly source: string;
}

/** What all sources work with. */
export interface ToolSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cache: ToolCache;
  /** One line each, without a line break. */
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** A tool, or why there is none here (a phrase), or undefined where the source does not apply at all. */
export type SourceAnswer = ResolvedTool | string | undefined;

/** @throws only where going on to the next source would hide a mistake of the user's. */
export type ToolSource = (name: ToolName, surroundings: ToolSurroundings) => Promise<SourceAnswer>;
