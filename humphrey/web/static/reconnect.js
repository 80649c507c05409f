// After a gap in the network, or a restart of the server, Gradio loads the page anew. What was typed is put back then.
// It runs after desk.js, which provides `byId` and `me`; opened.js provides `value` and calls `putBack`.
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

// Once, after a reload, and only for the same wording of the same draft.
let kept = performance.getEntriesByType("navigation")[0]?.type === "reload" ? JSON.parse(sessionStorage.getItem(TYPED) ?? "null") : null;
sessionStorage.removeItem(TYPED);
// The fields that name the draft are filled some time after the page is drawn, and nothing tells when.
const waiting = kept && setInterval(() => { if (kept) putBack(); else clearInterval(waiting); }, 300);

function putBack() {
  if (kept && value("review")) {
    pending = kept.of === wordingShown() ? Object.fromEntries(kept.typed) : {};
    kept = null;
  }
  for (const [id, text] of Object.entries(pending)) fill(id, text);
}

function fill(id, text) {
  const box = boxOf(id);
  if (!box) return BOXES[id] && document.querySelector(`#${BOXES[id]} .label-wrap:not(.open)`)?.click();
  delete pending[id];
  if (box.value === text) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
