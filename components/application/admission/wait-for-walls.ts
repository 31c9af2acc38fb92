import { literal } from "./cel";

/** How the script begins, by which one that has it already is known. */
const BEGINNING = "# The network walls first.\n";

/**
 * What the waiting container of an environment does before it looks for its bucket: it waits until the API server,
 * which no environment may reach, cannot be reached. A network plugin may give a new pod its rules some seconds after
 * its network (the VPC CNI in its standard mode does), and user code starts only when this container has ended. Where
 * the rules never come, a minute later the pod fails, and says why: an agent that is dead on a node lets nobody out.
 *
 * A busybox without these options of `nc` would count as a closed wall, which is what there was before.
 */
export const SCRIPT = `${BEGINNING}${[
  "closed=no",
  "for second in $(seq 1 60); do",
  '  nc -z -w 1 "$KUBERNETES_SERVICE_HOST" "$KUBERNETES_SERVICE_PORT" 2>/dev/null || { closed=yes; break; }',
  "  sleep 1",
  "done",
  'if [ "$closed" = no ]; then',
  "  echo 'ERROR: this pod can reach the API server after a minute: the network policies of its node are not in force'",
  "  exit 1",
  "fi",
].join("\n")}\n`;

/** The waiting container's arguments in CEL: its script after ours, once, however often admission is asked. */
export function waitingArgs(container: string): string {
  const args = `${container}.?args.orValue([])`;
  return (
    `size(${args}) == 2 && ${container}.args[0] == "-c" && !${container}.args[1].startsWith(${literal(BEGINNING)})` +
    ` ? ["-c", ${literal(SCRIPT)} + string(${container}.args[1])] : ${args}.map(a, string(a))`
  );
}
