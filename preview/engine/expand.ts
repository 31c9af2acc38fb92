import { assertAccepted } from "./checks";
import { answers, EngineRefusal, type Graph } from "./graph";
import { componentModels, previewOutputs } from "./models";
import type { ChildModel, ComponentExpansion } from "./models/component";
import type { RecordedResource } from "./recording";
import { standingStates } from "./stand-ins";
import { UNKNOWN_SENTINEL } from "./values";

/**
 * Files the children that a remote component's plugin would register, parented to it and inheriting from it.
 *
 * @throws EngineRefusal for a component without a model
 */
export function expandRemote(graph: Graph, component: RecordedResource): ComponentExpansion {
  const model = componentModels[component.type];
  if (!model) {
    throw new EngineRefusal(
      `the offline preview has no model of the remote component ${component.type}: its plugin alone knows its children`,
    );
  }
  const request = {
    urn: component.urn,
    name: component.name,
    args: component.inputs,
    inputDependencies: component.propertyDependencies,
  };
  const first = model(request);
  const outputsOf = ({ type, inputs }: ChildModel) => previewOutputs(type, inputs);
  const states = answers.named ? standingStates(graph.answers, first.children, outputsOf) : undefined;
  const expansion = states ? model({ ...request, states }) : first;
  for (const child of expansion.children) {
    graph.register({
      urn: child.urn,
      type: child.type,
      name: child.name,
      parent: child.parent,
      custom: child.custom,
      remote: false,
      expandedFrom: component.urn,
      inputs: child.inputs,
      protect: undefined,
      retainOnDelete: undefined,
      deleteBeforeReplace: false,
      dependencies: child.dependencies,
      propertyDependencies: {},
      provider: providerOf(child, component),
      providers: {},
      aliases: [],
      ignoreChanges: child.ignoreChanges,
      replaceOnChanges: [],
      additionalSecretOutputs: [],
      timeouts: {},
      version: child.version,
    });
    if (child.custom) assertAccepted(child);
    graph.answer(child.urn, states?.get(child.urn)?.outputs ?? outputsOf(child));
  }
  graph.setOutputs(component.urn, expansion.outputs);
  return expansion;
}

function providerOf(child: ChildModel, component: RecordedResource): string | undefined {
  if (!child.provider) return undefined;
  if ("urn" in child.provider) return `${child.provider.urn}::${UNKNOWN_SENTINEL}`;
  return component.providers[child.provider.package];
}
