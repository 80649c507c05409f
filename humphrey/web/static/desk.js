// The Clear page's queue: filtered, paged and counted from /api/v1/reviews, and refreshed while others work.
// Rows never move under a reader: they change in place, and a new order waits for a button.
"use strict";

const EVERY_MS = 10000;
const PER_PAGE = 25;
const me = document.currentScript.dataset.person;

function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name === "text") made.textContent = value;
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

const unseen = (text) => el("span", { class: "unseen", text });
const many = (n, what) => `${n.toLocaleString("en-GB")} ${what}${n === 1 ? "" : "s"}`;
const clock = (iso) => `${new Date(iso).toISOString().slice(11, 16)} UTC`;
const plain = (kind) => kind.replaceAll("_", " ");

// `byItself`: an automatic request, which must not extend the session.
async function ask(path, byItself) {
  const headers = byItself ? { "x-humphrey-by-itself": "yes" } : {};
  const answer = await fetch(`/api/v1${path}`, { redirect: "error", headers });
  const said = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(said.error), { status: answer.status });
  return said;
}

function command(...words) {
  const field = document.querySelector("#command textarea, #command input");
  if (!field) return setTimeout(() => command(...words), 200);
  // Gradio reports a change only if the value differs from the last one.
  field.value = [...words, Date.now()].join(" ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const CHOICES = {
  states: { label: "Show", options: [["others", "Waiting for clearance"], ["own", "Mine, for others to clear"],
    ["returned", "Returned to their authors"], ["approved", "Approved, not yet delivered"]] },
  kind: { label: "Kind", options: [["", "Every kind"]] },
  outlet: { label: "Goes", options: [["", "Anywhere"], ["web", "To a page"], ["email", "By e-mail"], ["file", "To a file"]] },
  marking: { label: "Marking", options: [["", "Any"], ["OFFICIAL", "OFFICIAL"], ["OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"]] },
  due: { label: "Due", options: [["", "At any time"], ["overdue", "Overdue"], ["0", "Today or before"],
    ["3", "Within 3 working days"], ["10", "Within 10 working days"]] },
  age: { label: "Waiting", options: [["", "However long"], ["1", "A day or more"], ["3", "3 days or more"],
    ["7", "A week or more"], ["30", "30 days or more"]] },
  claimed: { label: "Claimed by", options: [["", "Anybody or nobody"], ["me", "Me"], ["nobody", "Nobody"]] },
};

function asked(wanted, offset) {
  const query = new URLSearchParams({ limit: PER_PAGE, offset });
  const stands = { own: ["open"], returned: ["returned"], approved: ["approved", "released"] }[wanted.states] ?? ["open"];
  stands.forEach((state) => query.append("state", state));
  if (wanted.states === "own") query.set("own", "true");
  for (const name of ["kind", "outlet", "marking"]) if (wanted[name]) query.set(name, wanted[name]);
  if (wanted.due === "overdue") query.set("overdue", "true");
  else if (wanted.due) query.set("due_within", wanted.due);
  if (wanted.age) query.set("days_old", wanted.age);
  if (wanted.claimed === "me") query.set("claimed_by", me);
  if (wanted.claimed === "nobody") query.set("unclaimed", "true");
  if (wanted.asker) query.set("asked_by", wanted.asker);
  return query;
}

function chooser(name, { label, options }) {
  const select = el("select", { id: `by-${name}`, name });
  select.append(...options.map(([value, text]) => el("option", { value, text })));
  return el("p", {}, el("label", { for: `by-${name}`, text: label }), select);
}

class Queue {
  constructor(place) {
    this.offset = 0;
    this.rows = new Map();
    this.waiting = null;
    this.total = 0;
    this.counts = el("p", { id: "counts" });
    this.said = el("p", { class: "unseen", role: "status" });
    this.trouble = el("div", { id: "desk-trouble", role: "alert" });
    this.fresh = el("button", { type: "button", class: "go quiet", id: "fresh", hidden: true });
    this.list = el("ol", { id: "queue", class: "plain", "aria-label": "The queue, most urgent first" });
    this.paging = el("p", { class: "paging" });
    this.form = this.filters();
    const order = "Overdue first, then what is due soonest, then what has no due date; of equals the oldest first.";
    const hint = el("p", { class: "hint", text: `${order} Arrow keys move in the list, Enter opens.` });
    this.heading = el("h2", { tabindex: "-1", text: "The queue" });
    place.replaceChildren(this.heading, this.counts, this.form, hint, this.trouble, this.said,
      this.fresh, this.list, this.paging);
    this.form.addEventListener("input", () => this.filtered());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.fresh.addEventListener("click", () => { this.show(this.waiting); this.first()?.focus(); });
    this.list.addEventListener("click", (event) => this.open(event.target.closest("button")?.value));
    this.list.addEventListener("keydown", (event) => this.move(event));
    this.read(true);
  }

  filters() {
    const asker = el("p", {}, el("label", { for: "by-asker", text: "Asked by" }),
      el("input", { id: "by-asker", name: "asker", autocomplete: "off", maxlength: "200" }));
    const chosen = Object.entries(CHOICES).map(([name, choice]) => chooser(name, choice));
    const clear = el("button", { type: "reset", class: "go quiet", text: "Show all" });
    clear.addEventListener("click", () => setTimeout(() => this.filtered()));
    return el("form", { id: "filters" }, el("details", {}, el("summary", { text: "Filter the queue" }),
      el("div", { class: "filters" }, ...chosen, asker), clear));
  }

  filtered() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => { this.offset = 0; this.read(true); }, 250);
  }

  async read(now = false) {
    clearTimeout(this.timer);
    const wanted = Object.fromEntries(new FormData(this.form));
    const turn = this.turn = Symbol("one reading");
    try {
      const page = await ask(`/reviews?${asked(wanted, this.offset)}`, !now);
      // A late response to an earlier request must not replace a newer one.
      if (turn !== this.turn) return;
      this.trouble.replaceChildren();
      if (now || !this.rows.size) this.show(page);
      else this.compare(page);
    } catch (error) { this.failed(error); }
    if (turn === this.turn) this.timer = setTimeout(() => this.again(), EVERY_MS);
  }

  again() {
    if (document.hidden) this.timer = setTimeout(() => this.again(), EVERY_MS);
    else this.read();
  }

  failed(error) {
    const words = error.status ? error.message : "Humphrey does not answer just now. This page goes on asking.";
    if (this.trouble.textContent !== words) this.trouble.replaceChildren(el("p", { text: words }));
  }

  show(page) {
    const held = this.list.contains(document.activeElement) ? document.activeElement.value : "";
    this.waiting = null;
    this.fresh.hidden = true;
    this.rows = new Map(page.reviews.map((row) => [row.id, this.entry(row)]));
    this.list.replaceChildren(...this.rows.values());
    this.tell(page);
    this.page(page);
    const focus = this.button(held) ?? this.first();
    if (focus) focus.tabIndex = 0;
    if (held) focus?.focus();
    this.mark();
    const words = page.total ? `${many(page.total, "draft")} in the list.` : "No draft fits.";
    if (this.said.textContent !== words) this.said.textContent = words;
    if (!page.total) this.list.replaceChildren(el("li", { class: "hint", text: "No draft fits." }));
  }

  compare(page) {
    this.tell(page);
    const now = new Map(page.reviews.map((row) => [row.id, row]));
    for (const [id, item] of this.rows) {
      if (now.has(id)) this.renew(item, now.get(id));
      else this.gone(item);
    }
    const before = [...this.rows.keys()].join(" ");
    const changed = before !== [...now.keys()].join(" ") || page.total !== this.total;
    this.waiting = changed ? page : null;
    this.fresh.hidden = !changed;
    this.fresh.textContent = "The list has changed: show it as it is now";
  }

  tell(page) {
    const { state, overdue, claimed, mine, own, kind } = page.counts;
    const parts = [`${state.open ?? 0} waiting`, `${overdue} overdue`, `${claimed} claimed`, `${mine} by you`];
    const words = `${parts.join(", ")}.`;
    if (this.counts.textContent !== words) this.counts.textContent = words;
    const shown = { others: state.open ?? 0, own, returned: state.returned ?? 0,
      approved: (state.approved ?? 0) + (state.released ?? 0) };
    for (const option of this.form.elements.states.options) {
      const label = CHOICES.states.options.find(([value]) => value === option.value)[1];
      option.textContent = `${label} (${shown[option.value]})`;
    }
    this.kinds(kind);
  }

  kinds(counts) {
    const select = this.form.elements.kind;
    for (const [kind, n] of Object.entries(counts)) {
      const option = [...select.options].find(({ value }) => value === kind) ?? el("option", { value: kind });
      option.textContent = `${plain(kind)} (${n})`;
      if (!option.parentNode) select.append(option);
    }
  }

  page(page) {
    this.total = page.total;
    const last = Math.min(this.offset + PER_PAGE, page.total);
    const to = (offset, text) => {
      const button = el("button", { type: "button", class: "go quiet", text });
      button.addEventListener("click", async () => { this.offset = offset; await this.read(true); this.first()?.focus(); });
      return button;
    };
    const parts = [];
    if (this.offset > 0) parts.push(to(Math.max(0, this.offset - PER_PAGE), "Earlier in the list"));
    if (page.total > PER_PAGE) parts.push(el("span", { text: `${this.offset + 1} to ${last} of ${page.total}` }));
    if (last < page.total) parts.push(to(last, "Further down the list"));
    this.paging.replaceChildren(...parts);
  }

  entry(row) {
    const button = el("button", { type: "button", value: row.id, tabindex: "-1" });
    const item = el("li", {}, button);
    this.renew(item, row);
    return item;
  }

  renew(item, row) {
    const key = `${row.revision} ${row.due_said} ${row.claimed_by} ${row.claimed_until} ${row.escalated}`;
    if (item.key === key) return;
    item.key = key;
    item.className = row.days_left !== null && row.days_left < 0 ? "late" : "";
    const found = [row.blocking && `${row.blocking} to be put right`, row.warnings && `${row.warnings} to be weighed`];
    const lines = [`${plain(row.kind)} for ${row.asked_by}, ${row.marking}`, ...found.filter(Boolean)];
    if (row.handed_to) lines.push(`handed to ${row.handed_to === me ? "you" : row.handed_to}`);
    if (row.escalated) lines.push("deputies were told");
    const claimed = row.claimed_by && `claimed by ${row.claimed_by === me ? "you" : row.claimed_by} until ${clock(row.claimed_until)}`;
    item.firstChild.replaceChildren(
      el("span", { class: "title", dir: "auto", text: row.title || plain(row.kind) }),
      el("span", { class: "when", text: row.due_said }),
      el("span", { class: "about", text: lines.join(" · ") }),
      ...(claimed ? [el("span", { class: "claimed", text: claimed })] : []));
  }

  gone(item) {
    if (item.className === "gone") return;
    item.className = "gone";
    item.key = "";
    item.firstChild.append(el("span", { class: "claimed", text: "no longer in this list" }));
  }

  first() { return this.list.querySelector("button"); }
  button(id) { return id ? this.rows.get(id)?.firstChild : undefined; }

  move(event) {
    const all = [...this.list.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined || !all[to]) return;
    event.preventDefault();
    this.focus(all[to]);
  }

  focus(button) {
    this.list.querySelectorAll("[tabindex='0']").forEach((each) => { each.tabIndex = -1; });
    button.tabIndex = 0;
    button.focus();
  }

  // The review after or before the open one, to go through the queue without the list.
  beside(step) {
    const all = [...this.rows.keys()].filter((id) => this.rows.get(id).className !== "gone");
    const at = all.indexOf(this.opened);
    return at < 0 ? all[this.opened ? 0 : step > 0 ? 0 : all.length - 1] : all[at + step];
  }

  open(id) {
    if (!id) return;
    this.opened = id;
    this.mark();
    history.replaceState(null, "", `?review=${encodeURIComponent(id)}`);
    command("open", id);
  }

  mark() {
    for (const [id, item] of this.rows) {
      if (id === this.opened) item.firstChild.setAttribute("aria-current", "true");
      else item.firstChild.removeAttribute("aria-current");
    }
  }
}

let queue = null;

// Gradio draws the page after this script has run.
new MutationObserver(() => {
  const place = document.getElementById("desk");
  if (!place || queue) return;
  queue = new Queue(place);
  // The page opens the review in its address by itself.
  queue.opened = new URLSearchParams(location.search).get("review") ?? "";
}).observe(document.documentElement, { childList: true, subtree: true });
