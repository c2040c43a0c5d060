/** For those who may not import backends. */
export { SecretMap } from "../providers/secret-map.ts";
