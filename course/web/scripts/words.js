/* Saves what a learner writes while they write it. Without it the page's buttons do the same (decisions/0005).

   What is not saved yet is held in sessionStorage: in this tab alone, under the key of this person and module, and
   only until it is saved. The server keeps every rule: what may say who a child is, and which words are newer. */
(() => {
  "use strict";
  const began = document.querySelector("input[name=began-from][data-save-to]");
  if (!began) { return; }
  const form = began.form, key = `words:${began.dataset.key}`, said = form.querySelector("[role=status]");
  const fields = [...form.querySelectorAll("textarea, input[type=text], input[type=date]")];
  const PAUSE = 1500, AGAIN = 10000; /* milliseconds */
  let timer, saving, unsaved = false, isStopped = false, isSignedOut = false, mayGo = false;

  /* While something is not saved the line stays in view (styles/_words.scss), and what is being written stays above it. */
  function say(text, isSaved) {
    const root = document.documentElement, wasUnsaved = root.classList.contains("words-unsaved");
    if (said.textContent !== text) { said.textContent = text; }
    root.classList.toggle("words-unsaved", !isSaved);
    const field = fields.find((one) => one === document.activeElement);
    if (!isSaved && !wasUnsaved) { field?.scrollIntoView({ block: "nearest" }); }
  }
  const words = () => Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  const holding = () => sessionStorage.setItem(key, JSON.stringify({ began: began.value, words: words() }));
  /* After signing out somebody else may sit here: nothing is held then but what stands on the page. */
  const hold = () => { if (!isSignedOut) { try { holding(); } catch { /* it may be switched off */ } } };
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };

  function warn(warnings, isWarned) {
    document.querySelectorAll("[data-warned]").forEach((box) => { box.hidden = !isWarned; });
    for (const field of fields) {
      const id = `${field.id}-warning`, text = warnings[field.name];
      let shown = document.getElementById(id);
      if (!text) { shown?.remove(); field.removeAttribute("aria-describedby"); continue; }
      if (!shown) {
        shown = Object.assign(document.createElement("p"), { id, className: "words-warning" });
        field.before(shown);
      }
      if (shown.textContent !== text) { shown.textContent = text; }
      field.setAttribute("aria-describedby", id);
    }
  }

  async function pageNow() {
    const answer = await fetch(location.pathname, { credentials: "same-origin" });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  /* What the page says of links to the entry, once saving has stopped some. */
  async function renewLinks() {
    const fresh = (await pageNow()).querySelectorAll("[data-links]");
    document.querySelectorAll("[data-links]").forEach((old, n) => {
      if (fresh[n] && !old.contains(document.activeElement)) { old.replaceWith(fresh[n]); }
    });
  }

  /* After a sign-in in another tab the old token is worth nothing. A new one is taken for the same person only. */
  async function renew() {
    const page = await pageNow();
    const mine = page.querySelector("input[name=began-from][data-save-to]");
    if (!mine || mine.dataset.key !== began.dataset.key) { return false; }
    const token = mine.form.querySelector("[name=csrf_token]").value;
    document.querySelectorAll("[name=csrf_token]").forEach((field) => { field.value = token; });
    return true;
  }

  const send = (keepalive) => fetch(began.dataset.saveTo, {
    method: "POST", credentials: "same-origin", keepalive, headers: { Accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
  });
  const isJson = (answer) => (answer.headers.get("Content-Type") || "").startsWith("application/json");

  /* One try. Gives whether all that was written when it began is with the server. */
  async function trySaving(keepalive) {
    const sent = JSON.stringify(words());
    let answer = await send(keepalive);
    if (!isJson(answer) && answer.status < 413 && await renew()) { answer = await send(keepalive); }
    if (answer.status === 409 && isJson(answer)) {
      isStopped = true;
      say("Other words of yours were kept meanwhile, in another tab or on another device. Nothing has been replaced. Press a button below to see both.");
      return false;
    }
    if (answer.status === 413) { say("Not saved: that is too long to keep. Shorten it."); return false; }
    isSignedOut = !isJson(answer) && answer.status < 500;
    if (isSignedOut) { sessionStorage.removeItem(key); }
    if (!isJson(answer)) {
      say(isSignedOut
        ? "Not saved: you are signed out. Sign in again in another tab, and leave this one open until then."
        : "Not saved: something went wrong. Your words are kept in this tab until they are saved.");
      later(AGAIN);
      return false;
    }
    const { saved, began: now, warnings, isWarned, said: more, haveLinksStopped } = await answer.json();
    began.value = now;
    warn(warnings, isWarned);
    if (haveLinksStopped) { renewLinks().catch(() => { /* they are right once the page is opened again */ }); }
    unsaved = JSON.stringify(words()) !== sent;
    if (unsaved) { hold(); later(PAUSE); } else { sessionStorage.removeItem(key); }
    say([`Saved at ${saved}.`, ...more].join(" "), true);
    return !unsaved;
  }

  async function save(keepalive = false) {
    clearTimeout(timer);
    while (saving) { await saving; }
    if (!unsaved || isStopped) { return !unsaved; }
    saving = trySaving(keepalive === true).catch(() => {
      say("Not saved: there is no connection. Your words are kept in this tab until they are saved.");
      later(AGAIN);
      return false;
    });
    return saving.finally(() => { saving = undefined; });
  }

  /* Nothing is sent and left before what is written is saved. Any other button, as Sign out, goes at the second press. */
  document.addEventListener("submit", async (event) => {
    if (isStopped && event.target === form) { unsaved = false; sessionStorage.removeItem(key); } /* they go with it */
    if (!unsaved) { return; }
    const { target, submitter } = event;
    event.preventDefault();
    if (!(await save()) && (target === form || !mayGo)) {
      mayGo = target !== form;
      if (mayGo) { say(`${said.textContent} Press again to go without the words that are not saved.`); }
      return;
    }
    unsaved = false;
    if (submitter) { submitter.click(); } else { target.submit(); } /* the button pressed says where the form goes */
  });
  form.addEventListener("input", () => { unsaved = true; hold(); later(PAUSE); });
  addEventListener("online", () => save());
  addEventListener("beforeunload", (event) => { if (unsaved) { event.preventDefault(); } });
  document.addEventListener("visibilitychange", () => { if (document.hidden) { save(true); } });

  /* What somebody else left in this tab goes; what I left comes back. */
  Object.keys(sessionStorage).forEach((other) => {
    if (other.startsWith("words:") && other.split(":")[1] !== key.split(":")[1]) { sessionStorage.removeItem(other); }
  });
  const held = JSON.parse(sessionStorage.getItem(key) || "null");
  if (held) {
    fields.forEach((field) => { field.value = held.words[field.name] ?? field.value; });
    began.value = held.began;
    unsaved = true;
    say("Words that were not saved yet are back.");
    later(0);
  }
})();
