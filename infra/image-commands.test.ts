import { imageCommands } from "./image-commands";

const registry = {
  prefix: "r.example/p",
  repositories: {
    backend: "r.example/p/c-backend",
    frontend: "r.example/p/c-frontend",
    "user-environment": "r.example/p/c-user-environment",
  },
  loginCommand: "sign-in r.example",
};

test("[O1] every image is built for the nodes' processor from the application's own folder, and pushed to the stack's registry", () => {
  const commands = imageCommands(registry, "v7");
  expect(commands).toHaveLength(6);
  expect(commands[1]).toBe("sign-in r.example");
  expect(commands[2]).toBe(
    "docker buildx build --platform linux/amd64 --push -t r.example/p/c-backend:v7 cmbcluster/backend",
  );
  expect(commands[3]).toContain("c-frontend:v7 cmbcluster/nextjs-frontend");
  expect(commands[4]).toContain("c-user-environment:v7 cmbcluster/docker/denario");
  expect(commands[5]).toBe("pulumi config set --path cmbcluster:images.tag v7");
  expect(commands.join("\n")).not.toContain("latest");
});
