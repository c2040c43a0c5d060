/** The value in Secret Manager's answers and requests, with its checksum. */
import { Transient } from "../errors.ts";
import { noteVersion } from "../value-version.ts";
import { crc32c } from "./crc32c.ts";
import { objectOf } from "./google-failure.ts";
import type { SecretManagerSubject } from "./secret-manager-error.ts";

/** The value, with the number of its version. @throws Transient where the payload is missing or its checksum does not fit. */
export function payloadIn(
  answer: Readonly<Record<string, unknown>>,
  { name, remoteKey = "" }: SecretManagerSubject,
): Uint8Array {
  const payload = objectOf(answer.payload);
  // An empty value is left out, as protobuf's JSON has it.
  const { data = "", dataCrc32c } = payload ?? {};
  if (payload === undefined || typeof data !== "string") {
    throw new Transient(`the answer for ${name} holds no payload`, { remoteKey });
  }
  const bytes = Buffer.from(data, "base64");
  if (dataCrc32c === undefined || String(dataCrc32c) === String(crc32c(bytes))) {
    return noteVersion(bytes, typeof answer.name === "string" ? answer.name.split("/").at(-1) : undefined);
  }
  throw new Transient(`the checksum of ${name} is wrong: it was damaged on its way`, { remoteKey });
}

/** As JSON takes it. */
export function payloadOf(value: Uint8Array): { readonly data: string; readonly dataCrc32c: string } {
  return { data: Buffer.from(value).toString("base64"), dataCrc32c: String(crc32c(value)) };
}
