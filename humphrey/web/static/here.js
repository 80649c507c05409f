// Links to the page of a review stay in this tab; Gradio would open every link in a new tab.
"use strict";

document.addEventListener("click", (event) => {
  event.target.closest?.("a[href^='/reviews/']")?.removeAttribute("target");
}, true);
