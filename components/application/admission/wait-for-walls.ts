import { type Check, literal } from "./cel";

/**
 * What the waiting container of an environment does before it looks for its bucket: it waits until the API server,
 * which no environment may reach, cannot be reached. A network plugin may give a new pod its rules some seconds after
 * its network (the VPC CNI in its standard mode does), and user code starts only when this container has ended. Where
 * the rules never come, a minute later the pod fails, and says why: an agent that is dead on a node lets nobody out.
 *
 * A busybox without these options of `nc` would count as a closed wall, which is what there was before.
 */
export const SCRIPT = `${[
  "# The network walls first.",
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
    `size(${args}) == 2 && ${container}.args[0] == "-c" && !${container}.args[1].startsWith(${literal(SCRIPT)})` +
    ` ? ["-c", ${literal(SCRIPT)} + string(${container}.args[1])] : ${args}.map(a, string(a))`
  );
}

/** Where the shell of the waiting container finds itself and its programs, and what they are linked with. */
const PROGRAMS = "^/((usr/(local/)?)?(s?bin|lib[0-9]*)(/.*)?|usr(/local)?|etc(/.*)?)$";

/** A path that is what it says: no `..`, nothing empty. */
const PLAIN_PATH = "^(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$";

/**
 * What makes the waiting container wait: the walls refuse any that would run something else, or the same with other
 * programs or another address. Admission has put the script there (`mend.ts`) where the arguments are the application's.
 *
 * @param containers an expression for the waiting containers of a pod
 */
export function waitingChecks(containers: string): Check[] {
  return [
    {
      expression:
        `${containers}.all(c, c.?command.orValue([]) == ["/bin/sh"] && size(c.?args.orValue([])) == 2` +
        ` && c.args[0] == "-c" && c.args[1].startsWith(${literal(SCRIPT)})` +
        ` && size(c.?env.orValue([])) == 0 && size(c.?envFrom.orValue([])) == 0)`,
      message:
        "The container that waits for the bucket waits for the network's walls before, and takes no variables.",
    },
    {
      expression:
        `${containers}.all(c, c.?volumeMounts.orValue([]).all(m, m.mountPath.matches(${literal(PLAIN_PATH)})` +
        ` && !m.mountPath.matches(${literal(PROGRAMS)})))`,
      message: "The container that waits for the bucket mounts it over no program, at a plain path.",
    },
  ];
}
