// Links to the page of one review stay in this tab; the framework of the page would open every link apart.
"use strict";

document.addEventListener("click", (event) => {
  event.target.closest?.("a[href^='/reviews/']")?.removeAttribute("target");
}, true);
