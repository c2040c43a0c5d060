/** The volume of the metrics' certificate, beside those of the user. */
import type { types } from "@pulumi/kubernetes";
import { type Input, output } from "@pulumi/pulumi";
import { METRICS_CERTIFICATE_FOLDER } from "./operator-flags.ts";
import { isWanted } from "./operator-parts.ts";
import type { MetricsSecureArgs } from "./operator-surroundings-args.ts";

const NAME = "metrics-certificate";

interface CertificateVolume {
  readonly volume: types.input.core.v1.Volume;
  readonly mount: types.input.core.v1.VolumeMount;
}

/** Undefined where no Secret is named. */
export function metricsCertificate(secure: MetricsSecureArgs | undefined): CertificateVolume | undefined {
  if (!isWanted(secure) || secure.secretName === undefined) return undefined;
  return {
    volume: { name: NAME, secret: { secretName: secure.secretName } },
    mount: { name: NAME, mountPath: secure.certDir ?? METRICS_CERTIFICATE_FOLDER, readOnly: true },
  };
}

/** The one before the others; undefined where there is none at all. */
export function joined<T extends object>(
  first: T | undefined,
  others: Input<Input<T>[]> | undefined,
): Input<Input<T>[]> | undefined {
  if (first === undefined) return others;
  if (others === undefined) return [first];
  return output(others).apply((more) => [first, ...(more as T[])]);
}
