import { checkInputs } from "../../simulator/engine/check";
import { resourceFacts } from "../../simulator/facts";
import { models } from "../../simulator/models";
import { EngineRefusal } from "./graph";
import type { RecordedResource } from "./recording";

/**
 * Asks of a resource what its provider asks before it plans anything: required inputs, inputs that exclude each
 * other, and what the simulated clouds know beyond that. A type of which nobody looked up anything is let through.
 *
 * @throws EngineRefusal that names every fault
 */
export function assertAccepted({
  type,
  name,
  inputs,
}: Pick<RecordedResource, "type" | "name" | "inputs">): void {
  if (!resourceFacts(type) && !models[type]) return;
  const { failures } = checkInputs(type, inputs, {}, { logical: name, seed: name }, models[type]);
  if (failures.length === 0) return;
  const faults = failures.map(({ property, reason }) => `${property}: ${reason}`);
  throw new EngineRefusal(`${type} '${name}' would be refused by its provider: ${faults.join("; ")}`);
}
