// The page works without this file. With it, answers and new messages arrive without reloading, and
// neither the focus nor what is being written moves when they do.
"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const page = document.body.dataset, form = find("reply"), input = find("text"), log = find("messages");
  const choices = find("choices"), problem = find("problem"), status = find("status"), check = find("check");
  const SETTLE = 400; // ms in which new buttons cannot be tapped yet: a second, unmeant tap must not hit them
  const GIVE_UP = 30000;
  const tab = Math.random().toString(36).slice(2, 10); // so that the stream does not repeat what an answer brought
  let sending = false, sent = "", next = false, held = [], stream = null, noting = 0;

  const field = (name) => form.elements.namedItem(name);
  const onScreen = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  };
  const read = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  };
  // A message can come with the answer and through the stream: the second one is left out.
  const fresh = (part, selector, place) =>
    [...part.querySelectorAll(selector)].filter(({ dataset: { id } }) => !id || !place.querySelector(`[data-id="${id}"]`));

  function settle() {
    choices.classList.add("settling");
    setTimeout(() => choices.classList.remove("settling"), SETTLE);
  }

  function refresh(part) {
    for (const { name, value } of part.querySelectorAll("input")) {
      for (const old of document.querySelectorAll(`input[name="${name}"]`)) old.value = value;
    }
  }

  // After sending: from the beginning of the answer when it is longer than the screen, else to the end.
  function lookAt(first) {
    const tall = form.getBoundingClientRect().bottom - first.getBoundingClientRect().top > innerHeight;
    if (tall) first.scrollIntoView({ block: "start" });
    else form.scrollIntoView({ block: "end" });
  }

  function answered(html) {
    const part = read(html), messages = fresh(part, "li", log);
    log.append(...messages);
    choices.replaceChildren(...part.querySelectorAll("fieldset"));
    settle();
    refresh(part);
    if (messages.length) lookAt(messages[0]);
  }

  function arrived(html) {
    const part = read(html), keep = onScreen(form), before = input.getBoundingClientRect().top;
    const messages = fresh(part, "li", log);
    if (!messages.length) return;
    log.append(...messages);
    choices.prepend(...fresh(part, "fieldset", choices));
    refresh(part);
    // Whoever is writing, or about to press a button, keeps it where it was on the screen.
    if (keep) scrollBy(0, input.getBoundingClientRect().top - before);
    noteSoon();
  }

  function trouble(text) {
    problem.textContent = text;
    problem.hidden = !text;
    if (text) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", "problem");
      for (const part of [problem, input.parentElement]) part.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }

  // What was sent leaves the field; what was written meanwhile stays.
  function clear() {
    input.value = input.value.startsWith(sent) ? input.value.slice(sent.length).trimStart() : input.value;
  }

  async function send(button) {
    const chosen = button && button.name === "choice";
    const body = new URLSearchParams(new FormData(form));
    if (chosen) {
      body.delete("text"); // what is half written is not lost by pressing a button
      body.set("choice", button.value);
    }
    const waiting = setTimeout(() => { status.textContent = page.sending; }, 1000);
    try {
      const response = await fetch(form.action, {
        method: "POST", body, headers: { "X-Fragment": tab }, signal: AbortSignal.timeout(GIVE_UP),
      });
      // Another person may have come to this browser meanwhile: let the server build the page anew.
      if (response.status === 403) return HTMLFormElement.prototype.submit.call(form);
      if (!response.headers.has("X-Fragment")) throw new Error(`status ${response.status}`);
      const html = await response.text();
      if (!response.ok) {
        next = false; // first somebody mends what was not taken
        return trouble(read(html).getElementById("problem").textContent);
      }
      trouble("");
      const inButtons = choices.contains(document.activeElement);
      answered(html);
      if (!chosen) clear();
      // The pressed button is gone. Go to the new ones as a group, so that a second press does nothing.
      if (inButtons) (choices.querySelector("fieldset:last-of-type") || input).focus({ preventScroll: true });
      noteSoon();
      listen();
    } catch {
      next = false;
      trouble(page.offline);
    } finally {
      clearTimeout(waiting);
      status.textContent = "";
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const pressed = event.submitter, words = !(pressed && pressed.name);
    if (sending) {
      // The same press twice is one. Words written while the answer was on its way are sent after it.
      if (words && input.value.trim() !== sent.trim()) next = true;
      return;
    }
    sending = true;
    sent = words ? input.value : "";
    await send(pressed);
    sending = false;
    for (const html of held.splice(0)) arrived(html);
    if (next && input.value.trim()) form.requestSubmit();
    next = false;
  });

  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) form.requestSubmit();
  });
  input.enterKeyHint = "send";

  function listen() {
    if (stream || document.hidden) return;
    stream = new EventSource(`/baru?after=${field("seen").value || 0}&page=${page.page}&tab=${tab}`);
    stream.onopen = () => { check.hidden = true; };
    stream.onmessage = ({ data }) => sending ? held.push(data) : arrived(data);
    stream.addEventListener("gone", () => location.replace("/"));
    stream.onerror = () => {
      check.hidden = false;
      if (stream.readyState === EventSource.CLOSED) {
        stream = null;
        setTimeout(listen, GIVE_UP);
      }
    };
  }

  function hush() {
    if (stream) stream.close();
    stream = null;
  }

  // Tells the service that what stands here has been on a screen; the next message says it as well.
  function noteSoon() {
    clearTimeout(noting);
    noting = setTimeout(() => {
      if (document.hidden || sending) return;
      const body = new URLSearchParams({ form: field("form").value, seen: field("seen").value });
      fetch("/seen", { method: "POST", body }).catch(() => {}); // said again with the next message
    }, 2000);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return hush();
    if ("listening" in page) listen();
    noteSoon();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("pagehide", hush);
  find("leaving").addEventListener("submit", hush);

  if ("unseen" in page) noteSoon();
  if ("listening" in page) listen();
  const latest = find("terakhir");
  if (latest && !location.hash && log.children.length > 1) lookAt(latest);
})();
