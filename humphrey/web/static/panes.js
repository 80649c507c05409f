// The Clear page's text and evidence: a sentence and its passage move together, and what was in view counts as opened.
// It runs after desk.js, which provides `byId`; opened.js provides `passageSeen`.
"use strict";

const IN_VIEW_MS = 1000;
const beside = matchMedia("(min-width: 80rem)");

let pairs = { marks: new Map(), passages: new Map() };
let watching = null;

// Which marks make up each sentence, and which sentences each passage is cited in.
function pair() {
  pairs = { marks: new Map(), passages: new Map() };
  let current = null;
  for (const mark of document.querySelectorAll("#shown .draft mark.sentence")) {
    const named = [mark, ...mark.querySelectorAll("[id]")].find((each) => /-s\d+$/.test(each.id));
    if (named) pairs.marks.set(current = named.id, []);
    if (current) pairs.marks.get(current).push(mark);
  }
  for (const passage of document.querySelectorAll("#evidence .passage")) {
    pairs.passages.set(passage, [...passage.querySelectorAll(".back a")].map((link) => link.hash.slice(1)));
    for (const id of pairs.passages.get(passage)) pairs.marks.get(id)?.forEach((mark) => mark.classList.add("cited"));
  }
  watchEvidence();
}

const sentenceOf = (mark) => [...pairs.marks].find(([, marks]) => marks.includes(mark))?.[0];
const passagesOf = (sentence) => [...pairs.passages].filter(([, ids]) => ids.includes(sentence)).map(([passage]) => passage);

function light(sentences, passages) {
  document.querySelectorAll(".lit").forEach((each) => each.classList.remove("lit"));
  sentences.forEach((id) => pairs.marks.get(id)?.forEach((mark) => mark.classList.add("lit")));
  passages.forEach((passage) => passage.classList.add("lit"));
}

function toPassage(passage, focus, quote = passage.querySelector(".quote, blockquote, .summed") ?? passage, sentence = "") {
  light(sentence ? [sentence] : pairs.passages.get(passage) ?? [], [passage]);
  if (focus) passage.focus({ preventScroll: true });
  (quote.offsetHeight > innerHeight / 2 ? passage : quote).scrollIntoView({ block: "center" });
  const marker = cited(quote) ?? markersIn(passage)[0];
  if (marker) passageSeen(marker, true);
}

function toSentence(id, passages) {
  light([id], passages);
  pairs.marks.get(id)?.[0]?.scrollIntoView({ block: "center" });
}

// A link was pressed. The browser goes to its target; the other side follows.
function led(link, there) {
  const passage = there?.closest(".passage");
  const mark = there?.closest("mark.sentence") ?? there?.querySelector?.("mark.sentence");
  if (passage && pairs.passages.has(passage)) {
    // After the browser's own jump, which moves the page as well as the pane.
    const from = link.closest("mark.sentence");
    setTimeout(() => toPassage(passage, true, there.closest("mark, blockquote") ?? undefined, from && sentenceOf(from)));
  } else if (mark) {
    const id = sentenceOf(mark);
    mark.tabIndex = -1;
    setTimeout(() => { mark.focus({ preventScroll: true }); toSentence(id, passagesOf(id)); });
  } else if (link.closest("#clear-alert") && there) {
    setTimeout(() => (there.matches("button") ? there : there.querySelector("textarea, input, button"))?.focus());
  }
}

document.addEventListener("click", (event) => {
  if (!beside.matches || event.target.closest("a, button, summary") || !getSelection().isCollapsed) return;
  const mark = event.target.closest("#shown .draft mark.cited");
  const passage = event.target.closest("#evidence .passage");
  if (mark) {
    const sentence = sentenceOf(mark), passage = passagesOf(sentence)[0];
    const marker = pairs.marks.get(sentence).flatMap((each) => [...each.querySelectorAll("a.marker")])[0];
    toPassage(passage, false, (marker && byId(marker.hash.slice(1))) ?? undefined, sentence);
  }
  else if (passage) toSentence(pairs.passages.get(passage)?.[0], [passage]);
});

document.addEventListener("focusin", (event) => {
  if (!beside.matches || !event.target.matches?.(":focus-visible")) return;
  const marker = event.target.closest("#shown .draft a.marker");
  const back = event.target.closest("#evidence .back a");
  const passage = marker && byId(marker.hash.slice(1))?.closest(".passage");
  if (passage) toPassage(passage, false, byId(marker.hash.slice(1)), sentenceOf(marker.closest("mark.sentence")));
  else if (back) toSentence(back.hash.slice(1), [back.closest(".passage")]);
});

// --- what was in view

const cited = (element) => element.id.match(/^v.+-(\d+)$/)?.[1];
const markersIn = (passage) => [...passage.querySelectorAll("[id]")].map(cited).filter(Boolean);

// The quoted words count once they stand in view for a second, whole, or filling half of what can be seen.
function watchEvidence() {
  watching?.disconnect();
  const timers = new Map();
  const covered = beside.matches ? 0 : byId("deciding")?.offsetHeight ?? 0;
  watching = new IntersectionObserver((entries) => {
    for (const { target, intersectionRatio: ratio, intersectionRect: seen, rootBounds: whole } of entries) {
      clearTimeout(timers.get(target));
      if (ratio < 0.99 && seen.height < (whole?.height ?? innerHeight) / 2) continue;
      timers.set(target, setTimeout(() => { if (!document.hidden) passageSeen(cited(target), false); }, IN_VIEW_MS));
    }
  }, { threshold: [0, 0.25, 0.5, 0.75, 0.99, 1], rootMargin: `0px 0px -${covered}px 0px` });
  document.querySelectorAll("#evidence .passage [id]").forEach((each) => { if (cited(each)) watching.observe(each); });
}
