/** The `aws` backend: Secrets Manager, Parameter Store and, for reading, Certificate Manager. */
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import type { Backend } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { retryPolicyOf } from "../retry.ts";
import { openCertificateManagerApi } from "./certificate-manager/certificate-manager-api.ts";
import { createCertificateManagerClient } from "./certificate-manager/client.ts";
import { checkAwsSpec } from "./check-spec.ts";
import { createAwsClient } from "./client.ts";
import { connectionOf } from "./connection.ts";
import { CurrentValues } from "./current-values.ts";
import { createParameterStoreClient } from "./parameter-store/client.ts";
import { openParameterStoreApi } from "./parameter-store/parameter-store-api.ts";
import { openSecretsManagerApi } from "./secrets-manager-api.ts";
import { createSecurityTokenService } from "./security-token-service.ts";
import { storeCredentials } from "./store-credentials.ts";

/** `random` (from 0 up to 1) spreads retries. The official client library is loaded when the first store is opened. */
export function createAwsBackend({ random }: { readonly random: () => number }): Backend<AwsProviderSpec> {
  return {
    capabilities: "ReadWrite",
    check: checkAwsSpec,
    async open(spec, context, signal) {
      const [defect] = checkAwsSpec(spec);
      if (defect !== undefined) throw new InvalidConfiguration(defect, { field: "spec.provider.aws" });
      const connection = connectionOf(spec.region, context);
      const { clock, requestTimeoutMs, observeCall } = context;
      const limits = { clock, random, requestTimeoutMs, observeCall, retry: retryPolicyOf(context.retrySettings) };
      const sts = createSecurityTokenService(connection, limits);
      const credentials = await storeCredentials({ spec, context, connection, limits, sts }, signal);
      const closeOthers = () => sts.close();
      if (spec.service === "CertificateManager") {
        const api = openCertificateManagerApi(connection, limits, credentials);
        return createCertificateManagerClient({ api, closeOthers });
      }
      if (spec.service === "ParameterStore") {
        const api = await openParameterStoreApi(connection, limits, credentials);
        return createParameterStoreClient({ spec, api, closeOthers });
      }
      const api = await openSecretsManagerApi(connection, limits, credentials);
      return createAwsClient({ spec, api, reader: context, currentValues: new CurrentValues(api, clock), closeOthers });
    },
  };
}

/** The one that the table of backends loads. */
export const awsBackend: Backend<AwsProviderSpec> = createAwsBackend({ random: Math.random });
