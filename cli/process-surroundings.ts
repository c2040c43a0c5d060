/** What a command is given of its process. */

export interface ProcessSurroundings {
  /** Of the package. */
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string | undefined;
  /** A name for this process that no other has. */
  readonly identity: string;
  /** Aborts when the process is told to stop. */
  readonly signal: AbortSignal;
  /** Bytes are written as they are. */
  readonly writeOutput: (text: string | Uint8Array) => void;
  readonly writeError: (text: string) => void;
}
