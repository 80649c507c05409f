// The Papers page: the kinds, the form of one, and its draft beside it. The server draws all HTML; this script shows
// it above Gradio's part, keeps what is typed in this browser, and sends it.
"use strict";

const person = document.currentScript.dataset.person;
const kind = new URLSearchParams(location.search).get("kind") ?? "";
const [FORM, LATEST] = [`humphrey:paper:${person}:${kind}`, `humphrey:papers:${person}`];
const [MOST_LATEST, KEPT_MS, WAIT_MS] = [5, 7 * 24 * 3600 * 1000, 250];
const LOST = "Humphrey did not answer. What you typed is kept in this browser; try again.";

const byId = (id) => document.getElementById(id);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const form = () => byId("paper-form");

function el(name, set = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(set)) {
    if (key === "text") made.textContent = value;
    else made.setAttribute(key, value);
  }
  made.append(...inside);
  return made;
}

const spoken = el("div", { class: "unseen", role: "status", id: "papers-spoken" });
const say = (words) => { spoken.textContent = words; };
const kept = (key) => { try { return JSON.parse(localStorage.getItem(key)) ?? null; } catch { return null; } };

function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch { byId("kept-note")?.replaceChildren("This browser keeps nothing: what you type is lost if you leave the page."); }
}

// What was typed and never drafted is forgotten after a week.
for (const key of Object.keys(localStorage)) {
  if (key.startsWith("humphrey:paper:") && Date.now() - (kept(key)?.at ?? 0) > KEPT_MS) localStorage.removeItem(key);
}

function later(act) {
  let waiting;
  const started = (...given) => { clearTimeout(waiting); waiting = setTimeout(() => act(...given), WAIT_MS); };
  started.stop = () => clearTimeout(waiting);
  return started;
}

async function asked(path, options = {}) {
  let answer;
  try { answer = await fetch(path, options); } catch { return { failed: true, html: alertOf(LOST) }; }
  try { return { failed: !answer.ok, ...await answer.json() }; } catch {
    return { failed: true, html: alertOf(answer.status === 413 ? "That is more than humphrey takes in at once. Shorten it and try again." : LOST) };
  }
}

const post = (path, body) => asked(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const alertOf = (words) => el("div", { class: "alert", role: "alert" }, el("p", { text: words })).outerHTML;

// Rows.

const rowsOf = (fieldset) => [...fieldset.querySelector(".rows-list").children];

function addRow(fieldset) {
  const n = rowsOf(fieldset).length + 1;
  const made = document.createElement("template");
  made.innerHTML = fieldset.querySelector("template").innerHTML.replaceAll("__N__", n);
  const row = made.content.firstElementChild;
  fieldset.querySelector(".rows-list").append(row);
  most(fieldset);
  return row;
}

function most(fieldset) {
  fieldset.querySelector(".add").disabled = rowsOf(fieldset).length >= Number(fieldset.dataset.most);
}

function renumber(fieldset) {
  const before = new RegExp(`(^|[a-z]-)${fieldset.dataset.rows}\\.\\d+\\.`, "g");
  rowsOf(fieldset).forEach((row, index) => {
    const name = (value) => value.replace(before, `$1${fieldset.dataset.rows}.${index + 1}.`);
    // All radios of a row change their name at once, or those of two rows would be one group and lose a choice.
    const chosen = all("input[type=radio]:checked", row);
    for (const each of all("[id], [name], [for], [data-name], [aria-describedby]", row)) {
      for (const attribute of ["id", "name", "for", "data-name", "aria-describedby"]) {
        const value = each.getAttribute(attribute);
        if (value) each.setAttribute(attribute, value.split(" ").map(name).join(" "));
      }
    }
    chosen.forEach((each) => { each.checked = true; });
    row.querySelector(".row-name").textContent = `Row ${index + 1}`;
    row.querySelector(".remove").firstChild.textContent = `Remove row ${index + 1}`;
  });
  most(fieldset);
}

const label = (fieldset) => fieldset.querySelector("legend").firstChild.textContent.trim();

function added(fieldset) {
  const row = addRow(fieldset);
  conditions();
  row.querySelector("input, textarea, select")?.focus();
  say(`Row ${rowsOf(fieldset).length} of ${label(fieldset)} was added.`);
}

function removed(button) {
  const [row, fieldset] = [button.closest(".row"), button.closest(".rows")];
  const n = rowsOf(fieldset).indexOf(row) + 1;
  row.remove();
  renumber(fieldset);
  (rowsOf(fieldset)[n - 1]?.querySelector(".remove") ?? fieldset.querySelector(".add")).focus();
  say(`Row ${n} of ${label(fieldset)} was removed. ${rowsOf(fieldset).length} left.`);
  changed();
}

// Facts: what the form holds, by name. Fields that are not asked for keep what was typed, and do not send it.

const inputs = (inside = form()) => all("[name]", inside);

function values(inside = form(), sent = false) {
  const facts = {};
  for (const each of inputs(inside)) {
    if (each.type === "radio" && !each.checked) continue;
    if (sent && each.closest(".field[hidden]")) continue;
    facts[each.name] = each.value;
  }
  return facts;
}

function fill(facts) {
  for (const fieldset of all(".rows")) {
    const numbers = Object.keys(facts).map((name) => name.split(".")).filter(([id, , inner]) => id === fieldset.dataset.rows && inner);
    const wanted = Math.min(Math.max(1, ...numbers.map(([, n]) => Number(n))), Number(fieldset.dataset.most));
    while (rowsOf(fieldset).length < wanted) addRow(fieldset);
  }
  for (const each of inputs()) {
    if (!(each.name in facts)) continue;
    if (each.type === "radio") each.checked = each.value === facts[each.name];
    else each.value = facts[each.name];
  }
}

function holds(when, field) {
  const [outer, inner] = when.field.split(".");
  const row = inner && field.closest(".row");
  const within = inner ? row : form();
  const found = all(`.field[data-name]`, within ?? form()).find((each) =>
    inner ? each.dataset.name.endsWith(`.${inner}`) && each.dataset.name.startsWith(`${outer}.`) : each.dataset.name === outer);
  if (!found) return true;
  const given = Object.values(values(found)).map((value) => value.trim()).filter(Boolean);
  if (when.among) return !found.hidden && given.some((value) => when.among.includes(value));
  return (!found.hidden && given.length > 0) === when.given;
}

function conditions() {
  for (const field of all(".field[data-when]", form())) field.hidden = !holds(JSON.parse(field.dataset.when), field);
  for (const group of all("fieldset.group", form())) group.hidden = !group.querySelector(":scope > .field:not([hidden])");
}

const held = () => ({ at: Date.now(), facts: values(), marking: marking() });
const save = later(() => keep(FORM, held()));
const marking = () => document.querySelector("#marking input:checked")?.value ?? "";

function changed() {
  conditions();
  save();
}

// Days, typed or picked.

const days = new Map();

function dayOf(typed) {
  if (!days.has(typed)) days.set(typed, asked(`/papers/day?said=${encodeURIComponent(typed)}`));
  return days.get(typed);
}

const readDay = async (field) => {
  const typed = field.querySelector(".day").value.trim();
  const said = field.querySelector("output");
  if (!typed) { said.textContent = ""; return; }
  const answer = await dayOf(typed);
  if (answer.failed) days.delete(typed);
  if (field.querySelector(".day").value.trim() !== typed || answer.failed) return;
  said.textContent = answer.said;
  field.querySelector(".pick").value = answer.day;
};
const readLater = new WeakMap();

function dayTyped(field) {
  if (!readLater.has(field)) readLater.set(field, later(readDay));
  readLater.get(field)(field);
}

// The text of a file.

async function fromFile(input) {
  const [file] = input.files;
  const field = input.closest(".field");
  if (!file) return;
  say(`${file.name} is being read.`);
  const answer = await asked(`/papers/files?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
  const place = field.querySelector(".fault");
  if (answer.failed) {
    place.innerHTML = answer.html;
  } else {
    const text = field.querySelector("textarea");
    text.value = text.value.trim() ? `${text.value.trim()}\n\n${answer.text}` : answer.text;
    place.textContent = answer.notes.join(" ");
    say(`The text of ${file.name} is in the field.`);
    changed();
  }
  input.value = "";
}

// Drafting, and what is wrong with the facts.

function showFaults(faults) {
  for (const each of all(".fault", form())) each.replaceChildren();
  for (const each of all("[aria-invalid]", form())) each.removeAttribute("aria-invalid");
  for (const [name, fault] of Object.entries(faults)) {
    byId(`e-${name}`)?.replaceChildren(fault);
    byId(`f-${name}`)?.setAttribute("aria-invalid", "true");
  }
}

function alerted(html) {
  const place = byId("papers-alert");
  place.innerHTML = html;
  place.focus();
  place.scrollIntoView({ block: "start" });
}

function dropEmptyRows() {
  for (const fieldset of all(".rows")) {
    const empty = rowsOf(fieldset).filter((row) => !Object.values(values(row)).some((value) => value.trim()));
    empty.slice(empty.length === rowsOf(fieldset).length ? 1 : 0).forEach((row) => row.remove());
    renumber(fieldset);
  }
}

let exchange = "";

async function drafting() {
  const button = byId("draft-it");
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  say("The draft is being written.");
  dropEmptyRows();
  const answer = await post("/papers/drafts", { kind, facts: values(form(), true), marking: marking() });
  button.removeAttribute("aria-disabled");
  showFaults(answer.faults ?? {});
  if (!answer.exchange) { alerted(answer.html); return; }
  byId("papers-alert").replaceChildren();
  byId("paper-note").replaceChildren();
  exchange = answer.exchange;
  // A form whose draft lacks something is needed again.
  save.stop();
  keep(FORM, answer.whole ? null : held());
  byId("paper").innerHTML = answer.html;
  byId("sending-place").hidden = false;
  origins();
  byId("paper-heading").hidden = false;
  byId("paper-heading").focus();
  byId("paper-beside").scrollIntoView({ block: "start" });
  say("The draft is here.");
}

async function send(event) {
  event.preventDefault();
  const outlet = document.querySelector("[name=outlet]:checked")?.value ?? "web";
  const answer = await post("/papers/send", { exchange, outlet, address: byId("f-address").value });
  if (answer.failed) { alerted(answer.html); return; }
  byId("papers-alert").replaceChildren();
  byId("paper-note").innerHTML = answer.html;
  byId("sending-place").hidden = true;
  byId("paper-heading").focus();
  const command = document.querySelector("#papers-command :is(textarea, input)");
  if (!command) return;
  command.value = `sent ${Date.now()}`;
  command.dispatchEvent(new Event("input", { bubbles: true }));
}

function outletChosen() {
  const label = document.querySelector("[name=outlet]:checked")?.dataset.address ?? "";
  byId("paper-address").hidden = !label;
  byId("paper-address").querySelector("label").textContent = label;
}

// Where words come from.

const tip = el("div", { id: "origin-tip", role: "tooltip", hidden: "" });

// A mark becomes a link to the field that it comes from, or that is missing.
function origins() {
  const leads = new Map(all("#leads li").map((lead) => [lead.dataset.mark, lead]));
  for (const mark of all("#paper-words mark[id], #paper-words mark span[id]")) {
    const lead = leads.get(mark.id);
    if (!lead) continue;
    const link = el("a", { class: "led", href: `#${lead.dataset.to ?? ""}` });
    if (lead.textContent) {
      link.dataset.source = lead.textContent;
      link.setAttribute("aria-describedby", "origin-tip");
    }
    link.append(...mark.childNodes);
    mark.append(link);
  }
}

function pointed(event) {
  const link = event.target.closest?.("a[data-source]");
  tip.hidden = !link;
  if (!link) return;
  tip.textContent = `From: ${link.dataset.source}`;
  const at = link.getBoundingClientRect();
  tip.style.top = `${at.bottom + scrollY + 4}px`;
  tip.style.left = `${Math.max(8, Math.min(at.left + scrollX, innerWidth - tip.offsetWidth - 16))}px`;
}

// A link to a field leads to its input, and the input gets the focus.
function toField(event) {
  const link = event.target.closest?.('a.led, a[href^="#f-"]');
  if (!link) return;
  event.preventDefault();
  const found = byId(link.getAttribute("href").slice(1));
  found?.focus();
  found?.scrollIntoView({ block: "center" });
}

// The list of kinds.

function find() {
  const wanted = byId("find-kind").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const item of all(".family li")) {
    const words = `${item.textContent} ${item.closest(".family").querySelector("h2").textContent}`.toLowerCase();
    item.hidden = !wanted.every((word) => words.includes(word));
    count += item.hidden ? 0 : 1;
  }
  for (const family of all(".family")) family.hidden = !family.querySelector("li:not([hidden])");
  byId("latest-kinds").hidden = wanted.length > 0 || !byId("latest-kinds").querySelector("li");
  const noun = count === 1 ? "kind" : "kinds";
  byId("kinds-found").textContent = wanted.length ? (count ? `${count} ${noun}` : "No kind has these words. Try one of them.") : "";
}

function latest() {
  const list = byId("latest-kinds").querySelector("ul");
  for (const each of kept(LATEST) ?? []) {
    const link = all(".family li").find((item) => item.dataset.kind === each)?.querySelector("a");
    if (link) list.append(el("li", {}, link.cloneNode(true)));
  }
  byId("latest-kinds").hidden = !list.children.length;
}

// The page.

const beside = '<section id="paper-beside"><h2 id="paper-heading" tabindex="-1" hidden>The draft</h2><div id="paper-note"></div>'
  + '<div id="paper"></div><div id="sending-place" hidden></div></section>';

function showKinds() {
  latest();
  byId("find-kind").addEventListener("input", find);
}

function showForm(answer) {
  document.title = `${answer.title} - humphrey`;
  keep(LATEST, [kind, ...(kept(LATEST) ?? []).filter((each) => each !== kind)].slice(0, MOST_LATEST));
  form().querySelector(".acts").insertAdjacentHTML("beforebegin", answer.marking);
  byId("papers-main").insertAdjacentHTML("beforeend", beside);
  byId("sending-place").innerHTML = answer.sending;
  const before = kept(FORM);
  fill(before?.facts ?? {});
  if (before?.marking) all("#marking input").forEach((each) => { each.checked = each.value === before.marking; });
  if (before) say("What you typed before is in the form again.");
  conditions();
  outletChosen();
  for (const field of all('.field[data-type="date"]')) readDay(field);
  form().addEventListener("submit", (event) => { event.preventDefault(); drafting(); });
  form().addEventListener("input", typed);
  byId("paper-sending").addEventListener("submit", send);
  byId("paper-sending").addEventListener("change", outletChosen);
}

function typed(event) {
  const field = event.target.closest(".field");
  if (event.target.matches(".pick")) {
    field.querySelector(".day").value = event.target.value;
    dayTyped(field);
  } else if (event.target.matches(".day")) dayTyped(field);
  else if (event.target.matches(".from-file")) { fromFile(event.target); return; }
  changed();
}

function clicked(event) {
  const button = event.target.closest?.("button");
  if (button?.matches(".rows .add")) added(button.closest(".rows"));
  else if (button?.matches(".rows .remove")) removed(button);
  else if (button?.id === "empty-form") { keep(FORM, null); location.reload(); }
  else toField(event);
}

async function start() {
  const main = el("div", { class: "plain-page wide", id: "papers" });
  main.append(el("div", { id: "papers-alert", tabindex: "-1" }), el("div", { id: "papers-main" }, el("h1", { text: "Draft a paper" })));
  byId("content").prepend(main);
  document.body.append(spoken, tip);
  const answer = await asked(`/papers/form?kind=${encodeURIComponent(kind)}`);
  if (answer.failed) { byId("papers-alert").innerHTML = answer.html; return; }
  byId("papers-main").innerHTML = answer.html;
  document.addEventListener("click", clicked);
  for (const event of ["mouseover", "focusin"]) document.addEventListener(event, pointed);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
  if (form()) {
    const forms = el("div", { id: "paper-form-side" });
    forms.append(...byId("papers-main").childNodes);
    byId("papers-main").append(forms);
    showForm(answer);
  } else showKinds();
}

start();
