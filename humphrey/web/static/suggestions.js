// Questions to begin with while the page is empty, and to go on with below the newest answer.
"use strict";

(() => {
  let [asked, drawn] = ["none", null];

  async function look() {
    const place = document.getElementById("suggested");
    const ready = document.querySelector("#sent .md > *");
    if (!place || !ready) return;
    const turn = document.querySelector("#latest .exchange");
    const growing = turn && !turn.id;
    const wanted = growing ? "none" : turn?.id.replace(/^turn-/, "") ?? (document.querySelector("#earlier .exchange") ? "none" : "");
    if (wanted === asked && place.firstChild === drawn) return;
    asked = wanted;
    place.replaceChildren();
    drawn = null;
    if (wanted === "none") return;
    const answer = await fetch(`/ask/suggestions?${new URLSearchParams({ exchange: wanted })}`).catch(() => null);
    const html = answer?.ok ? await answer.text() : "";
    if (asked !== wanted) return;
    place.innerHTML = html;
    drawn = place.firstChild;
  }

  setInterval(look, 400);

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button.suggested");
    const box = document.querySelector("#question textarea");
    if (!button || !box) return;
    box.value = button.textContent;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    // Gradio takes the value in before the next frame.
    requestAnimationFrame(() => document.getElementById("ask-button")?.click());
  });
})();
