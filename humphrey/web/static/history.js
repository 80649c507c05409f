// The list of conversations: drawn by the server, one Tab stop with arrow keys, and a dialog of options for each.
"use strict";

(() => {
  const WAIT_MS = 250;
  const [STEP, SELF] = [60, "/ask/history"];
  let [shown, asked, drawn, timer, current] = [STEP, 0, "", 0, null];

  const place = () => document.getElementById("history-list");
  const words = () => document.getElementById("history-words");
  const stops = () => [...(place()?.querySelectorAll("a[data-conversation], #history-more") ?? [])];

  async function list(focus) {
    const mine = ++asked;
    const answer = await fetch(`${SELF}?${new URLSearchParams({ words: words().value, shown })}`).catch(() => null);
    // A slower answer to an earlier search must not replace a later one.
    if (mine !== asked || !place()) return;
    if (!answer?.ok) { say("The list could not be read. Try again in a moment."); return; }
    const html = await answer.text();
    if (mine !== asked || html === drawn && place().firstChild) { mark(); return; }
    drawn = html;
    const scrolled = place().scrollTop;
    const held = place().contains(document.activeElement) ? document.activeElement.closest("li")?.querySelector("a").dataset.conversation : "";
    place().innerHTML = html;
    place().scrollTop = scrolled;
    mark();
    const target = focus === undefined ? stops().find((each) => held && each.dataset.conversation === held) : stops()[focus];
    if (target) stop(target, true);
  }

  function say(said) {
    const told = Object.assign(document.createElement("p"), { className: "hint", textContent: said });
    told.setAttribute("role", "status");
    place().prepend(told);
    drawn = "";
  }

  // One Tab stop: the open conversation, or the first.
  function mark() {
    const links = stops();
    for (const each of links) {
      if (each.dataset.conversation && each.dataset.conversation === current) each.setAttribute("aria-current", "page");
      else each.removeAttribute("aria-current");
    }
    stop(links.find((each) => each === document.activeElement) ?? links.find((each) => each.hasAttribute("aria-current")) ?? links[0]);
  }

  function stop(target, focus = false) {
    stops().forEach((each) => { each.tabIndex = each === target ? 0 : -1; });
    if (focus && target) { target.focus(); target.scrollIntoView({ block: "nearest" }); }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !place()?.contains(event.target)) return;
    const links = stops();
    const here = links.indexOf(event.target.closest("li")?.querySelector("a") ?? event.target);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: links.length - 1 }[event.key];
    const beside = { ArrowRight: "button", ArrowLeft: "a" }[event.key];
    if (to !== undefined) stop(links[Math.min(Math.max(to, 0), links.length - 1)], true);
    else if (beside) event.target.closest("li")?.querySelector(beside).focus();
    else return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (!place()?.contains(event.target)) return;
    const [link, button] = [event.target.closest("a"), event.target.closest("button")];
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      window.openConversation(link.dataset.conversation);
    } else if (button?.id === "history-more") {
      shown += STEP;
      list(stops().length - 1);
    } else if (button) options(button);
  });

  document.addEventListener("click", (event) => {
    const question = document.querySelector("#question textarea");
    if (!event.target.closest?.("a.skip") || !question) return;
    event.preventDefault();
    question.focus();
  });

  document.addEventListener("input", (event) => {
    if (event.target !== words()) return;
    shown = STEP;
    clearTimeout(timer);
    timer = setTimeout(list, WAIT_MS);
  });

  // Options of one conversation.

  const dialog = document.createElement("dialog");
  dialog.id = "history-options";
  dialog.setAttribute("aria-labelledby", "history-title");

  function part(name, set = {}, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(set)) {
      if (key === "text") made.textContent = value;
      else made.setAttribute(key, value);
    }
    made.append(...inside);
    return made;
  }

  const press = (text, act, css = "go quiet") => {
    const made = part("button", { type: "button", class: css, text });
    made.addEventListener("click", act);
    return made;
  };

  function options(button) {
    const link = button.closest("li").querySelector("a");
    const [id, title] = [link.dataset.conversation, link.textContent];
    const wrong = part("div", { role: "alert" });
    const input = part("input", { id: "history-name", maxlength: "200", autocomplete: "off" });
    input.value = title;
    const rename = part("form", { method: "dialog" }, part("label", { for: "history-name", text: "Title" }), input, " ",
      part("button", { class: "go", text: "Rename" }));
    const act = (name, given) => change(id, name, given, wrong);
    rename.addEventListener("submit", (event) => { event.preventDefault(); act("title", { title: input.value }); });
    const pinned = !!button.dataset.pinned;
    const files = ["HTML", "Markdown", "JSON"].map((form, n) => part("li", {},
      part("a", { href: `${SELF}/${id}/export.${["html", "md", "json"][n]}`, download: "", text: `Export as ${form}` })));
    const sure = part("p", { hidden: "" }, "Its questions, drafts and files are deleted. What you sent for clearance stays. ",
      press("Remove it for good", async () => { if (await act("remove", {}) && id === current) window.openConversation(""); }, "go stop"));
    dialog.replaceChildren(part("div", { class: "plain-page" }, part("h2", { id: "history-title", text: title }), wrong, rename,
      part("p", {}, press(pinned ? "Unpin" : "Pin to the top", () => act("pin", { pinned: pinned ? "" : "yes" }))),
      part("ul", { class: "plain" }, ...files),
      part("p", {}, press("Remove", () => { sure.hidden = false; sure.querySelector("button").focus(); })), sure,
      part("p", {}, press("Close", () => dialog.close()))));
    dialog.onclose = () => (document.querySelector(`#history-list a[data-conversation="${CSS.escape(id)}"]`) ?? words()).focus();
    document.body.append(dialog);
    dialog.showModal();
  }

  async function change(id, name, given, wrong) {
    const answer = await fetch(`${SELF}/${id}/${name}`, { method: "POST", body: new URLSearchParams(given) }).catch(() => null);
    if (answer?.ok) { await list(); dialog.close(); return true; }
    const said = await answer?.json().catch(() => null);
    wrong.replaceChildren(part("p", { class: "alert", text: said?.detail ?? "It did not arrive. Try again." }));
    return false;
  }

  // The list is read again when another conversation is open, or an answer was kept.
  window.listConversations = (open) => {
    current = open;
    list();
  };

  window.markConversation = (open) => {
    current = open;
    if (place()) mark();
  };
})();
