// The Ask page: the composer, the state of the answer under way, sources beside the text, feedback and files.
// Gradio draws the page, so elements come and go; each is looked up when it is needed.
"use strict";

const person = document.currentScript.dataset.person;
const [TYPED, ASKED, OPEN] = ["question", "asked", "open"].map((what) => `humphrey:${what}:${person}`);
const [LONGEST, LONGEST_TEXT] = [10000, 100000];
const NEAR = 9000;

const byId = (id) => document.getElementById(id);
const valueOf = (id) => document.querySelector(`#${id} :is(textarea, input)`)?.value ?? "";
const box = () => document.querySelector("#question textarea");
const open = () => mine.conversation;
const wide = () => matchMedia("(min-width: 64rem)").matches;

function el(name, set = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(set)) {
    if (key === "text") made.textContent = value;
    else made.setAttribute(key, value);
  }
  made.append(...inside);
  return made;
}

// Remove what another person left in this tab.
Object.keys(sessionStorage).filter((key) => key.startsWith("humphrey:") && ![TYPED, ASKED, OPEN].includes(key))
  .forEach((key) => sessionStorage.removeItem(key));

const kept = (key) => sessionStorage.getItem(key) ?? "";
function keep(key, words) {
  if (words) sessionStorage.setItem(key, words);
  else sessionStorage.removeItem(key);
}

function fill(field, words) {
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function command(verb, id, more = "") {
  // Gradio reports a change only if the value differs from the last one.
  fill(document.querySelector("#command :is(textarea, input)"), [verb, id, more, Date.now()].filter(Boolean).join(" "));
}

// The place that questions belong to: a token of this page's own, new for each conversation that is opened. The server
// sends the token back with what it draws, so a late change of a place that was left is known, and never followed.

const mine = { token: "", conversation: "" };
let strayed = 0;

function belong(token, conversation) {
  Object.assign(mine, { token, conversation });
  fill(document.querySelector("#place :is(textarea, input)"), `${token} ${conversation}`);
}

function go(conversation) {
  belong(crypto.getRandomValues(new Uint32Array(2)).join("-"), conversation);
  // A question that is asked again belongs to the place that is left.
  fill(document.querySelector("#editing :is(textarea, input)"), "");
}

function settle() {
  const conversation = valueOf("current");
  if (valueOf("shown") === mine.token) {
    if (conversation !== mine.conversation) belong(mine.token, conversation);
    return true;
  }
  return false;
}

// What was left is drawn anew if a late change of another place is still seen after a second.
function redraw() {
  if (settle()) {
    strayed = 0;
  } else if (++strayed > 4) {
    strayed = 0;
    command("open", mine.conversation || "-");
  }
}

window.openConversation = (conversation) => {
  go(conversation);
  history.pushState(null, "", conversation ? `?conversation=${encodeURIComponent(conversation)}` : "/ask");
  command("open", conversation || "-");
};

addEventListener("popstate", () => {
  const conversation = new URLSearchParams(location.search).get("conversation") ?? "";
  go(conversation);
  command("open", conversation || "-");
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#new-conversation")) {
    go("");
    history.pushState(null, "", "/ask");
  } else if (event.target.closest?.("#ask-button, #tasks button") && !settle()) {
    // The place is being opened: a question that overtook it would be left with it.
    event.stopImmediatePropagation();
    event.preventDefault();
    const button = event.target.closest("button");
    const again = setInterval(() => { if (settle()) { clearInterval(again); button.click(); } }, 30);
  }
}, true);

const spoken = el("div", { class: "unseen", role: "status" });
const say = (words) => { if (spoken.textContent !== words) spoken.textContent = words; };

// The composer.

function press(id) {
  const button = byId(id);
  if (!button || button.disabled || !button.checkVisibility()) return false;
  button.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.target !== box() || event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
  // While an input method composes, Enter chooses a word. Safari says so by the code 229 alone.
  if (event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (!press("ask-button")) say("An answer is being written. Wait for it, or stop it with Escape.");
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  if (sources.open) closeSources();
  else if (!document.querySelector("dialog[open]")) press("stop-button");
});

document.addEventListener("input", (event) => {
  if (event.target === box()) keep(TYPED, event.target.value);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#ask-button")) return;
  keep(ASKED, box().value);
  if (!sending) byId("attaching")?.replaceChildren();
  // The button is switched off while the answer is written, and the focus on it would be lost. On a touch screen the
  // focus would call up the keyboard over the answer.
  if (matchMedia("(pointer: fine)").matches) box().focus();
}, true);

function count(field) {
  const length = field.value.length;
  let place = byId("count");
  if (!place && length > NEAR) byId("trust")?.querySelector(".md").prepend(place = el("p", { id: "count", class: "hint" }));
  if (!place) return;
  place.hidden = length <= NEAR;
  const more = length > LONGEST ? `${(length - LONGEST).toLocaleString("en-GB")} too many for a question. ` : "";
  place.textContent = `${length.toLocaleString("en-GB")} of ${LONGEST.toLocaleString("en-GB")} characters. ${more}`
    + `A text to be worked on may have ${LONGEST_TEXT.toLocaleString("en-GB")}.`;
  place.classList.toggle("over", length > LONGEST);
}

// The answer under way: `running` holds its id, its state and its stage.

let last = "";

function giveBack(field, forget) {
  const asked = kept(ASKED);
  // What was typed meanwhile stays too.
  if (asked && field.value !== asked) fill(field, field.value.trim() ? `${asked}\n\n${field.value}` : asked);
  if (forget) keep(TYPED, "");
}

function followed(field) {
  const [id, state, ...stage] = valueOf("running").split(" ");
  if (state === "writing") say(stage.join(" "));
  if (`${id} ${state}` === last) return;
  last = `${id} ${state}`;
  if (state === "writing" || state === "kept") {
    if (kept(ASKED) && field.value === kept(ASKED)) fill(field, "");
    document.querySelector("#latest .exchange")?.scrollIntoView({ block: "start" });
  }
  if (["refused", "failed", "stopped", "lost"].includes(state)) giveBack(field, state === "refused");
  if (state && state !== "writing") keep(ASKED, "");
  if (state === "kept") finished();
}

function finished() {
  window.listConversations(open());
  const draft = document.querySelector("#latest .draft:not(.growing)");
  if (draft) say(`The draft is here. ${draft.querySelector(".label span").textContent}.`);
}

let [restored, resumed, aside, seen, sending, sentTo] = [false, false, "", "", false, ""];

function restore(field) {
  restored = true;
  document.body.append(spoken, sources, feedback);
  window.listConversations("");
  field.setAttribute("aria-describedby", "ask-alert composer-hint");
  field.setAttribute("enterkeyhint", "send");
  if (kept(TYPED) && !field.value) fill(field, kept(TYPED));
}

// Once the page has its first values, Gradio hears of a change.
function resume() {
  resumed = true;
  const wished = new URLSearchParams(location.search).get("conversation");
  const [last, running] = kept(OPEN).split(" ");
  const conversation = wished ?? last;
  if (wished && wished !== last) { command("open", wished); return; }
  if (conversation) command("resume", conversation, running);
}

function look() {
  const field = box();
  if (!field || !byId("command")) return;
  if (!restored) restore(field);
  if (!resumed && document.querySelector("#sent .md > *")) resume();
  redraw();
  followed(field);
  count(field);
  field.toggleAttribute("aria-invalid", !!document.querySelector("#ask-alert [role=alert]"));
  if (aside && !valueOf("editing") && !field.value && !kept(ASKED)) { fill(field, aside); aside = ""; }
  const [id, state] = valueOf("running").split(" ");
  const running = state === "writing" ? id : "-";
  if (open() || running !== "-" || seen) keep(OPEN, open() || running !== "-" ? `${open() || "-"} ${running}` : "");
  if (open() !== seen) opened();
  if (sources.open && !byId(sources.dataset.from)) closeSources();
  const height = byId("composer")?.offsetHeight ?? 0;
  document.documentElement.style.setProperty("--composer", `${height}px`);
}

function opened() {
  // Messages about files belong to one conversation.
  if (open() !== sentTo && !sending) byId("attaching")?.replaceChildren();
  seen = open();
  window.markConversation(seen);
  toggle(byId("open-side"), document.querySelector(".side"), false);
  document.querySelector("#latest .exchange")?.scrollIntoView({ block: "start" });
}

// A value that Gradio sets in a box does not change the document, so a MutationObserver does not see it.
setInterval(look, 250);

// Buttons and links inside a text.

function toggle(button, place, wished = !place?.classList.contains("opened")) {
  place?.classList.toggle("opened", wished);
  button?.setAttribute("aria-expanded", String(wished));
}

document.addEventListener("click", (event) => {
  const marker = event.target.closest?.("#thread a.marker");
  if (marker) { event.preventDefault(); showSources(marker); return; }
  const button = event.target.closest?.("button[id]");
  if (button?.id === "open-side") toggle(button, document.querySelector(".side"));
  if (button?.id === "open-sent") toggle(button, byId("sent"));
  const [, verb, id] = button?.id.match(/^(edit|again|send|good|bad|remove)-(\w+)$/) ?? [];
  if (verb === "bad") { askWhy(id); return; }
  if (verb === "edit") { aside = box().value; box().focus(); }
  if (verb) command(verb, id);
});

// Sources: beside the answer on a wide screen, a sheet over it on a narrow one.

const sources = el("dialog", { id: "sources", "aria-labelledby": "sources-title" });
let [opener, watched] = [null, null];

function showSources(marker) {
  const target = byId(decodeURIComponent(marker.hash.slice(1)));
  const list = target?.closest(".citations")?.cloneNode(true);
  if (!list) return;
  list.querySelectorAll("[id]").forEach((part) => { part.id = `beside-${part.id}`; });
  list.querySelector("h3")?.remove();
  const close = el("button", { type: "button", class: "go quiet", text: "Close" });
  close.addEventListener("click", closeSources);
  const head = el("div", { class: "bar" }, el("h2", { id: "sources-title", text: "Sources" }), close);
  sources.replaceChildren(el("div", { class: "plain-page" }, head, list));
  opener = marker.getAttribute("href");
  sources.dataset.from = target.id;
  if (sources.open) sources.close();
  document.body.classList.toggle("beside", wide());
  if (wide()) sources.show();
  else sources.showModal();
  const passage = byId(`beside-${target.id}`);
  const folded = passage.closest("details");
  folded.open = true;
  folded.querySelector("summary").focus({ preventScroll: true });
  passage.scrollIntoView({ block: passage.offsetHeight > sources.offsetHeight / 2 ? "start" : "center" });
  place();
}

function closeSources() {
  if (sources.open) sources.close();
}

sources.addEventListener("close", () => {
  document.body.classList.remove("beside");
  // A text may have been drawn anew meanwhile, so the mark is looked up again.
  document.querySelector(`#thread a.marker[href="${CSS.escape(opener ?? "").replace("\\#", "#")}"]`)?.focus({ preventScroll: true });
});

// The pane begins below the header as long as that is in view.
function place() {
  const bottom = document.querySelector(".band")?.getBoundingClientRect().bottom ?? 0;
  sources.style.setProperty("--top", `${Math.max(0, bottom)}px`);
}
document.addEventListener("scroll", place, { passive: true });

// Feedback: why an answer was not useful.

const feedback = el("dialog", { id: "feedback", "aria-labelledby": "feedback-title" });

function askWhy(id) {
  const reasons = [...document.querySelectorAll("#reasons li")].map(({ textContent: reason }, n) => el("p", { class: "box" },
    el("input", { type: "radio", name: "reason", id: `reason-${n}`, value: reason }), el("label", { for: `reason-${n}`, text: reason })));
  const words = el("textarea", { id: "feedback-words", rows: "3", maxlength: "1900", "aria-describedby": "feedback-hint" });
  const form = el("form", { method: "dialog", class: "plain-page" },
    el("h2", { id: "feedback-title", text: "What was not right?" }),
    el("fieldset", {}, el("legend", { text: "The reason (optional)" }), ...reasons),
    el("p", {}, el("label", { for: "feedback-words", text: "In your own words (optional)" }),
      el("span", { class: "hint", id: "feedback-hint", text: "The humphrey administrators read this. Leave out names and case details." }), words),
    el("p", { class: "acts" }, el("button", { class: "go", value: "give", text: "Give feedback" }), " ",
      el("button", { class: "go quiet", value: "", formnovalidate: "", text: "Cancel" })));
  feedback.replaceChildren(form);
  feedback.returnValue = "";
  feedback.onclose = () => {
    const reason = form.querySelector("input:checked")?.value ?? "";
    if (feedback.returnValue === "give") command("bad", id, JSON.stringify({ reason, words: words.value }));
    byId(`bad-${id}`)?.focus();
  };
  feedback.showModal();
}

// Files: chosen, dropped or pasted, sent one by one; each says how far it is.

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

function waiting(file) {
  const [said, bar] = [el("span", { text: `Waiting: ${file.name}` }), el("progress", { "aria-label": `How much of ${file.name} is sent` })];
  return { file, said, bar, item: el("li", {}, said, " ", bar) };
}

async function attach(files) {
  if (sending || !files.length) return;
  sending = true;
  const input = byId("attach-files");
  if (input) input.disabled = true;
  let conversation = open();
  const place = mine.token;
  const all = [...files].map(waiting);
  byId("attaching").replaceChildren(...all.map(({ item }) => item));
  for (const { file, said, bar, item } of all) {
    said.textContent = `Sending ${file.name}`;
    say(said.textContent);
    const answer = await sent(file, conversation, bar, said);
    conversation = answer.conversation ?? conversation;
    const trouble = answer.refused ? `Not attached: ${answer.name} ${answer.refused}.`
      : answer.trouble ? `${file.name} is not attached. ${answer.trouble}` : "";
    if (trouble) item.replaceChildren(el("div", { class: "alert", role: "alert" }, el("p", { text: trouble })));
    else { say(`${file.name} is attached.`); item.remove(); }
    if (answer.conversation && place === mine.token) command("attached", conversation);
    window.listConversations(open());
  }
  [sentTo, sending] = [conversation, false];
  if (input) { input.value = ""; input.disabled = false; }
}

document.addEventListener("change", (event) => {
  if (event.target.id === "attach-files") attach(event.target.files);
});

const carries = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
for (const name of ["dragleave", "drop", "dragend"]) {
  document.addEventListener(name, (event) => {
    if (name !== "dragleave" || !event.relatedTarget) document.body.classList.remove("dropping");
  });
}
document.addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  attach(event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  if (event.clipboardData?.files.length && event.target === box()) { event.preventDefault(); attach(event.clipboardData.files); }
});
