/** Tells a server what the program's cloud resources are, where CLOUD_REGISTRY names one: an emulator may then decide by them. */
import type { Properties } from "../kubernetes-provider/property-values.ts";

const TIMEOUT_MS = 10_000;

/** A resource as the cloud has it now. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly properties: Properties;
}

/** `PUT` for what is created or updated, `DELETE` for what is gone. No address: nothing is told. @throws Error unless the server says that it has heard. */
export async function tellRegistry(
  address: string | undefined,
  method: "PUT" | "DELETE",
  registration: Registration,
): Promise<void> {
  if (!address) return;
  const response = await fetch(address, {
    method,
    body: JSON.stringify(registration),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`the registry answered ${response.status} to ${method} ${registration.urn}`);
}
