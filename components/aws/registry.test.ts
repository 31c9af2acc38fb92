import { children, recordAws, withProvider } from "./fixtures/recorded";
import { Registry, type RegistryArgs } from "./registry";

const make = (changes: Partial<RegistryArgs> = {}) =>
  recordAws(
    () =>
      new Registry(
        "r",
        {
          cluster: "cmb-test",
          accountId: "123456789012",
          region: "eu-central-1",
          imagesKeep: 10,
          keepImages: false,
          ...changes,
        },
        withProvider(),
      ),
  );

test("[O1] a registry is one repository and one clean-up rule a role, and one without clean-up a copied image", async () => {
  const { recording } = await make();
  expect(children(recording)).toEqual([
    "LifecyclePolicy r-backend-cleanup",
    "LifecyclePolicy r-frontend-cleanup",
    "LifecyclePolicy r-user-environment-cleanup",
    "Repository r-backend",
    "Repository r-frontend",
    "Repository r-mirror-busybox",
    "Repository r-mirror-litestream",
    "Repository r-user-environment",
    "cmb:aws:Registry r",
  ]);
});

test("[O1] tags cannot be overwritten, images are scanned as they arrive and lie encrypted", async () => {
  const { recording } = await make();
  expect(recording.one("r-backend").inputs).toEqual({
    name: "cmb-test-backend",
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "AES256" }],
    forceDelete: true,
  });
});

test("[O1] all but the newest images are cleaned up, and what lost its tag after a day", async () => {
  const { recording } = await make({ imagesKeep: 30 });
  const { inputs } = recording.one("r-frontend-cleanup");
  expect(inputs.repository).toBe("cmb-test-frontend");
  const { rules } = JSON.parse(inputs.policy as string) as { rules: { selection: unknown }[] };
  expect(rules.map((rule) => rule.selection)).toEqual([
    { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 },
    { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 },
  ]);
});

test("[O1] copies of other projects' images cannot be overwritten either, and lie where their references say", async () => {
  const { recording, result } = await make();
  expect(recording.one("r-mirror-busybox").inputs).toEqual({
    ...recording.one("r-backend").inputs,
    name: "cmb-test-mirror-busybox",
  });
  const host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
  expect(result.mirrors).toEqual({
    busybox: `${host}/cmb-test-mirror-busybox:1.37.0`,
    litestream: `${host}/cmb-test-mirror-litestream:0.5.16`,
  });
});

test("images are kept from deletion where asked", async () => {
  const { recording } = await make({ keepImages: true });
  expect(recording.one("r-backend").inputs.forceDelete).toBe(false);
});

test("[O1] image names and the command that signs in are known beforehand", async () => {
  const { result } = await make();
  const host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
  expect(result.repositories["user-environment"]).toBe(`${host}/cmb-test-user-environment`);
  expect(result.loginCommand).toBe(
    `aws ecr get-login-password --region eu-central-1 | docker login --username AWS --password-stdin ${host}`,
  );
});
