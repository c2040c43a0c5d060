/** What a probe of AWS says about a store. */
import type { ValidationResult } from "../contract.ts";
import { ReferentNamespaceMissing } from "../errors.ts";

/**
 * More than ESO asks for, which only looks whether there are credentials: AWS has to accept them. Needs no permission.
 * @throws what the probe throws, but for a namespace that only an ExternalSecret can give.
 */
export async function validationOf(probe: Promise<void>): Promise<ValidationResult> {
  try {
    await probe;
    return "Ready";
  } catch (error) {
    if (error instanceof ReferentNamespaceMissing) return "Unknown";
    throw error;
  }
}
