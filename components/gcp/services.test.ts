import { record } from "../../testing/record";
import { gcpProvider } from "./providers";
import { apis, Services, type ServicesArgs } from "./services";

const make = (args: Partial<ServicesArgs> = {}) =>
  record(
    () =>
      new Services(
        "apis",
        { project: "acme-science", ...args },
        { provider: gcpProvider("gcp", { project: "acme-science", region: "europe-west4" }) },
      ),
  );

test("[P1] every API is enabled in the project, and none is ever disabled again", async () => {
  const { recording } = await make();
  const services = recording.ofType("gcp:projects/service:Service");
  expect(services.map((s) => s.inputs.service)).toHaveLength(apis.length);
  for (const service of services) {
    expect(service.inputs).toEqual({
      project: "acme-science",
      service: expect.stringMatching(/^[a-z]+\.googleapis\.com$/) as string,
      disableOnDestroy: false,
    });
  }
});

test("the API that enables others comes before the others", async () => {
  const { recording } = await make();
  const usage = recording.one("apis-serviceusage");
  expect(usage.dependencies).toEqual([]);
  expect([...recording.one("apis-compute").dependencies].sort()).toEqual(
    [usage.urn, recording.one("apis-cloudresourcemanager").urn].sort(),
  );
});

test("an API left out is not touched, and counts as enabled", async () => {
  const { recording, result } = await make({ except: ["containerscanning", "serviceusage"] });
  expect(recording.resources.map((r) => r.name)).not.toContain("apis-containerscanning");
  expect(result.need("containerscanning")).toEqual([]);
  expect(result.need("compute", "dns")).toHaveLength(2);
});
