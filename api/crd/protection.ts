/** The admission policy that keeps the CRDs from being deleted by mistake, and with them every Secret that ExternalSecrets own. Pure. */
import { COMPONENT_CONTROLLER, COMPONENT_LABEL, DELETION_ALLOWED_ANNOTATION } from "../labels.ts";
import { API_GROUP, GENERATORS_GROUP } from "../resource-types.ts";

const NAME = "external-secrets-crds";

/** A `ValidatingAdmissionPolicy` of `admissionregistration.k8s.io/v1` and its binding (Kubernetes 1.30 or later). */
export interface CrdProtection {
  readonly policy: {
    readonly apiVersion: "admissionregistration.k8s.io/v1";
    readonly kind: "ValidatingAdmissionPolicy";
    readonly metadata: ProtectionMetadata;
    readonly spec: object;
  };
  readonly binding: {
    readonly apiVersion: "admissionregistration.k8s.io/v1";
    readonly kind: "ValidatingAdmissionPolicyBinding";
    readonly metadata: ProtectionMetadata;
    readonly spec: object;
  };
}

interface ProtectionMetadata {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const REFUSAL =
  "deleting this CRD deletes every object of its kind, and with ExternalSecrets the Secrets that they own. To keep the Secrets, " +
  `run "external-secrets release" first, which also permits the deletion; to lose them, annotate the CRD with ${DELETION_ALLOWED_ANNOTATION}=true`;

/** Refuses to delete CRDs of our groups that `DELETION_ALLOWED_ANNOTATION` does not permit to delete. */
export function crdProtection(): CrdProtection {
  const apiVersion = "admissionregistration.k8s.io/v1";
  const metadata = { name: NAME, labels: { [COMPONENT_LABEL]: COMPONENT_CONTROLLER } };
  const groups = [API_GROUP, GENERATORS_GROUP].map((group) => `"${group}"`).join(", ");
  const annotation = `oldObject.metadata.?annotations[?"${DELETION_ALLOWED_ANNOTATION}"]`;
  return {
    policy: {
      apiVersion,
      kind: "ValidatingAdmissionPolicy",
      metadata,
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: ["apiextensions.k8s.io"],
              apiVersions: ["*"],
              operations: ["DELETE"],
              resources: ["customresourcedefinitions"],
            },
          ],
        },
        matchConditions: [{ name: "own-crds", expression: `oldObject != null && oldObject.spec.group in [${groups}]` }],
        validations: [
          {
            expression: `${annotation}.orValue("") == "true"`,
            message: REFUSAL,
            reason: "Forbidden",
          },
        ],
      },
    },
    binding: {
      apiVersion,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata,
      spec: { policyName: NAME, validationActions: ["Deny"] },
    },
  };
}
