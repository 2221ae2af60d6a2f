// Runs in a world of its own, where the page's scripts cannot change what words mean.
// Returns what a visitor sees and can click: only texts, numbers and places.
(async () => {
  const WORDS = 600, MOST = 400;
  const short = (text, most) => (text || "").replace(/\s+/g, " ").trim().slice(0, most);
  const view = { width: innerWidth, height: innerHeight };
  const roots = [document];
  for (let n = 0; n < roots.length && n < 20; n++) {
    let seen = 0;
    for (const element of roots[n].querySelectorAll("*")) {
      if (++seen > 20000) break;
      if (element.shadowRoot) roots.push(element.shadowRoot);
    }
  }
  const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)].slice(0, 2000));
  const parent = (element) => element.parentElement || element.getRootNode().host || null;
  const NAMED = /cookie|consent|gdpr|kuki|persetujuan|(^|[-_ ])cmp([-_ ]|$)|privacy|privasi/i;
  const layer = (element) => {
    let found = null;
    for (let here = element, n = 0; here && n < 40; here = parent(here), n++) {
      if (here === document.body || here === document.documentElement) break;
      const { position } = getComputedStyle(here);
      const named = NAMED.test(`${here.id} ${here.getAttribute("class") || ""}`) &&
        (here.innerText || "").length < 4000;
      if (position === "fixed" || position === "sticky" || here.tagName === "DIALOG" ||
          /dialog/.test(here.getAttribute("role") || "") || named) found = here;
    }
    return found;
  };
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    if (box.width < 4 || box.height < 4) return null;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return null;
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    if (x < 0 || y < 0 || x > view.width || y > view.height) return null;
    let top = document.elementFromPoint(x, y);
    while (top && top.shadowRoot) {
      const inner = top.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === top) break;
      top = inner;
    }
    if (!top || !(element.contains(top) || top.contains(element))) return null;
    return { box, x, y };
  };
  const ground = (element, until) => {
    for (let here = element, n = 0; here && n < 40; here = parent(here), n++) {
      const style = getComputedStyle(here), colour = style.backgroundColor;
      if (style.backgroundImage !== "none") return style.backgroundImage.slice(0, 80);
      if (!/^rgba\(.*, 0\)$|^transparent$/.test(colour)) return colour;
      if (here === until) break;
    }
    return "";
  };
  // Percent of the window that lies under a layer, seen at 49 points.
  const under = () => {
    let hits = 0;
    for (let row = 1; row < 8; row++) for (let column = 1; column < 8; column++) {
      const top = document.elementFromPoint((view.width * column) / 8, (view.height * row) / 8);
      for (let here = top, n = 0; here && n < 40; here = parent(here), n++) {
        if (getComputedStyle(here).position === "fixed") { hits++; break; }
      }
    }
    return Math.round((hits * 100) / 49);
  };

  const layers = [], clickables = [];
  for (const element of all("button, a, [role=button], input[type=button], input[type=submit], [onclick]")) {
    if (clickables.length >= MOST) break;
    const place = shown(element);
    if (!place) continue;
    const over = layer(element);
    if (!over) continue;
    let box = layers.indexOf(over);
    if (box < 0) { layers.push(over); box = layers.length - 1; }
    const ownGround = ground(element, element);
    const link = element.tagName === "A" ? element.getAttribute("href") || "" : "";
    clickables.push({
      words: short(element.innerText || element.value || element.getAttribute("aria-label"), 80),
      box, x: place.x, y: place.y, area: Math.round(place.box.width * place.box.height),
      filled: ownGround !== "" && ownGround !== ground(over, over),
      submits: !!element.form && (element.type === "submit" || element.type === "image"),
      leads: link !== "" && !/^(#|javascript:)/i.test(link),
    });
  }
  const covered = under();
  const boxes = layers.slice(0, 50).map((over, number) => ({
    number, words: short(over.innerText, WORDS), covered,
    ticked: [...over.querySelectorAll("input[type=checkbox]")].filter((b) => b.checked && !b.disabled).length,
  }));
  const names = (store) => { try { return Object.keys(window[store]).slice(0, 50).map((k) => k.slice(0, 80)); } catch { return []; } };
  let databases = [];
  try {
    databases = (await Promise.race([indexedDB.databases(), new Promise((r) => setTimeout(() => r([]), 1000))]))
      .slice(0, 50).map((d) => String(d.name).slice(0, 80));
  } catch { /* not allowed here */ }
  return JSON.stringify({
    text: short((document.body || {}).innerText, 5_000_000).length,
    links: [...document.links].slice(0, 500).map((a) => [String(a.getAttribute("href")).slice(0, 500), short(a.innerText || a.getAttribute("aria-label"), 120)]),
    boxes, clickables,
    local: names("localStorage"), session: names("sessionStorage"), databases,
  });
})()
