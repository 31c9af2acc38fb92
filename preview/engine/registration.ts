import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Registration } from "./graph";
import type { RecordedAlias, RecordedResource } from "./recording";
import { makeUrn, STACK_TYPE } from "./urn";
import { decodeMap } from "./values";

/**
 * Reads a registration off the wire. Two options that the deployment does not use are not recorded: checksums
 * of plugins and environment variables for providers.
 *
 * @param root URN of the stack, the parent of whatever names none
 */
export function readRegistration(
  request: RegisterResourceRequest,
  stack: string,
  project: string,
  root: string | undefined,
): Registration {
  const type = request.getType();
  const parent = request.getParent() || (type === STACK_TYPE ? undefined : root);
  return {
    urn: makeUrn(stack, project, parent, type, request.getName()),
    type,
    name: request.getName(),
    parent,
    custom: request.getCustom(),
    remote: request.getRemote(),
    inputs: decodeMap(request.getObject()?.toJavaScript() ?? {}),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deletedWith: request.getDeletedwith() || undefined,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([key, value]) => [key, value.getUrnsList()]),
    ),
    provider: request.getProvider() || undefined,
    providers: Object.fromEntries([...request.getProvidersMap().entries()]),
    aliases: readAliases(request),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    timeouts: readTimeouts(request),
    version: request.getVersion(),
    importId: request.getImportid() || undefined,
  };
}

function readAliases(request: RegisterResourceRequest): RecordedAlias[] {
  return request.getAliasesList().map((alias) => {
    const spec = alias.getSpec();
    if (!spec) return alias.getUrn();
    return {
      ...nonEmpty({
        name: spec.getName(),
        type: spec.getType(),
        stack: spec.getStack(),
        project: spec.getProject(),
        parentUrn: spec.getParenturn(),
      }),
      ...(spec.getNoparent() ? { noParent: true as const } : {}),
    };
  });
}

function readTimeouts(request: RegisterResourceRequest): RecordedResource["timeouts"] {
  const timeouts = request.getCustomtimeouts();
  return nonEmpty({
    create: timeouts?.getCreate(),
    update: timeouts?.getUpdate(),
    delete: timeouts?.getDelete(),
    read: timeouts?.getRead(),
  });
}

function nonEmpty<K extends string>(fields: Record<K, string | undefined>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as Partial<
    Record<K, string>
  >;
}
