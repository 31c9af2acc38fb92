import { mirrorReferences } from "../components/mirrors";
import { imageCommands } from "./image-commands";

const registry = {
  prefix: "r.example/p",
  repositories: {
    backend: "r.example/p/c-backend",
    frontend: "r.example/p/c-frontend",
    "user-environment": "r.example/p/c-user-environment",
  },
  mirrors: mirrorReferences("r.example/p", "c"),
  loginCommand: "sign-in r.example",
};

test("[O1] every image is built for the nodes' processor from the application's own folder, and pushed to the stack's registry", () => {
  const commands = imageCommands(registry, "v7");
  expect(commands).toHaveLength(8);
  expect(commands[1]).toBe("sign-in r.example");
  expect(commands[4]).toBe(
    "docker buildx build --platform linux/amd64 --push -t r.example/p/c-backend:v7 cmbcluster/backend",
  );
  expect(commands[5]).toContain("c-frontend:v7 cmbcluster/nextjs-frontend");
  expect(commands[6]).toContain("c-user-environment:v7 cmbcluster/docker/denario");
  expect(commands[7]).toBe("pulumi config set --path cmbcluster:images.tag v7");
  expect(commands.join("\n")).not.toContain("latest");
});

test("[O1] other projects' images are copied at their pinned versions, unless they were copied before", () => {
  const [, , busybox, litestream] = imageCommands(registry);
  expect(busybox).toBe(
    "docker buildx imagetools inspect r.example/p/c-mirror-busybox:1.37.0 >/dev/null 2>&1 || " +
      "docker buildx imagetools create --tag r.example/p/c-mirror-busybox:1.37.0 docker.io/library/busybox:1.37.0",
  );
  expect(litestream).toContain("c-mirror-litestream:0.5.16 docker.io/litestream/litestream:0.5.16");
});
