/** Real servers for tests, the quickstart and the bench: start, use, stop; several at once; nothing left behind. */
export { type ClusterPki, kubeconfigText } from "./cluster-pki.ts";
export { type ControlPlane, type ControlPlaneOptions, startControlPlane, waitUntilGone } from "./control-plane.ts";
export { freePort, freePorts } from "./free-port.ts";
export type { KubeRequest, KubeResponse } from "./kube-request.ts";
export type { KubectlOptions, KubectlResult } from "./kubectl.ts";
export {
  type CertificateAuthority,
  type CertificatePem,
  createCertificateAuthority,
  issueServerCertificate,
} from "./pki.ts";
export type { ProcessExit, ProcessOptions, SupervisedProcess } from "./process/supervised-process.ts";
export { createSupervisor, type SupervisedOptions, type Supervisor } from "./process/supervisor.ts";
export { type WaitOptions, waitUntil } from "./process/wait-until.ts";
export { createTempFolder, type TempFolder } from "./temp-folder.ts";
export { type ResolveOptions, resolveTool, resolveTools, ToolUnavailable } from "./tools/resolve-tool.ts";
export type { ResolvedTool } from "./tools/tool-source.ts";
export type { ToolName } from "./tools/tool-table.ts";
export { startVault, type Vault, type VaultOptions } from "./vault.ts";
export type { VaultClient, VaultRequest, VaultResponse } from "./vault-client.ts";
