// The Ask page: keeps an unsent question through a reload, uploads files, and reports clicks inside a text to the page.
// Gradio draws the page, so elements come and go; each is looked up when it is needed.
"use strict";

const KEPT = "humphrey:question:";
const mine = KEPT + document.currentScript.dataset.person;
const box = () => document.querySelector("#question textarea");

// Remove what another person left in this tab.
Object.keys(sessionStorage).filter((key) => key.startsWith(KEPT) && key !== mine)
  .forEach((key) => sessionStorage.removeItem(key));

function fill(field, words) {
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function command(verb, id) {
  // Gradio reports a change only if the value differs from the last one.
  fill(document.querySelector("#command textarea, #command input"), `${verb} ${id} ${Date.now()}`);
}

const spoken = Object.assign(document.createElement("div"), { className: "unseen" });
spoken.setAttribute("role", "status");
document.addEventListener("DOMContentLoaded", () => document.body.append(spoken));

const open = () => document.querySelector("#current textarea, #current input")?.value ?? "";
let sending = false;
let sentTo = "";
let seen = "";

let restored = false;
let answered = "";

function look() {
  const field = box();
  if (!field) return;
  if (!restored) {
    restored = true;
    const kept = sessionStorage.getItem(mine);
    if (kept && !field.value) fill(field, kept);
  }
  const draft = document.querySelector("#latest .draft:not(.growing)");
  const now = draft?.querySelector("[id^=plain-]")?.id ?? "";
  if (document.querySelector("#ask-alert .refusal") || (now && now !== answered && !field.value)) {
    sessionStorage.removeItem(mine);
  }
  if (now && now !== answered && !document.activeElement.closest(".side")) {
    spoken.textContent = `The draft is here. ${draft.querySelector(".label span").textContent}.`;
    if (draft.classList.contains("clarify")) field.focus();
  }
  answered = now;
  // Messages about files belong to one conversation.
  if (open() !== seen && open() !== sentTo && !sending) document.getElementById("attaching")?.replaceChildren();
  seen = open();
}

// A value that Gradio sets in a box does not change the document, so a MutationObserver does not see it.
setInterval(look, 250);

document.addEventListener("input", (event) => {
  if (event.target !== box()) return;
  if (event.target.value) sessionStorage.setItem(mine, event.target.value);
  else sessionStorage.removeItem(mine);
});

document.addEventListener("click", (event) => {
  const [, verb, id] = event.target.closest?.("button[id]")?.id.match(/^(edit|remove)-(\w+)$/) ?? [];
  if (!verb) return;
  command(verb, id);
  if (verb === "edit") box().focus();
});

function warn(place, words) {
  const said = Object.assign(document.createElement("div"), { className: "alert" });
  said.setAttribute("role", "alert");
  said.append(Object.assign(document.createElement("p"), { textContent: words }));
  place.append(said);
}

function sent(file, conversation, bar, said) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const failed = (words) => resolve({ trouble: words });
    request.upload.onprogress = (now) => { bar.max = now.total; bar.value = now.loaded; };
    request.upload.onload = () => { bar.removeAttribute("value"); said.textContent = `Reading ${file.name}`; };
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* said below */ }
      if (request.status === 200) resolve(answer);
      else failed(answer.detail || "Humphrey did not take it in.");
    };
    request.onerror = () => failed("It did not arrive: it may be too large, or the connection broke.");
    request.open("POST", `/ask/files?${new URLSearchParams({ conversation, name: file.name })}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  });
}

async function attach(input) {
  const place = document.getElementById("attaching");
  const bar = document.createElement("progress");
  const said = document.createElement("p");
  bar.setAttribute("aria-label", "How much is sent");
  said.setAttribute("role", "status");
  place.replaceChildren(said, bar);
  input.disabled = true;
  let conversation = open();
  sending = true;
  for (const file of input.files) {
    said.textContent = `Sending ${file.name}`;
    const answer = await sent(file, conversation, bar, said);
    conversation = answer.conversation ?? conversation;
    if (answer.refused) warn(place, `Not attached: ${answer.name} ${answer.refused}.`);
    else if (answer.trouble) warn(place, `${file.name} is not attached. ${answer.trouble}`);
    else said.textContent = `${file.name} is attached.`;
    if (answer.conversation) command("attached", conversation);
  }
  sentTo = conversation;
  sending = false;
  bar.remove();
  input.value = "";
  input.disabled = false;
  if (place.querySelector(".alert")) said.textContent = "";
}

document.addEventListener("change", (event) => {
  if (event.target.id === "attach-files" && event.target.files.length) attach(event.target);
});
