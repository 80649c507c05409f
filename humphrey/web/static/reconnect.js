// After a gap in the network, or a restart of the server, Gradio loads the page anew. What was typed is put back then.
// It runs after desk.js, which provides `byId` and `me`; opened.js calls `takeUp` and `putBack`.
"use strict";

const TYPED = `humphrey:typed:${me}`;
// The boxes, with the folded part that each stands in; a box is made only when its part is opened.
const BOXES = { words: "", amended: "amending", instruction: "instructing", comment: "commenting" };
const boxOf = (id) => document.querySelector(`#${id} textarea`);
const wordingShown = () => `${value("review")} ${value("digest")}`;

let pending = {};

addEventListener("pagehide", () => {
  const typed = Object.keys(BOXES).map((id) => [id, boxOf(id)?.value ?? pending[id]]).filter(([, text]) => text);
  if (typed.length && value("review")) sessionStorage.setItem(TYPED, JSON.stringify({ of: wordingShown(), typed }));
});

// Once, and only for the same wording of the same draft, after a reload.
function takeUp() {
  const kept = JSON.parse(sessionStorage.getItem(TYPED) ?? "null");
  sessionStorage.removeItem(TYPED);
  if (!kept || performance.getEntriesByType("navigation")[0]?.type !== "reload" || kept.of !== wordingShown()) return;
  pending = Object.fromEntries(kept.typed);
  for (const id of Object.keys(pending)) if (BOXES[id]) document.querySelector(`#${BOXES[id]} .label-wrap:not(.open)`)?.click();
  putBack();
}

function putBack() {
  for (const [id, text] of Object.entries(pending)) {
    const box = boxOf(id);
    if (!box) continue;
    delete pending[id];
    if (box.value === text) continue;
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
