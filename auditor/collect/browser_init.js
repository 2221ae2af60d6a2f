// Runs in every frame before the page's own scripts: counts what identifies a visitor, listens to
// keys, asks for sensors or opens windows, with the hosts of the calling scripts. What would hold
// up the browser (dialogs, print, windows) or leave it by UDP (WebRTC) is counted and not done.
(() => {
  "use strict";
  const NAME = "__NONCE__";
  const MOST = 300, DEEP = 20, OFTEN = 400;
  const { apply, getOwnPropertyDescriptor, defineProperty } = Reflect;
  if (getOwnPropertyDescriptor(window, NAME)) return;
  const indexOf = String.prototype.indexOf, slice = String.prototype.slice;
  const KnownError = Error, KnownWeakMap = WeakMap, KnownSet = Set;
  const wget = WeakMap.prototype.get, wset = WeakMap.prototype.set;
  const sadd = Set.prototype.add;
  const ssize = getOwnPropertyDescriptor(Set.prototype, "size").get;
  const counts = Object.create(null), often = Object.create(null);
  let kinds = 0;

  const ends = (text, from) => {
    for (let at = from; at < text.length && at < from + 256; at++) {
      const char = text[at];
      if (char === "/" || char === ":" || char === ")" || char === " " || char === "\n" ||
          char === "?" || char === "#") return at;
    }
    return from;
  };
  // Hosts of the scripts on the stack, innermost first; "-" where only the page's own text is.
  const callers = () => {
    const limit = KnownError.stackTraceLimit, prepare = KnownError.prepareStackTrace;
    KnownError.stackTraceLimit = DEEP;
    KnownError.prepareStackTrace = undefined;
    const stack = new KnownError().stack;
    KnownError.stackTraceLimit = limit;
    KnownError.prepareStackTrace = prepare;
    if (typeof stack !== "string") return "-";
    let found = "", at = 0;
    for (let n = 0; n < DEEP; n++) {
      at = apply(indexOf, stack, ["://", at]);
      if (at < 0) break;
      const end = ends(stack, at + 3);
      const host = apply(slice, stack, [at + 3, end]);
      if (host && apply(indexOf, `,${found},`, [`,${host},`]) < 0) found += (found ? "," : "") + host;
      at = end + 1;
    }
    return found || "-";
  };
  const note = (what) => {
    often[what] = (often[what] || 0) + 1;
    if (often[what] > OFTEN) return;
    const key = `${what} ${callers()}`;
    if (key in counts) counts[key]++;
    else if (kinds < MOST) { kinds++; counts[key] = 1; }
  };
  const wrap = (owner, name, before, instead) => {
    const known = owner && getOwnPropertyDescriptor(owner, name);
    if (!known || typeof known.value !== "function" || !known.configurable) return;
    const inner = known.value;
    const { [name]: outer } = { [name](...args) {
      try { before(this, args); } catch { /* a count less */ }
      return instead ? instead() : apply(inner, this, args);
    } };
    defineProperty(owner, name, { ...known, value: outer });
  };
  const watch = (owner, name, what) => {
    const known = owner && getOwnPropertyDescriptor(owner, name);
    if (!known || !known.get || !known.configurable) return;
    const { get } = known;
    defineProperty(owner, name, { ...known, get() { note(what); return apply(get, this, []); } });
  };

  // Canvas: text of many characters is drawn and read back (Englehardt and Narayanan, 2016).
  const drawn = new KnownWeakMap();
  const draws = (context, args) => {
    const { canvas } = context;
    let seen = apply(wget, drawn, [canvas]);
    if (!seen) { seen = new KnownSet(); apply(wset, drawn, [canvas, seen]); }
    const text = `${args[0]}`;
    for (let n = 0; n < text.length && n < 64; n++) apply(sadd, seen, [text[n]]);
  };
  const reads = (canvas) => {
    const seen = apply(wget, drawn, [canvas]);
    if (seen && apply(ssize, seen, []) >= 10 && canvas.width >= 16 && canvas.height >= 16) note("canvas");
  };
  const fonts = new KnownSet();
  const measures = (font) => {
    apply(sadd, fonts, [`${font}`.slice(0, 200)]);
    if (apply(ssize, fonts, []) === 50) note("fonts");
  };
  for (const name of ["CanvasRenderingContext2D", "OffscreenCanvasRenderingContext2D"]) {
    const type = window[name] && window[name].prototype;
    wrap(type, "fillText", draws);
    wrap(type, "strokeText", draws);
    wrap(type, "getImageData", (context) => reads(context.canvas));
    wrap(type, "measureText", (context) => measures(context.font));
  }
  wrap(window.HTMLCanvasElement?.prototype, "toDataURL", reads);
  wrap(window.HTMLCanvasElement?.prototype, "toBlob", reads);
  wrap(window.OffscreenCanvas?.prototype, "convertToBlob", reads);
  wrap(window.FontFaceSet?.prototype, "check", (_set, args) => measures(args[0]));
  const UNMASKED = [37445, 37446];
  for (const name of ["WebGLRenderingContext", "WebGL2RenderingContext"]) {
    wrap(window[name]?.prototype, "getParameter", (_context, args) => {
      if (args[0] === UNMASKED[0] || args[0] === UNMASKED[1]) note("webgl");
    });
  }
  const pressed = new KnownWeakMap();
  wrap(window.BaseAudioContext?.prototype, "createDynamicsCompressor",
    (context) => apply(wset, pressed, [context, true]));
  wrap(window.OfflineAudioContext?.prototype, "startRendering",
    (context) => { if (apply(wget, pressed, [context])) note("audio"); });
  wrap(window.Navigator?.prototype, "getBattery", () => note("battery"));
  for (const name of ["plugins", "mimeTypes", "hardwareConcurrency", "deviceMemory",
    "maxTouchPoints", "platform", "doNotTrack", "connection"]) {
    watch(window.Navigator?.prototype, name, `device:${name}`);
  }
  watch(window.Screen?.prototype, "colorDepth", "device:colorDepth");
  wrap(window.NavigatorUAData?.prototype, "getHighEntropyValues", () => note("device:model"));

  // Keys: listeners on what people write into, or on all of the page.
  const KEYS = { __proto__: null, keydown: 1, keyup: 1, keypress: 1, input: 1, paste: 1 };
  wrap(window.EventTarget?.prototype, "addEventListener", (target, args) => {
    const event = `${args[0]}`;
    if (KEYS[event] && (target === undefined || target === window || target instanceof Node))
      note(`keys:${event}`);
  });

  for (const [type, names, what] of [
    ["Geolocation", ["getCurrentPosition", "watchPosition"], "geolocation"],
    ["MediaDevices", ["getUserMedia", "getDisplayMedia"], "camera"],
    ["Bluetooth", ["requestDevice"], "bluetooth"],
    ["USB", ["requestDevice"], "usb"],
    ["Clipboard", ["read", "readText"], "clipboard"],
    ["PushManager", ["subscribe"], "push"],
  ]) for (const name of names) wrap(window[type]?.prototype, name, () => note(`ask:${what}`));
  wrap(window.Notification, "requestPermission", () => note("ask:notifications"));

  wrap(window, "open", () => note("open"), () => null);
  wrap(window, "print", () => note("dialog"), () => undefined);
  wrap(window, "alert", () => note("dialog"), () => undefined);
  wrap(window, "confirm", () => note("dialog"), () => false);
  wrap(window, "prompt", () => note("dialog"), () => null);
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"]) {
    if (!window[name]) continue;
    const known = getOwnPropertyDescriptor(window, name);
    const refuse = function () { note("webrtc"); throw new TypeError("not available"); };
    if (known && known.configurable) defineProperty(window, name, { ...known, value: refuse });
  }

  defineProperty(window, NAME, { value: () => {
    let told = "";
    for (const key in counts) told += `${key} ${counts[key]}\n`;
    return told;
  } });
})();
