/** An HTTP server on loopback that lets in one user by NTLM version 2, connection by connection. It knows the password's hash alone. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import http, { type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface NtlmServer {
  readonly address: string;
  /** Method, body and user of each request that was let in. */
  readonly served: readonly string[];
  readonly connections: number;
  stop(): Promise<void>;
}

export interface NtlmServerOptions {
  /** How it calls NTLM. Default `NTLM`. */
  readonly scheme?: "NTLM" | "Negotiate";
  /** Whether its challenge has a time. Default: no. */
  readonly timestamp?: boolean;
  /** Ends the connection after each challenge, as a proxy in between may. */
  readonly forgetful?: boolean;
}

/** The user of MS-NLMP's own examples (4.2.1), and the hash of the password "Password" that stands there (4.2.2.1.2). */
export const NTLM_USER = { name: "Domain\\User", password: "Password" } as const;
const PASSWORD_HASH = Buffer.from("a4f49c406510bdcab6824ee7c30fd852", "hex");
const DOMAIN = "Domain";

/** Answers whoever is let in with `hello`. */
export async function startNtlmServer(options: NtlmServerOptions = {}): Promise<NtlmServer> {
  const scheme = options.scheme ?? "NTLM";
  const challenges = new WeakMap<Socket, Buffer>();
  const served: string[] = [];
  let connections = 0;
  const server = http.createServer(async (request, response) => {
    const body = await bodyOf(request);
    const message = messageIn(request.headers.authorization, scheme);
    const kind = message?.readUInt32LE(8);
    const nonce = challenges.get(request.socket);
    challenges.delete(request.socket);
    if (message !== undefined && kind === 3 && nonce !== undefined && isProof(message, nonce)) {
      served.push(`${request.method} ${body} by ${field(message, 36).toString("utf16le")}`);
      return response.end("hello");
    }
    response.statusCode = 401;
    response.setHeader("www-authenticate", scheme);
    if (message !== undefined && kind === 1) {
      const fresh = randomBytes(8);
      challenges.set(request.socket, fresh);
      response.setHeader("www-authenticate", `${scheme} ${challengeMessage(fresh, options).toString("base64")}`);
      if (options.forgetful) response.setHeader("connection", "close");
    }
    return response.end("<html>who are you?</html>");
  });
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    served,
    get connections() {
      return connections;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}

function messageIn(header: string | undefined, scheme: string): Buffer | undefined {
  const [name, token] = (header ?? "").split(" ");
  const message = Buffer.from(token ?? "", "base64");
  return name === scheme && message.toString("latin1", 0, 8) === "NTLMSSP\0" ? message : undefined;
}

function field(message: Buffer, at: number): Buffer {
  const start = message.readUInt32LE(at + 4);
  return message.subarray(start, start + message.readUInt16LE(at));
}

function challengeMessage(nonce: Buffer, { timestamp = false }: NtlmServerOptions): Buffer {
  const target = Buffer.from(DOMAIN, "utf16le");
  const time = Buffer.concat([Buffer.from([7, 0, 8, 0]), Buffer.from("0090d336b734c301", "hex")]);
  const name = Buffer.concat([Buffer.from([2, 0, target.length, 0]), target]);
  const info = Buffer.concat([name, ...(timestamp ? [time] : []), Buffer.alloc(4)]);
  const header = Buffer.alloc(48);
  header.write("NTLMSSP\0", "latin1");
  header.writeUInt32LE(2, 8);
  header.writeUInt16LE(target.length, 12);
  header.writeUInt16LE(target.length, 14);
  header.writeUInt32LE(48, 16);
  header.writeUInt32LE(0xa2898205, 20);
  nonce.copy(header, 24);
  header.writeUInt16LE(info.length, 40);
  header.writeUInt16LE(info.length, 42);
  header.writeUInt32LE(48 + target.length, 44);
  return Buffer.concat([header, target, info]);
}

/** Whether the answer was made with the user's password and this challenge. */
function isProof(message: Buffer, nonce: Buffer): boolean {
  const response = field(message, 20);
  const user = field(message, 36).toString("utf16le");
  const domain = field(message, 28).toString("utf16le");
  if (`${domain}\\${user}`.toLowerCase() !== NTLM_USER.name.toLowerCase() || response.length < 44) return false;
  const identity = Buffer.from(user.toUpperCase() + domain, "utf16le");
  const key = createHmac("md5", PASSWORD_HASH).update(identity).digest();
  const proof = createHmac("md5", key).update(nonce).update(response.subarray(16)).digest();
  return timingSafeEqual(proof, response.subarray(0, 16));
}
