// node check.mjs FOLDER: look at every kind of page as people do; prints JSON of what is wrong.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withBrowser } from "./browser.mjs";

const folder = process.argv[2];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const some = (kind, most) => readdirSync(join(folder, kind)).sort().slice(0, most).map((n) => join(kind, n));
const kinds = { opd: 2, audit: 1, targets: 2, frameworks: 1, controls: 1, apart: 2 };
const pages = ["index.html", "patch.html", "method.html", ...Object.entries(kinds).flatMap(([k, n]) => some(k, n))];
const wrong = [];

async function open(context, name) {
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(`${name}: console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`${name}: script: ${error}`));
  page.on("dialog", (dialog) => { wrong.push(`${name}: a dialog opened`); dialog.dismiss(); });
  await page.goto(pathToFileURL(join(folder, name)).href);
  if (asked.length !== 1) wrong.push(`${name}: asked for ${asked.slice(1).join(" ")}`);
  if ((await page.title()) === "pwned") wrong.push(`${name}: a planted script ran`);
  return page;
}

for (const colorScheme of ["light", "dark"]) {
  await withBrowser({ colorScheme, bypassCSP: false }, async (context) => {
    for (const name of pages) {
      const page = await open(context, name);
      const session = await context.newCDPSession(page);
      await session.send("Page.setBypassCSP", { enabled: true });
      await page.reload();
      await page.evaluate(axe);
      const found = await page.evaluate((tags) => axe.run({ runOnly: tags }), RULES);
      for (const violation of found.violations) {
        const where = violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ");
        wrong.push(`${name} (${colorScheme}): ${violation.id}: ${where}`);
      }
      await page.close();
    }
  });
}

await withBrowser({ viewport: { width: 320, height: 640 } }, async (context) => {
  for (const name of pages) {
    const page = await open(context, name);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 320) wrong.push(`${name}: ${width} px wide at 320`);
    await page.close();
  }
});

await withBrowser({ javaScriptEnabled: false }, async (context) => {
  const page = await open(context, "index.html");
  for (const words of [".cards .card", "ol.mend > li", ".four .card", "#targets tbody tr"]) {
    if (!(await page.locator(words).first().isVisible())) wrong.push(`without scripts: no ${words}`);
  }
  for (const dead of [".filter", ".explore"]) {
    if (await page.locator(dead).first().isVisible()) wrong.push(`without scripts: a dead ${dead}`);
  }
});

await withBrowser({}, async (context) => {
  const page = await open(context, "index.html");
  const rows = await page.locator("#targets tbody tr").count();
  await page.locator(".filter input").first().fill("web1 ");
  const shown = await page.locator("#targets tbody tr:visible").count();
  if (!(shown > 0 && shown < rows)) wrong.push(`the filter shows ${shown} of ${rows}`);
  await exploreAll(page);
  const pdf = await page.pdf({ format: "A4" });
  if (pdf.length < 10_000) wrong.push("the printed page is empty");
});

// Every answer can be filtered, the filter can be mailed, and what a target sent stays text.
async function exploreAll(page) {
  const lines = page.locator(".explore tbody tr");
  const number = async () => Number(/\d+/.exec(await page.locator(".explore [role=status]").textContent())[0]);
  await page.locator(".explore").waitFor();
  const failures = await number();
  if (failures < 1 || (await lines.count()) !== Math.min(failures, 200)) wrong.push("explore: no failure");
  await page.selectOption("#by-status", "");
  if (!((await number()) > failures)) wrong.push("explore: all answers are not more than failures");
  await page.selectOption("#by-opd", { index: 1 });
  await page.fill("#by-words", "web0 ssh");
  const few = await number();
  if (few < 1 || few > failures) wrong.push(`explore: ${few} answers about ssh on web0`);
  const again = await page.context().newPage();
  await again.goto(page.url());
  await again.locator(".explore tbody tr").first().waitFor();
  if ((await again.locator("#by-words").inputValue()) !== "web0 ssh") wrong.push("explore: not recalled");
  if ((await again.locator(".explore tbody tr").count()) !== few) wrong.push("explore: another answer");
  const link = await again.locator(".explore tbody a").first().getAttribute("href");
  await again.goto(new URL(link, page.url()).href);
  if ((await again.locator(":target").count()) !== 1) wrong.push(`explore: ${link} leads nowhere`);
}

console.log(JSON.stringify({ pages, wrong }));
