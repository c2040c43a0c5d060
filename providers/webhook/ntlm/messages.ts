/** The three messages of NTLM, version 2 (MS-NLMP 2.2.1): what is offered, the server's challenge, and the answer to it. */
import { createHmac } from "node:crypto";
import { md4 } from "./md4.ts";

/** Who logs in. */
export interface NtlmUser {
  readonly user: string;
  /** Empty for `user@domain`. Unset: the server's own. */
  readonly domain?: string;
  readonly password: string;
}

/** What the server asks. */
export interface NtlmChallenge {
  readonly nonce: Uint8Array;
  /** The server's name or domain. */
  readonly target: string;
  /** Attributes of the server, to be sent back as they are. */
  readonly targetInfo: Uint8Array;
  readonly flags: number;
}

/** Of this login alone. */
export interface NtlmOccasion {
  /** 8 random bytes. */
  readonly nonce: Uint8Array;
  readonly nowMs: number;
}

const SIGNATURE = Buffer.from("NTLMSSP\0", "latin1");
/** Unicode, target asked for, NTLM, always sign, extended session security, target info, keys of 128 and 56 bits. */
const FLAGS = 0xa0888205;
const CHALLENGE_HEADER_BYTES = 48;
const ANSWER_HEADER_BYTES = 64;
/** From 1601, where Windows counts time from, to 1970. */
const EPOCH_MS = 11_644_473_600_000n;
const END_OF_INFO = 0;
const TIMESTAMP = 7;

/** The first message, without a domain or a workstation. */
export function negotiateMessage(): Uint8Array {
  const message = Buffer.alloc(32);
  SIGNATURE.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(FLAGS, 12);
  return message;
}

/** Undefined where the bytes are no challenge of version 2. */
export function readChallenge(bytes: Uint8Array): NtlmChallenge | undefined {
  const message = Buffer.from(bytes);
  if (message.length < CHALLENGE_HEADER_BYTES || !message.subarray(0, 8).equals(SIGNATURE)) return undefined;
  const target = fieldAt(message, 12);
  const targetInfo = fieldAt(message, 40);
  if (message.readUInt32LE(8) !== 2 || target === undefined || targetInfo === undefined) return undefined;
  const flags = message.readUInt32LE(20) >>> 0;
  return { nonce: message.subarray(24, 32), target: target.toString("utf16le"), targetInfo, flags };
}

/** The last message, which proves that the password is known. */
export function authenticateMessage(user: NtlmUser, challenge: NtlmChallenge, occasion: NtlmOccasion): Uint8Array {
  const domain = user.domain ?? challenge.target;
  const key = responseKey(user.user, domain, user.password);
  const timestamp = attribute(challenge.targetInfo, TIMESTAMP);
  const tail = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    timestamp ?? fileTime(occasion.nowMs),
    occasion.nonce,
    Buffer.alloc(4),
    challenge.targetInfo,
    Buffer.alloc(4),
  ]);
  const proof = hmacMd5(key, challenge.nonce, tail);
  const lanManager = Buffer.concat([hmacMd5(key, challenge.nonce, occasion.nonce), occasion.nonce]);
  const payloads = [
    timestamp === undefined ? lanManager : Buffer.alloc(lanManager.length),
    Buffer.concat([proof, tail]),
    utf16(domain),
    utf16(user.user),
    // Workstation and session key.
    Buffer.alloc(0),
    Buffer.alloc(0),
  ];
  return answerOf(payloads, (challenge.flags & FLAGS) >>> 0);
}

function answerOf(payloads: readonly Buffer[], flags: number): Uint8Array {
  const header = Buffer.alloc(ANSWER_HEADER_BYTES);
  SIGNATURE.copy(header);
  header.writeUInt32LE(3, 8);
  let offset = header.length;
  for (const [index, payload] of payloads.entries()) {
    const at = 12 + index * 8;
    header.writeUInt16LE(payload.length, at);
    header.writeUInt16LE(payload.length, at + 2);
    header.writeUInt32LE(offset, at + 4);
    offset += payload.length;
  }
  header.writeUInt32LE(flags, 60);
  return Buffer.concat([header, ...payloads]);
}

/** `NTOWFv2` of MS-NLMP 3.3.2. */
export function responseKey(user: string, domain: string, password: string): Uint8Array {
  return hmacMd5(md4(utf16(password)), utf16(user.toUpperCase() + domain));
}

function hmacMd5(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const hmac = createHmac("md5", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

function utf16(text: string): Buffer {
  return Buffer.from(text, "utf16le");
}

/** In steps of 100 ns. */
function fileTime(nowMs: number): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Math.trunc(nowMs)) + EPOCH_MS) * 10_000n);
  return time;
}

/** Length, capacity and offset stand at `at`. */
function fieldAt(message: Buffer, at: number): Buffer | undefined {
  const start = message.readUInt32LE(at + 4);
  const end = start + message.readUInt16LE(at);
  return end > message.length ? undefined : message.subarray(start, end);
}

function attribute(info: Uint8Array, wanted: number): Buffer | undefined {
  const bytes = Buffer.from(info);
  for (let at = 0; at + 4 <= bytes.length; ) {
    const id = bytes.readUInt16LE(at);
    const end = at + 4 + bytes.readUInt16LE(at + 2);
    if (id === END_OF_INFO || end > bytes.length) return undefined;
    if (id === wanted) return bytes.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}
