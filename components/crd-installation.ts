/** Puts the CRDs into the cluster, whoever made those that are there already, and protects them from being deleted by mistake. */
import { ValidatingAdmissionPolicyBindingPatch } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicyBindingPatch.js";
import { ValidatingAdmissionPolicyPatch } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicyPatch.js";
import { CustomResourceDefinition } from "@pulumi/kubernetes/apiextensions/v1/customResourceDefinition.js";
import { CustomResourceDefinitionPatch } from "@pulumi/kubernetes/apiextensions/v1/customResourceDefinitionPatch.js";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";
import { crdProtection } from "../api/crd/protection.ts";
import { DELETION_ALLOWED_ANNOTATION } from "../api/labels.ts";
import type { CrdsArgs } from "./crd-args.ts";
import { type CrdManifest, crdManifests } from "./crd-manifests.ts";

/**
 * A Patch resource applies whether the object is there or not; any other create fails where it is. The manager has a name that a
 * later stack has, too, and takes over the fields of Helm or of whoever wrote them before.
 */
const ADOPTING = {
  "pulumi.com/patchForce": "true",
  "pulumi.com/patchFieldManager": "pulumi-external-secrets",
} as const;

/**
 * Registers the CRDs and their protection; what needs the CRDs depends on what is returned. Nothing where `crds.create` is false.
 *
 * By default they belong to the cluster: CRDs that are there are adopted, and `pulumi destroy` leaves them. With `deleteOnDestroy` they
 * belong to the stack, which must then be the one that creates them.
 */
export function installCrds(
  name: string,
  args: { readonly crds?: CrdsArgs },
  childOptions: CustomResourceOptions,
): Resource[] {
  const { create = true, deleteOnDestroy = false, protect = !deleteOnDestroy } = args.crds ?? {};
  if (!create) return [];
  if (deleteOnDestroy && protect) {
    throw new Error(
      "crds.protect and crds.deleteOnDestroy exclude each other: `pulumi destroy` could not delete protected CRDs; remove one of them",
    );
  }
  const kept = { ...childOptions, retainOnDelete: true };
  const protection = protect ? installProtection(name, kept) : [];
  return crdManifests().map((manifest) => {
    const resourceName = `${name}-${manifest.metadata.name}`;
    if (deleteOnDestroy) {
      return new CustomResourceDefinition(resourceName, annotated(manifest, {}, true) as never, childOptions);
    }
    const adopted = annotated(manifest, ADOPTING, !protect);
    return new CustomResourceDefinitionPatch(resourceName, adopted as never, { ...kept, dependsOn: protection });
  });
}

/** It is there before the CRDs, so that there is no time in which they are not protected. */
function installProtection(name: string, kept: CustomResourceOptions): Resource[] {
  const { policy, binding } = crdProtection();
  const adopting = <T extends { readonly metadata: object }>(manifest: T) => ({
    ...manifest,
    metadata: { ...manifest.metadata, annotations: ADOPTING },
  });
  const policyResource = new ValidatingAdmissionPolicyPatch(`${name}-crds`, adopting(policy) as never, kept);
  const bindingOptions = { ...kept, dependsOn: [policyResource] };
  const bindingResource = new ValidatingAdmissionPolicyBindingPatch(
    `${name}-crds`,
    adopting(binding) as never,
    bindingOptions,
  );
  return [policyResource, bindingResource];
}

/** What a release has permitted is taken back by the next installation. */
function annotated(manifest: CrdManifest, more: Readonly<Record<string, string>>, deletable: boolean): CrdManifest {
  const annotations = { ...manifest.metadata.annotations, ...more, [DELETION_ALLOWED_ANNOTATION]: String(deletable) };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}
