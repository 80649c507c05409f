// The Guidance page: progress of an upload and of a job. The page also works without this script.
"use strict";

function watch(box) {
  const bar = box.querySelector("progress");
  const said = box.querySelector(".said");
  const ask = async () => {
    try {
      const answer = await fetch(`/guidance/jobs/${box.dataset.job}/progress`,
        { redirect: "error", headers: { "x-humphrey-by-itself": "yes" } });
      if (!answer.ok) return location.reload();
      const job = await answer.json();
      if (job.over) return location.reload();
      if (job.total) { bar.max = job.total; bar.value = job.done; } else bar.removeAttribute("value");
      if (said.textContent !== job.said) said.textContent = job.said;
    } catch { said.textContent = "Humphrey does not answer just now. This page goes on asking."; }
    setTimeout(ask, 500);
  };
  setTimeout(ask, 200);
}

function say(place, words) {
  const alert = document.createElement("div");
  alert.className = "alert";
  alert.setAttribute("role", "alert");
  alert.append(Object.assign(document.createElement("p"), { textContent: words }));
  place.replaceChildren(alert);
}

function send(form) {
  const place = form.querySelector("#sending");
  const button = form.querySelector("button");
  const request = new XMLHttpRequest();
  const bar = document.createElement("progress");
  const said = Object.assign(document.createElement("p"), { textContent: "Sending" });
  bar.setAttribute("aria-label", "How much is sent");
  request.upload.onprogress = (sent) => {
    bar.max = sent.total;
    bar.value = sent.loaded;
    said.textContent = sent.loaded < sent.total ? `Sending: ${Math.floor((100 * sent.loaded) / sent.total)}%` : "Sent.";
  };
  const failed = (words) => { button.disabled = false; say(place, words); };
  request.onload = () => {
    if (request.status < 400) return location.assign(request.responseURL);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    failed(page.querySelector("main p")?.textContent || "Humphrey did not take this in.");
  };
  request.onerror = () => failed("The files did not arrive. They may be too large together, or the connection broke.");
  button.disabled = true;
  place.replaceChildren(bar, said);
  request.open("POST", form.action);
  request.send(new FormData(form));
}

const box = document.getElementById("job");
if (box) watch(box);
document.getElementById("upload")?.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target);
});
