import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithPython } from "../../../testing/with-tools";

/** A server in the API server's place. */
describeWithPython("the script that says that a node has its images", () => {
  let folder: string;
  let server: Server;
  const heard: unknown[] = [];
  /** Answers to come; 200 when there are no more. */
  const answers: number[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "mark-"));
    const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "ca.crt")];
    const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const made = spawnSync("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"],
      ...files,
      ...names,
    ]);
    expect(made.status).toBe(0);
    writeFileSync(join(folder, "token"), "abc\n");
    const pem = { key: readFileSync(join(folder, "key.pem")), cert: readFileSync(join(folder, "ca.crt")) };
    server = createServer(pem, (request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        const { authorization, "content-type": type } = request.headers;
        heard.push([request.method, request.url, authorization, type, JSON.parse(body)]);
        response.statusCode = answers.shift() ?? 200;
        response.end("{}");
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test("[H6] labels its own pod with the account's token, and asks again until it is heard", async () => {
    answers.push(503, 403);
    const env = {
      PATH: process.env["PATH"],
      ACCOUNT_FOLDER: folder,
      KUBERNETES_SERVICE_HOST: "127.0.0.1",
      KUBERNETES_SERVICE_PORT: String((server.address() as { port: number }).port),
      POD_NAMESPACE: "science-spare-room",
      POD_NAME: "images-x1",
      LABEL: "cmb.dev/images",
      VALUE: "pulled",
      ONCE: "1",
    };
    const said = await new Promise<string>((done, failed) =>
      execFile("python3", [join(__dirname, "mark.py")], { env }, (error, stdout, stderr) =>
        error ? failed(new Error(error.message)) : done(stdout + stderr),
      ),
    );
    const once = [
      "PATCH",
      "/api/v1/namespaces/science-spare-room/pods/images-x1",
      "Bearer abc",
      "application/merge-patch+json",
      { metadata: { labels: { "cmb.dev/images": "pulled" } } },
    ];
    expect(heard).toEqual([once, once, once]);
    expect(said).toMatch(/marked\nnot heard: HTTP Error 503.*\nnot heard: HTTP Error 403/);
  });
});
