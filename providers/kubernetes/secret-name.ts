/** The names of Secrets. */
import { InvalidConfiguration } from "../errors.ts";

const NAME = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const MAX_NAME_LENGTH = 253;

/**
 * The name of a Secret, which is also fit to be part of a path.
 * @throws InvalidConfiguration where no Secret can be called that.
 */
export function secretNameOf(key: string): string {
  if (NAME.test(key) && key.length <= MAX_NAME_LENGTH) return key;
  throw new InvalidConfiguration(`key "${key}" cannot be the name of a Secret`, {
    remoteKey: key,
    remedy: "give the name of a Secret (lower case letters, digits, - and .); a key in it is named by property",
  });
}
