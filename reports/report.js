"use strict";
document.documentElement.classList.add("js");
for (const input of document.querySelectorAll(".filter input")) {
  const rows = document.querySelectorAll("#" + input.dataset.table + " tbody tr");
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
}
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
