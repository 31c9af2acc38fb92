import { weekdays } from "../../components/sleep";
import { block, choice, flag, list, pattern, text } from "./leaves";

const time = (description: string, example: string) =>
  pattern(/^([01]\d|2[0-3]):[0-5]\d$/, {
    description,
    example,
    fault: "CMB-C062",
    cause: "a time of day as HH:MM",
  });

/** The `sleep` block: nodes that are not paid for while nobody works. */
export const sleepSchema = block(
  {
    now: flag({
      description:
        "Asleep by hand: node pools stay at zero through every `up`. `npm run sleep` and `npm run wake` write it.",
      example: true,
    }).optional(),
    schedule: block(
      {
        timezone: text({
          description: "Time zone by its name in the IANA database; summer time is followed.",
          example: "Europe/Berlin",
          fault: "CMB-C062",
        }),
        sleep: time("When the nodes go, on each of the days. User environments that still run end.", "20:00"),
        wake: time("When the platform's nodes come back, on each of the days.", "07:00"),
        days: list(
          choice(weekdays, {
            description: "A day.",
            example: "MO",
            fault: "CMB-C062",
            cause: `one of ${weekdays.join(", ")}`,
          }),
          {
            description:
              "Days on which people work. Between the evening of one and the morning of the next the nodes are gone. Omitted: Monday to Friday.",
            example: ["MO", "TU", "WE", "TH", "FR"],
          },
        ).optional(),
      },
      "Times at which the cloud's own scheduler sends all nodes away and brings the platform's back. It closes the platform's nodes to user environments.",
    ).optional(),
  },
  "Nodes that are not paid for while nobody works. Control plane, load balancer, way out, volumes and buckets stay, and cost what they cost.",
);
