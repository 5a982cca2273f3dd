// The operator's pages work without this; with it, keys move through the inbox and snippets are copied.
"use strict";

const rows = [...document.querySelectorAll("[data-row]")];

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function move(step) {
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  next?.querySelector(".who a").focus();
}

function tick() {
  const row = rows.find((candidate) => candidate.contains(document.activeElement));
  const box = row?.querySelector("input[type=checkbox]");
  if (box) box.checked = !box.checked;
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: tick,
  "/": () => document.querySelector("input[type=search]")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

if (matchMedia("(max-width: 40rem)").matches) {
  document.querySelector(".more:not([data-used])")?.removeAttribute("open");
}

for (const part of document.querySelectorAll("[data-end]")) part.scrollLeft = part.scrollWidth;

// A form's preview says how high it is, as it does to any page around it.
addEventListener("message", ({ data, source }) => {
  if (data?.leadcapture !== "height") return;
  const frame = [...document.querySelectorAll(".preview")].find((one) => one.contentWindow === source);
  if (frame) frame.style.height = `${Math.min(Math.max(Number(data.height) || 0, 200), 3000)}px`;
});

for (const all of document.querySelectorAll("[data-all]")) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll("[data-row] input[type=checkbox]")) box.checked = all.checked;
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent);
    button.textContent = "Copied";
  });
}
