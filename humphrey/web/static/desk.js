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
const LONDON = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London", timeZoneName: "short" });
const clock = (iso) => LONDON.format(new Date(iso));
const plain = (kind) => kind.replaceAll("_", " ");

function waited(iso) {
  const minutes = Math.max(0, Math.floor((Date.now() - new Date(iso)) / 60000));
  for (const [size, unit] of [[1440, "day"], [60, "hour"], [1, "minute"]]) if (minutes >= size) return many(Math.floor(minutes / size), unit);
  return "less than a minute";
}

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

const DECIDED = ["returned", "refused", "approved", "released", "delivered"];
const TABS = {
  mine: ["Mine", { state: ["open"], claimed_by: me }],
  unclaimed: ["Unclaimed", { state: ["open"], unclaimed: "true" }],
  all: ["All", { state: ["open"] }],
  done: ["Done", { state: DECIDED }],
};

const CHOICES = {
  whose: { label: "Asked for", options: [["", "By others, for me to clear"], ["own", "By me, for others to clear"]] },
  kind: { label: "Kind", options: [["", "Every kind"]] },
  outlet: { label: "Goes", options: [["", "Anywhere"], ["web", "To a page"], ["email", "By e-mail"], ["file", "To a file"]] },
  marking: { label: "Marking", options: [["", "Any"], ["OFFICIAL", "OFFICIAL"], ["OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"]] },
  due: { label: "Due", options: [["", "At any time"], ["overdue", "Overdue"], ["0", "Today or before"],
    ["3", "Within 3 working days"], ["10", "Within 10 working days"]] },
  age: { label: "Waiting", options: [["", "However long"], ["1", "A day or more"], ["3", "3 days or more"],
    ["7", "A week or more"], ["30", "30 days or more"]] },
};

function asked(wanted, tab, offset, limit = PER_PAGE) {
  const query = new URLSearchParams({ limit, offset });
  const { state, ...more } = TABS[tab][1];
  state.forEach((each) => query.append("state", each));
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  if (wanted.whose === "own") query.set("own", "true");
  for (const name of ["kind", "outlet", "marking"]) if (wanted[name]) query.set(name, wanted[name]);
  if (wanted.due === "overdue") query.set("overdue", "true");
  else if (wanted.due) query.set("due_within", wanted.due);
  if (wanted.age) query.set("days_old", wanted.age);
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
    this.tab = "all";
    this.offset = 0;
    this.rows = new Map();
    this.waiting = null;
    this.total = 0;
    this.counts = el("p", { id: "counts", class: "hint" });
    this.said = el("p", { class: "unseen", role: "status" });
    this.trouble = el("div", { id: "desk-trouble", role: "alert" });
    this.fresh = el("button", { type: "button", class: "go quiet", id: "fresh", hidden: true });
    this.list = el("ol", { id: "queue", class: "plain", "aria-label": "The queue" });
    this.paging = el("p", { class: "paging" });
    this.form = this.filters();
    this.tabs = this.tablist();
    const panel = el("div", { id: "queue-panel", role: "tabpanel", "aria-labelledby": `tab-${this.tab}` },
      this.trouble, this.said, this.fresh, this.list, this.paging);
    this.heading = el("h2", { class: "unseen", tabindex: "-1", text: "The queue" });
    place.replaceChildren(this.heading, this.tabs, this.counts, this.form, panel);
    this.panel = panel;
    this.form.addEventListener("input", () => this.filtered());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.fresh.addEventListener("click", () => { this.show(this.waiting); this.first()?.focus(); });
    this.list.addEventListener("click", (event) => this.open(event.target.closest("button")?.value));
    this.list.addEventListener("keydown", (event) => this.move(event));
    this.read(true);
    this.countDone();
  }

  tablist() {
    const tabs = Object.entries(TABS).map(([name, [label]]) => {
      const chosen = name === this.tab;
      return el("button", { type: "button", role: "tab", id: `tab-${name}`, value: name, "aria-controls": "queue-panel",
        "aria-selected": String(chosen), tabindex: chosen ? "0" : "-1" }, label, el("span", { class: "count" }));
    });
    const list = el("div", { role: "tablist", class: "tabs", "aria-label": "Which drafts" }, ...tabs);
    list.addEventListener("click", (event) => this.choose(event.target.closest("[role=tab]")));
    list.addEventListener("keydown", (event) => {
      const at = tabs.indexOf(event.target.closest("[role=tab]"));
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      this.choose(tabs[(to + tabs.length) % tabs.length]);
    });
    return list;
  }

  choose(tab) {
    if (!tab) return;
    for (const each of this.tabs.children) {
      each.setAttribute("aria-selected", String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
    }
    this.panel.setAttribute("aria-labelledby", tab.id);
    tab.focus();
    if (tab.value === this.tab) return;
    Object.assign(this, { tab: tab.value, offset: 0 });
    this.read(true);
  }

  count(tab, n) {
    const place = this.tabs.querySelector(`#tab-${tab} .count`);
    const words = ` ${n.toLocaleString("en-GB")}`;
    if (place.textContent !== words) place.textContent = words;
  }

  // What is done is not in the counts of the queue, because it only grows.
  async countDone() {
    try { this.count("done", (await ask(`/reviews?${asked({}, "done", 0, 1)}`, true)).total); } catch { /* the queue says what is wrong */ }
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
      const page = await ask(`/reviews?${asked(wanted, this.tab, this.offset)}`, !now);
      // A late response to an earlier request must not replace a newer one.
      if (turn !== this.turn) return;
      this.trouble.replaceChildren();
      if (now || !this.rows.size) this.show(page);
      else this.compare(page);
    } catch (error) { this.failed(error); }
    if (turn === this.turn) this.timer = setTimeout(() => this.again(), EVERY_MS);
  }

  again() {
    if (document.hidden || this.tab === "done") this.timer = setTimeout(() => this.again(), EVERY_MS);
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
    const open = state.open ?? 0;
    const words = `${overdue} overdue, ${claimed} claimed${own ? `, ${own} of your own for others` : ""}.`;
    if (this.counts.textContent !== words) this.counts.textContent = words;
    this.count("mine", mine);
    this.count("unclaimed", open - claimed);
    this.count("all", open);
    if (byId("drawer")) byId("drawer").textContent = `The queue (${open.toLocaleString("en-GB")})`;
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
    const done = row.state !== "open";
    const age = done ? row.state : `waiting ${waited(row.opened)}`;
    const key = `${row.revision} ${row.due_said} ${row.claimed_by} ${row.claimed_until} ${row.escalated} ${age}`;
    if (item.key === key) return;
    item.key = key;
    item.className = !done && row.days_left !== null && row.days_left < 0 ? "late" : "";
    const found = [row.blocking && `${row.blocking} to be put right`, row.warnings && `${row.warnings} to be weighed`];
    const lines = [...found.filter(Boolean)];
    if (row.handed_to) lines.push(`handed to ${row.handed_to === me ? "you" : row.handed_to}`);
    if (row.escalated) lines.push("deputies were told");
    const claimed = row.claimed_by && `claimed by ${row.claimed_by === me ? "you" : row.claimed_by} until ${clock(row.claimed_until)}`;
    item.firstChild.replaceChildren(
      el("span", { class: "title", dir: "auto", text: row.title || plain(row.kind) }),
      el("span", { class: "about", text: `${row.asked_by} · ${plain(row.kind)} · ${row.marking}` }),
      el("span", { class: "about" }, age, done ? "" : " · ", el("span", { class: "when", text: done ? "" : row.due_said })),
      ...(lines.length ? [el("span", { class: "found", text: lines.join(" · ") })] : []),
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
    drawer(false);
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

// --- the queue as a drawer, where it does not fit beside the draft

const byId = (id) => document.getElementById(id);

function drawer(open) {
  const button = byId("drawer");
  if (!button) return;
  document.documentElement.classList.toggle("drawer-open", open);
  button.setAttribute("aria-expanded", String(open));
}

function drawerButton(place) {
  const button = el("button", { type: "button", class: "go quiet", id: "drawer", "aria-expanded": "false", "aria-controls": "side", text: "The queue" });
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    drawer(open);
    if (open) (queue.button(queue.opened) ?? queue.first() ?? queue.heading).focus();
  });
  place.replaceChildren(button);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || button.getAttribute("aria-expanded") !== "true") return;
    drawer(false);
    button.focus();
  });
}

// The panes fill what the header leaves of the window.
new ResizeObserver(([entry]) => {
  document.documentElement.style.setProperty("--band-height", `${entry.target.offsetHeight}px`);
}).observe(document.querySelector(".band"));

let queue = null;

// Gradio draws the page after this script has run.
new MutationObserver(() => {
  const place = document.getElementById("desk");
  if (!place || queue) return;
  queue = new Queue(place);
  drawerButton(byId("drawer-place"));
  // The page opens the review in its address by itself.
  queue.opened = new URLSearchParams(location.search).get("review") ?? "";
}).observe(document.documentElement, { childList: true, subtree: true });
