/** How Node runs the controller: in the image, in tests and in benches. Measured in docs/decisions/memory.md. */

/**
 * Flags of Node: memory before speed. A small young generation and a heap that grows in small steps, and no threads for garbage
 * collection and compilation, each of which has memory of its own.
 */
export const CONTROLLER_NODE_FLAGS = [
  "--max-semi-space-size=2",
  "--heap-growing-percent=15",
  "--optimize-for-size",
  "--single-threaded",
] as const;

/** Environment: one arena of the C library, whose freed memory all threads share. */
export const CONTROLLER_ENV = { MALLOC_ARENA_MAX: "1" } as const;
