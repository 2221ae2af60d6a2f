"use strict";
// Filters only: every page is whole without this script, and it asks for nothing.
const root = document.documentElement;
root.classList.add("js");

const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

for (const input of document.querySelectorAll(".filter input")) {
  const rows = [...document.querySelectorAll("#" + input.dataset.table + " tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  input.addEventListener("input", () => {
    const words = wordsOf(input.value);
    rows.forEach((row, at) => { row.hidden = !words.every((word) => texts[at].includes(word)); });
  });
}

addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});

const MOST = 200; // rows shown at once; the rest is counted
const FRAGMENT = "#hasil:";
const packed = document.getElementById("matrix");
if (packed && "DecompressionStream" in window) unpack(packed.textContent).then(explore);

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function explore({ checks, opds, targets }) {
  const section = document.getElementById("hasil");
  const form = section.querySelector("form");
  const count = section.querySelector("[role=status]");
  const body = section.querySelector("tbody");
  const label = (name, value) =>
    section.querySelector("template").content.querySelector(`[data-${name}="${value}"]`);
  const pages = targets.map(([id, name, opd, letters]) =>
    ({ id, opd, letters, text: `${id} ${name} ${opds[opd]}`.toLowerCase() }));

  function matches(wanted) {
    const found = [];
    const words = wordsOf(wanted.words);
    let number = 0;
    checks.forEach(([id, title, severity], at) => {
      if ((wanted.check && wanted.check !== id) || (wanted.severity && wanted.severity !== severity)) return;
      const text = `${id} ${title}`.toLowerCase();
      for (const page of pages) {
        const letter = page.letters[at];
        if ((wanted.status && wanted.status !== letter) || (wanted.opd && wanted.opd !== page.opd)) continue;
        if (!words.every((word) => text.includes(word) || page.text.includes(word))) continue;
        number += 1;
        if (found.length < MOST) found.push([id, title, severity, page, letter]);
      }
    });
    return [found, number];
  }

  function row([id, title, severity, page, letter]) {
    const line = document.createElement("tr");
    const head = line.appendChild(document.createElement("th"));
    head.scope = "row";
    head.textContent = title;
    const link = line.insertCell().appendChild(document.createElement("a"));
    link.href = `targets/${page.id}.html#${id}`;
    link.textContent = page.id;
    line.insertCell().textContent = opds[page.opd];
    line.insertCell().append(label("severity", severity).cloneNode(true));
    line.insertCell().append(label("letter", letter).cloneNode(true));
    return line;
  }

  function show() {
    const [found, number] = matches(Object.fromEntries(new FormData(form)));
    body.replaceChildren(...found.map(row));
    count.textContent = count.dataset.one.replace("{n}", number).replace("{shown}", found.length);
  }

  function recall() {
    if (!location.hash.startsWith(FRAGMENT)) return;
    const kept = new URLSearchParams(location.hash.slice(FRAGMENT.length));
    for (const field of form.elements) field.value = kept.get(field.name) ?? "";
    section.scrollIntoView();
  }

  form.addEventListener("input", () => {
    show();
    const kept = [...new FormData(form)].filter(([, value]) => value);
    location.replace(FRAGMENT + new URLSearchParams(kept));
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  section.hidden = false;
  recall();
  show();
}
