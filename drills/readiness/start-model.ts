import type { CloudName } from "../../components/cmb-cluster";
import { within } from "./draw";
import { inputs } from "./inputs";

/**
 * Seconds from a pod's place on a node that has its images to Ready. A model: no kubelet and no container runs in the
 * drill. The probes are the application's own.
 */
export function startSeconds(cloud: CloudName, draw: () => number): number {
  const { probe } = inputs;
  // The kubelet's looks come every five seconds from a moment of its own, and count from the tenth second on.
  const probed = probe.delay + probe.period * draw();
  return (
    within(inputs.sandbox, draw) +
    within(inputs.mount[cloud], draw) +
    within(inputs.wait, draw) +
    within(inputs.start, draw) +
    probed +
    within(inputs.report, draw)
  );
}

/** The spans of the model, for whoever reads the figures. */
export function startSecondsInWords(): string {
  const { mount, probe, report, sandbox, start, wait } = inputs;
  const span = ([least, most]: readonly [number, number]) => `${least}-${most}`;
  return (
    `a pod's start: sandbox ${span(sandbox)}, mount ${span(mount.aws)} (aws) ${span(mount.gcp)} (gcp), ` +
    `wait ${span(wait)}, container ${span(start)}, startup probe ${probe.delay}-${probe.delay + probe.period}, report ${span(report)}`
  );
}
