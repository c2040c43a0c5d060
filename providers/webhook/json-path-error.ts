/** The error of a JSONPath that is none. */

/** The message says what is wrong, and quotes nothing of the data. */
export class JsonPathError extends Error {}
