// "Copy": copies a text with its status line and says so; if the browser refuses, selects the text instead.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.('button[id^="copy-"]');
  if (!button) return;
  const words = document.getElementById(button.id.replace("copy-", "plain-"));
  const told = button.parentElement.querySelector(".told");
  told.textContent = "";
  try {
    await navigator.clipboard.writeText(words.textContent);
    told.textContent = "Copied.";
  } catch {
    words.closest("details").open = true;
    words.focus();
    getSelection().selectAllChildren(words);
    told.textContent = "Your browser does not let humphrey copy. The text is selected below: copy it from there.";
  }
});
