// Runs in a frame: the names in its storage, never the values.
(async () => {
  const names = (store) => {
    try { return Object.keys(window[store]).slice(0, 50).map((key) => key.slice(0, 80)); } catch { return []; }
  };
  let databases = [];
  try {
    const late = new Promise((done) => setTimeout(() => done([]), 500));
    databases = (await Promise.race([indexedDB.databases(), late]))
      .slice(0, 50).map((one) => String(one.name).slice(0, 80));
  } catch { /* not allowed here */ }
  return JSON.stringify({ local: names("localStorage"), session: names("sessionStorage"), databases });
})()
