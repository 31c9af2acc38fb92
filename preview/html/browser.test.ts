import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { previewStack } from "../engine";
import { reportOf } from "../report/build";
import { findBrowser } from "./find-browser";
import { page as pageOf } from "./page";

jest.setTimeout(120_000);

const root = join(__dirname, "../..");
/** Pages and pictures stay here, to be looked at. */
const folder = join(root, ".cache/pages");
const found = findBrowser();
// Without a browser nothing can be shown here; the reason stands in the title.
const inBrowser = "path" in found ? test : test.skip;
const why = "missing" in found ? ` (skipped: ${found.missing})` : "";

let browser: Browser;
beforeAll(async () => {
  if (!("path" in found)) return;
  mkdirSync(folder, { recursive: true });
  const reports = await Promise.all(
    ["aws-dev", "gcp-dev"].map(async (stack) =>
      reportOf(await previewStack({ root, stack }), { faults: [], findings: [], toSupply: [] }),
    ),
  );
  writeFileSync(join(folder, "both.html"), pageOf(reports));
  writeFileSync(join(folder, "aws-dev.html"), pageOf(reports.slice(0, 1)));
  // Containers have no user namespaces for the sandbox; the page is the project's own and fetches nothing.
  browser = await chromium.launch({ executablePath: found.path, args: ["--no-sandbox"] });
});
afterAll(async () => {
  if ("path" in found) await browser.close();
});

/** Opens a page and gives what it asked for and what it complained about. */
async function open(file: string, options: Parameters<Browser["newPage"]>[0] = {}) {
  const page = await browser.newPage(options);
  const seen = { requests: [] as string[], complaints: [] as string[] };
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("console", (message) => message.type() === "error" && seen.complaints.push(message.text()));
  page.on("pageerror", (error) => seen.complaints.push(error.message));
  await page.goto(pathToFileURL(join(folder, file)).href);
  return { page, ...seen };
}

const wide = { width: 2400, height: 1400 };
const usual = { width: 1440, height: 1000 };
const narrow = { width: 390, height: 844 };

inBrowser(
  `the page asks for nothing but itself, and its own policy lets all of it through${why}`,
  async () => {
    const { page, requests, complaints } = await open("both.html", { viewport: usual });
    expect(requests).toEqual([pathToFileURL(join(folder, "both.html")).href]);
    expect(complaints).toEqual([]);
    const policed = await page.evaluate<string>(
      `getComputedStyle(document.querySelector(".scroll")).overflowX + getComputedStyle(document.body).marginTop`,
    );
    expect(policed).toBe("auto0px");
    await page.close();
  },
);

inBrowser.each([
  ["wide", wide],
  ["usual", usual],
  ["narrow", narrow],
])(`on a %s screen nothing is cut off sideways${why}`, async (name, viewport) => {
  const { page } = await open("both.html", { viewport });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(viewport.width);
  const boxes = await Promise.all(
    [0, 1].map(async (i) => (await page.locator(`#stack-${i}`).boundingBox())!),
  );
  const beside = boxes[1]!.x > boxes[0]!.x + boxes[0]!.width - 1;
  expect(beside).toBe(name === "wide");
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
});

inBrowser.each(["light", "dark"] as const)(
  `in %s every text stands out from its ground by 4.5 to 1${why}`,
  async (colorScheme) => {
    const { page } = await open("aws-dev.html", { viewport: usual, colorScheme });
    await page.screenshot({ path: join(folder, `${colorScheme}.png`), fullPage: true });
    const weak = await page.evaluate<string[]>(contrast);
    expect(weak).toEqual([]);
    await page.close();
  },
);

inBrowser(`no box of the picture covers another, and no text leaves its box${why}`, async () => {
  const { page } = await open("both.html", { viewport: usual });
  expect(await page.evaluate<string[]>(overlaps)).toEqual([]);
  await page.close();
});

inBrowser(
  `by keyboard: a box is reached, its lines stand out, arrows go on, Escape leaves; so does the pointer${why}`,
  async () => {
    const { page } = await open("aws-dev.html", { viewport: usual });
    const own = () => page.evaluate<number>(`document.querySelectorAll(".line.own").length`);
    const label = () => page.evaluate<string>(`document.activeElement.getAttribute("aria-label") ?? ""`);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    await page.locator(".box").first().focus();
    const first = await label();
    expect(first).toContain("Internet");
    expect(await own()).toBeGreaterThan(2);
    await page.keyboard.press("ArrowDown");
    expect(await label()).not.toBe(first);
    await page.keyboard.press("ArrowUp");
    expect(await label()).toBe(first);
    await page.screenshot({ path: join(folder, "chosen.png") });
    await page.keyboard.press("Escape");
    expect(await own()).toBe(0);
    await page.locator(".box.cluster").first().hover();
    expect(await own()).toBeGreaterThan(2);
    await page.close();
  },
);

inBrowser(`the tree opens by keyboard and is filtered by what is typed${why}`, async () => {
  const { page } = await open("aws-dev.html", { viewport: usual });
  const shown = () => page.locator(".tree summary:visible").count();
  const before = await shown();
  await page.locator('.tree details[data-words^="cmb:platform"] > summary').first().focus();
  await page.keyboard.press("Enter");
  expect(await shown()).toBeGreaterThan(before);
  await page.getByLabel("Filter by type or name").fill("natinstance");
  expect(await shown()).toBeLessThan(12);
  await page.getByLabel("Filter by type or name").fill("");
  expect(await shown()).toBeGreaterThanOrEqual(before);
  await page.close();
});

inBrowser(
  `without its script the page tells the same: no filter, all of the tree and the words${why}`,
  async () => {
    const { page } = await open("aws-dev.html", { viewport: usual, javaScriptEnabled: false });
    expect(await page.locator(".filter:visible").count()).toBe(0);
    expect(await page.locator(".box").count()).toBeGreaterThan(20);
    expect(await page.locator(".words li").count()).toBeGreaterThan(20);
    await page.close();
  },
);

inBrowser(`on paper it is some pages, in black on white, all of the bill included${why}`, async () => {
  const { page } = await open("aws-dev.html", { viewport: usual, colorScheme: "dark" });
  const pdf = await page.pdf({ path: join(folder, "print.pdf"), format: "A4", landscape: true });
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)!.length).toBeGreaterThan(2);
  await page.emulateMedia({ media: "print" });
  expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
  await page.screenshot({ path: join(folder, "print.png") });
  await page.close();
});

/** Texts whose colour is less than 4.5 to 1 from what is behind them (WCAG 2.2, 1.4.3). Runs in the page. */
const contrast = `(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (let up = node; up; up = up.parentElement) {
      const colour = parse(getComputedStyle(up).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const node of document.querySelectorAll("h1,h2,h3,p,td,th,a,summary,figcaption,code,pre,strong,span,svg text")) {
    if (!node.textContent.trim() || node.closest("[hidden]")) continue;
    const style = getComputedStyle(node);
    const inBox = node.closest(".box");
    const behind = inBox ? parse(getComputedStyle(inBox.querySelector("rect")).fill) : ground(node);
    const [a, b] = [light(parse(node instanceof SVGElement ? style.fill : style.color)), light(behind)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) weak.push(node.tagName + " " + node.textContent.slice(0, 30) + " " + ratio.toFixed(2));
  }
  return weak;
})()`;

/** Boxes that cover each other, and texts wider than their box. Runs in the page. */
const overlaps = `(() => {
  const wrong = [];
  for (const svg of document.querySelectorAll(".picture svg")) {
    const boxes = [...svg.querySelectorAll(".box rect")].map((rect) => [rect.parentNode, rect.getBoundingClientRect()]);
    boxes.forEach(([node, a], i) => {
      for (const text of node.querySelectorAll("text")) {
        if (text.getBoundingClientRect().right > a.right + 0.5) wrong.push("text: " + text.textContent);
      }
      for (const [other, b] of boxes.slice(i + 1)) {
        if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          wrong.push("boxes: " + node.getAttribute("aria-label") + " / " + other.getAttribute("aria-label"));
      }
    });
  }
  return wrong;
})()`;
