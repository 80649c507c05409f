// The Clear page's open draft: focus, errors, keys, changes by others, and reading time.
// It runs after desk.js, which provides `ask`, `byId`, `el`, `command`, `queue`, `clock` and `me`, and panes.js.
"use strict";

const NOTE_EVERY_MS = 15000;
const KEYS = `humphrey:keys:${me}`;
const STATES = { returned: "returned", refused: "refused", approved: "approved", released: "released", delivered: "released", closed: "closed" };

const value = (id) => document.querySelector(`#${id} textarea, #${id} input`)?.value ?? "";
const shownReview = () => document.querySelector("#shown .review")?.id.replace("review-", "") ?? "";

// --- reading time and opened passages

class Reading {
  constructor(review, wording) {
    Object.assign(this, { review, wording, opened: new Set(), known: new Set(), seconds: 0, since: null });
    this.look();
  }

  look() {
    const now = performance.now();
    if (this.since !== null) this.seconds += (now - this.since) / 1000;
    this.since = document.hidden ? null : now;
  }

  send(acted, leaving = false) {
    this.look();
    const note = { wording: this.wording, seconds: Math.round(this.seconds * 10) / 10, opened: [...this.opened] };
    this.seconds = 0;
    this.opened.clear();
    // A lost note only lowers a statistic; an error here must not disturb the reader.
    fetch(`/api/v1/reviews/${encodeURIComponent(this.review)}/reading`, { method: "POST", keepalive: leaving,
      headers: { "Content-Type": "application/json", ...(acted ? {} : { "x-humphrey-by-itself": "yes" }) }, body: JSON.stringify(note) }).catch(() => {});
  }
}

let reading = null;

function read(review) {
  reading?.send(true);
  reading = review ? new Reading(review, document.querySelectorAll("#shown .wordings > ol > li").length) : null;
}

setInterval(() => { if (reading && !document.hidden) reading.send(false); }, NOTE_EVERY_MS);
document.addEventListener("visibilitychange", () => reading?.look());
addEventListener("pagehide", () => reading?.send(false, true));

// A passage counts as opened once its words were in view, or it was led to; `acted`: the reader pressed something.
function passageSeen(marker, acted) {
  // What was led to is reported again, because a report can be lost in a gap of the network.
  if (!reading || (reading.known.has(marker) && !acted)) return;
  reading.known.add(marker);
  reading.opened.add(marker);
  clearTimeout(reading.soon);
  reading.soon = setTimeout((now) => now.send(acted), 100, reading);
}

// --- changes by others

const meanwhile = { said: "", review: "" };

function say(words, again) {
  const place = byId("meanwhile");
  if (!place || meanwhile.said === words) return;
  meanwhile.said = words;
  if (!words) return place.replaceChildren();
  const note = el("div", { class: "notice", role: "status" }, el("p", { text: words }));
  if (again) {
    const button = el("button", { type: "button", class: "go quiet", id: "open-again", text: "Open it again" });
    button.addEventListener("click", () => queue.open(shownReview()));
    note.append(button);
  }
  place.replaceChildren(note);
}

function happened(now, seen) {
  // The decision form is shown only if the draft was undecided when it was opened.
  if (now.decided_by && STATES[now.state] && byId("do-approve")?.offsetParent) {
    return [`Meanwhile ${now.decided_by} decided on this draft, at ${clock(now.decided_at)}: it is ${STATES[now.state]}. Choose another.`, false];
  }
  if (now.digest !== value("digest")) return [`Meanwhile ${now.editor} changed the words. Open it again to read them.`, true];
  const live = now.claimed_until && new Date(now.claimed_until) > new Date();
  if (live && now.claimed_by !== me) return [`${now.claimed_by} has claimed this draft until ${clock(now.claimed_until)}.`, false];
  if (!live && now.claimed_by === me) return ["Your claim is over. Claim it again if you go on with it.", true];
  if (now.comments > seen.comments) return ["There is a new comment on this draft.", true];
  return ["", false];
}

async function watch() {
  const review = shownReview();
  if (review && !document.hidden) {
    try {
      const now = await ask(`/reviews/${encodeURIComponent(review)}/standing`, true);
      if (review === shownReview()) {
        if (meanwhile.review !== review) Object.assign(meanwhile, { review, seen: now });
        say(...happened(now, meanwhile.seen));
      }
    } catch (error) { if (error.status === 401) say(error.message, false); }
  }
  setTimeout(watch, EVERY_MS);
}

// --- focus

let before = { review: null, confirming: false, note: "", alert: null };

function look() {
  const confirming = document.querySelector("#confirmation .confirming");
  const visible = Boolean(confirming?.offsetParent);
  const now = { review: document.querySelector("#shown .review"), confirming: visible,
    note: byId("clear-note")?.querySelector(".notice")?.textContent ?? "", alert: document.querySelector("#clear-alert .alert") };
  if (now.review !== before.review) drawn(now.review);
  else if (visible && !before.confirming) shownAbove(confirming.querySelector("h2"));
  else if (!visible && before.confirming && !now.alert) byId(`do-${asking}`)?.focus();
  if (now.alert !== before.alert) troubled(now.alert);
  if (now.note && now.note !== before.note) { queue?.read(true); queue?.countDone(); }
  if (visible) toWeigh();
  putBack();
  before = now;
}

function shownAbove(heading) {
  heading.focus({ preventScroll: true });
  byId("deciding").scrollTop = 0;
}

// An error takes the focus, and stands at its field too.
function troubled(alert) {
  document.querySelectorAll(".field-error").forEach((each) => each.remove());
  document.querySelectorAll("[aria-invalid]").forEach((each) => { each.removeAttribute("aria-invalid"); each.removeAttribute("aria-describedby"); });
  if (!alert) return;
  for (const link of alert.querySelectorAll("a[href^='#']")) {
    const field = byId(link.hash.slice(1));
    if (!field?.matches("#acknowledged, #reasons, #words, #amended, #instruction, #comment, #deputy")) continue;
    const id = `error-${field.id}`;
    if (byId(id)) { byId(id).append(" ", link.textContent); continue; }
    field.prepend(el("p", { class: "field-error", id, text: link.textContent }));
    field.querySelectorAll("textarea, input").forEach((each) => { each.setAttribute("aria-invalid", "true"); each.setAttribute("aria-describedby", id); });
  }
  shownAbove(alert.querySelector("h2"));
}

// "Yes" waits until each finding is ticked; the server checks it again.
function toWeigh() {
  const boxes = [...document.querySelectorAll("#acknowledged input[type=checkbox]")];
  const left = boxes.filter((box) => !box.checked).length;
  const confirm = byId("confirm");
  confirm.disabled = left > 0;
  let place = byId("to-weigh");
  if (!place) {
    place = el("p", { id: "to-weigh", class: "hint", role: "status" });
    confirm.closest(".row").before(place);
  }
  const words = left ? `${many(left, "finding")} still to be ticked before you can say yes.` : "";
  if (place.textContent !== words) place.textContent = words;
}

document.addEventListener("change", (event) => { if (event.target.closest("#acknowledged")) toWeigh(); });

let asking = "";

function drawn(review) {
  // Gradio redraws the draft when its text changed or it was opened again.
  document.documentElement.classList.toggle("has-draft", Boolean(review));
  read(review ? shownReview() : "");
  pair();
  say("", false);
  meanwhile.review = "";
  if (review) {
    review.querySelector("h2").focus({ preventScroll: true });
    review.scrollIntoView();
    return;
  }
  if (queue) queue.opened = "";
  history.replaceState(null, "", location.pathname);
  // After a decision, focus moves to the list, which holds the next draft.
  queue?.read(true).then(() => (queue.first() ?? queue.heading).focus());
}

let due = false;
new MutationObserver(() => {
  if (due) return;
  due = true;
  requestAnimationFrame(() => { due = false; look(); });
}).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["class", "style", "hidden"] });

// --- clicks inside the draft

function goTo(link) {
  const there = byId(decodeURIComponent(link.hash.slice(1)));
  const folded = there?.closest("details");
  if (folded) folded.open = true;
  return there;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(":is(#shown, #evidence, #clear-alert) a[href^='#']");
  if (link) led(link, goTo(link));
  const id = event.target.closest?.("button")?.id ?? "";
  if (id.startsWith("do-")) asking = id.slice(3);
  if (id !== "compare") return;
  event.preventDefault();
  command("compare", document.querySelector("select.earlier").value, document.querySelector("select.later").value);
});

// --- keys

const press = (id) => { const button = byId(id); if (button?.offsetParent) button.click(); };

function nextPassage() {
  const all = [...document.querySelectorAll("#evidence .passage")];
  const next = all[(all.indexOf(document.activeElement.closest?.(".passage")) + 1) % all.length];
  if (next) toPassage(next, true);
}

const ACTS = {
  n: ["Open the next draft", () => queue.open(queue.beside(1))],
  p: ["Open the one before", () => queue.open(queue.beside(-1))],
  l: ["Go to the list", () => { drawer(true); (queue.button(queue.opened) ?? queue.first())?.focus(); }],
  e: ["Go to the next passage", nextPassage],
  c: ["Claim", () => press("claim")],
  b: ["Hand back", () => press("hand-back")],
  a: ["Approve", () => press("do-approve")],
  r: ["Return", () => press("do-return")],
  f: ["Refuse", () => press("do-refuse")],
  y: ["Confirm", () => press("confirm")],
};

function keysPanel(place) {
  const box = el("input", { type: "checkbox", id: "single-keys" });
  box.checked = localStorage.getItem(KEYS) === "on";
  box.addEventListener("change", () => localStorage.setItem(KEYS, box.checked ? "on" : "off"));
  const rows = [...Object.entries(ACTS).map(([key, [what]]) => [key.toUpperCase(), what]), ["Escape", "Go back from a confirmation"]];
  const table = el("dl", {}, ...rows.flatMap(([key, what]) => [el("dt", {}, el("kbd", { text: key })), el("dd", { text: what })]));
  place.replaceChildren(el("details", { id: "keyboard" }, el("summary", { text: "Keyboard" }),
    el("p", {}, box, " ", el("label", { for: "single-keys", text: "Use single keys" })),
    el("p", { class: "hint", text: "Off at first, so that a word spoken or typed by mistake does nothing. Tab, arrow keys and Enter do everything too." }),
    table));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && before.confirming) return press("cancel");
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !byId("single-keys")?.checked) return;
  if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")) return;
  const act = ACTS[event.key.toLowerCase()];
  if (!act || !queue) return;
  event.preventDefault();
  act[1]();
});

new MutationObserver(() => {
  const place = byId("keys");
  if (place && !place.firstChild) keysPanel(place);
}).observe(document.documentElement, { childList: true, subtree: true });

watch();
