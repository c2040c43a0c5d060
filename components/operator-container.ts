/** The controller's container: hardened, with its probes. */
import type { types } from "@pulumi/kubernetes";
import { type Input, output } from "@pulumi/pulumi";
import { definedFields } from "./defined-fields.ts";
import type { ExternalSecretsOperatorArgs } from "./operator-args.ts";
import { controllerFlags, portsOf } from "./operator-flags.ts";
import type { ContainerImage } from "./operator-image.ts";
import type { OperatorParts } from "./operator-parts.ts";
import type { ProbeArgs } from "./operator-pod-args.ts";
import type { OperatorScope } from "./operator-scope.ts";
import { joined, metricsCertificate } from "./operator-volumes.ts";

type Container = types.input.core.v1.Container;
type SecurityContext = types.input.core.v1.SecurityContext;

const USER = 65532;

const HARDENED: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

/** The container, whose args are the controller's flags alone. */
export function controllerContainer(
  parts: OperatorParts,
  args: ExternalSecretsOperatorArgs,
  scope: OperatorScope,
  image: ContainerImage,
): Container {
  const ports = portsOf(args);
  return definedFields<Container>({
    name: "external-secrets",
    image: image.reference,
    imagePullPolicy: image.pullPolicy,
    args: controllerFlags(parts, args, scope),
    env: args.extraEnv,
    volumeMounts: joined(metricsCertificate(args.metrics?.listen?.secure)?.mount, args.extraVolumeMounts),
    ports: [
      { name: "metrics", containerPort: ports.metrics, protocol: "TCP" },
      { name: "health", containerPort: ports.health, protocol: "TCP" },
    ],
    readinessProbe: probe("/readyz", ports.health, { periodSeconds: 2 }, args.readinessProbe),
    livenessProbe: probe(
      "/healthz",
      ports.health,
      { periodSeconds: 10, initialDelaySeconds: 10, failureThreshold: 3 },
      args.livenessProbe,
    ),
    resources: args.resources ?? { requests: { cpu: "20m", memory: "96Mi" }, limits: { memory: "256Mi" } },
    securityContext: securityContextOf(args),
  });
}

function probe(
  path: string,
  port: number,
  defaults: Omit<ProbeArgs, "enabled">,
  { enabled = true, ...given }: ProbeArgs = {},
): Container["livenessProbe"] {
  return enabled ? { httpGet: { path, port }, ...defaults, ...given } : undefined;
}

function securityContextOf({ openshift, securityContext }: ExternalSecretsOperatorArgs): Input<SecurityContext> {
  const own = { ...HARDENED, ...(openshift === true ? {} : { runAsUser: USER, runAsGroup: USER }) };
  if (securityContext === undefined) return own;
  // Outputs of parts are resolved: what is left is an input again.
  return output(securityContext).apply((given) => ({ ...own, ...given }) as SecurityContext);
}
