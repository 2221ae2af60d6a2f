// node shots.mjs REPORT TARGET OUT: pictures of a report for the README and for one's own eyes.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withBrowser } from "./browser.mjs";

const [report, target, out] = process.argv.slice(2);
const url = (name) => pathToFileURL(join(report, name)).href;

async function shot(name, page, options, { print = false, height = 1500 } = {}) {
  await withBrowser({ viewport: { width: 1180, height }, ...options }, async (context) => {
    const tab = await context.newPage();
    if (print) await tab.emulateMedia({ media: "print" });
    await tab.goto(url(page));
    await tab.screenshot({ path: join(out, `${name}.png`) });
  });
}

await shot("report-light", "index.html", { colorScheme: "light" });
await shot("report-dark", `targets/${target}.html`, { colorScheme: "dark" }, { height: 1200 });
await shot("report-phone", "index.html", { viewport: { width: 360, height: 1400 } });
await shot("report-print", "index.html", { viewport: { width: 794, height: 1123 } }, { print: true });
