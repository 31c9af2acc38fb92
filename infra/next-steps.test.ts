import { clientUris } from "../components/sign-in";
import { nextSteps, type NextStepFacts } from "./next-steps";

const facts = (over: Partial<NextStepFacts> = {}): NextStepFacts => ({
  domain: "x.org",
  nameServers: ["ns1.", "ns2."],
  zoneCreated: true,
  google: clientUris("x.org", "google"),
  imageCommands: ["build", "push"],
  site: "https://x.org",
  ...over,
});

test("[O4] a first up asks for delegation, the Google client, and images, in that order", () => {
  const steps = nextSteps(facts());
  expect(steps).toHaveLength(4);
  expect(steps[0]).toContain("Delegate x.org at its registrar to ns1., ns2.");
  expect(steps[1]).toContain("https://x.org/api/auth/callback/google");
  expect(steps[2]).toContain("build\npush");
  expect(steps[3]).toBe("Then run: pulumi up");
});

test("[O4] with an existing zone, no Google and images named, only signing in is left", () => {
  expect(nextSteps(facts({ zoneCreated: false, google: undefined, imageCommands: [] }))).toEqual([
    "Sign in at https://x.org with one of the addresses in cmbcluster:application.adminEmails.",
  ]);
});
