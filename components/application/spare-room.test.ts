import type { Recording } from "../../testing/record";
import { deploy, settings } from "./fixtures";

const room = (least: number) => ({
  settings: { ...settings, environments: { ...settings.environments, spare: { least, percent: 15 } } },
});
/** What of the spare room is made; its parts are counted in `spare-room/spare-room.test.ts`. */
const made = (recording: Recording) =>
  recording.list().filter((line) => line.startsWith("cmb:application:SpareRoom "));
/** How environments are mended, and what is refused of them, as text. */
const admission = (recording: Recording) =>
  [
    recording.one("application-admission-mend-environments"),
    recording.one(
      "application-admission-environments",
      "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
    ),
  ].map(({ inputs }) => JSON.stringify(inputs.spec));

test("[H6] where a profile keeps places free, the room is made and environments go to nodes with its images alone", async () => {
  const { recording } = await deploy(room(1));
  expect(made(recording)).toEqual(["cmb:application:SpareRoom application-spare-room"]);
  expect(recording.one("application-spare-room", "cmb:application:SpareRoom").inputs).toMatchObject({
    least: 1,
    percent: 15,
  });
  for (const text of admission(recording)) expect(text).toContain("science-spare-room");
});

test("[H6] where none is kept free, nothing of it is made, and no environment waits for a node that has no mark", async () => {
  const { recording } = await deploy(room(0));
  expect(made(recording)).toEqual([]);
  for (const text of admission(recording)) expect(text).not.toContain("spare-room");
});

test("[H6, O1] before the images are named there is no room, for there is nothing to pull", async () => {
  const { recording } = await deploy({ ...room(1), images: undefined });
  expect(made(recording)).toEqual([]);
  for (const text of admission(recording)) expect(text).toContain("science-spare-room");
});
