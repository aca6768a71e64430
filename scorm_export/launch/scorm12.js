/* Speaks SCORM 1.2 with the LMS for the lesson: the only file that knows the API and its cmi elements.
 *
 * At launch 4 gets, at most 3 sets and 1 commit; at a decision 2 sets and 1 commit, and no get. The status is
 * `incomplete` until the course's rule says complete, then `completed` once, and is never lowered. No score is
 * sent, and no text. What could not be sent waits on this device under the learner's id, and under no other.
 */
(function () {
  "use strict";

  const RETRY = 30000; /* milliseconds until a save that failed is tried again */
  const STATUS = "cmi.core.lesson_status";
  const SILENT = "Your learning platform is not answering. Your place is kept on this device, and will be sent when the platform answers. You can carry on.";
  const GONE = "Your learning platform is not answering, so this sitting cannot be recorded. You can read on. To have it recorded, close this window and open the module again from the platform.";
  const AGAIN = "Your learning platform is answering again. Your place is saved.";

  /* Up through the parents, then the same from the opener of the outermost; a window of another origin throws. */
  function findApi() {
    const reach = (from, name) => { try { return from[name]; } catch (elsewhere) { return undefined; } };
    for (let place = window, depth = 0; place && depth < 20; depth += 1) {
      const api = reach(place, "API");
      if (api && reach(api, "LMSInitialize")) { return api; } /* and not an element whose id is API */
      const parent = reach(place, "parent");
      place = parent === place ? reach(place, "opener") : parent;
    }
    return null;
  }
  function call(name, ...values) {
    try { return String(api[name](...values)); } catch (broken) { return "false"; }
  }
  const agreed = (name, ...values) => /^(true|1)$/i.test(call(name, ...values));
  const set = (element, value) => agreed("LMSSetValue", element, value);
  function get(element) {
    const value = call("LMSGetValue", element);
    return ["false", "null", "undefined"].includes(value) ? "" : value;
  }

  /* What has not reached the LMS. Nobody's key is for a sitting without an LMS, which is never sent. */
  const NOBODY = "learning-into-practice/" + document.body.dataset.module + "/";
  const unsent = {
    key: NOBODY,
    read() { try { return localStorage.getItem(this.key) || ""; } catch (refused) { return ""; } },
    keep() { try { if (state) { localStorage.setItem(this.key, state); } } catch (refused) { /* a private window */ } },
    clear() { try { localStorage.removeItem(this.key); } catch (refused) { /* nothing kept */ } }
  };

  const started = Date.now();
  let api = null;
  let open = false;
  let state = "";
  let stored = ""; /* the state that the LMS has */
  let complete = false;
  let reported = false; /* that the module is complete */
  let saved = true;
  let watching = false; /* preview and review: what is sent there would be stored, so nothing is */
  let borrowed = false; /* the place came from a sitting of nobody known: not this learner's to send */
  let retry = null;
  let others = null; /* other windows of the same learner and module */

  const acts = (text) => Number(text.split("|")[1]) || 0;
  const notice = (text) => document.dispatchEvent(new CustomEvent("lesson:notice", { detail: { text } }));
  function resume(from) {
    if (from === state) { return; }
    const detail = { state: from };
    document.dispatchEvent(new CustomEvent("lesson:resume", { detail }));
    state = from;
    complete = complete || detail.complete;
  }
  function sessionTime() {
    const seconds = Math.floor((Date.now() - started) / 1000);
    const two = (n) => String(n).padStart(2, "0");
    return [Math.min(Math.floor(seconds / 3600), 9999), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
  }

  function settle(sent, otherwise) {
    if (sent) { unsent.clear(); } else { unsent.keep(); }
    notice(!sent ? otherwise : saved ? "" : AGAIN);
    saved = sent;
    clearInterval(retry);
    if (!saved && !borrowed) { retry = setInterval(save, RETRY); }
  }
  /* `fine` is whether everything before it was taken. A refusal there does not hold the status back. */
  function commit(fine) {
    let sent = fine;
    if (complete && !reported) { sent = set(STATUS, "completed") && sent; }
    sent = agreed("LMSCommit", "") && sent;
    if (sent) {
      stored = state;
      reported = reported || complete;
    }
    settle(sent, SILENT);
  }
  function save() {
    if (watching) { return; }
    if (!open) { begin(); return; }
    const fine = state === stored || set("cmi.suspend_data", state);
    set("cmi.core.session_time", sessionTime());
    commit(fine);
  }

  function begin() {
    api = borrowed ? null : findApi();
    open = Boolean(api) && agreed("LMSInitialize", "");
    if (open) { launch(); return; }
    if (!state) {
      resume(unsent.read());
      borrowed = Boolean(state);
    }
    settle(false, GONE);
  }
  function launch() {
    const status = get(STATUS);
    const mode = get("cmi.core.lesson_mode");
    const learner = get("cmi.core.student_id");
    stored = get("cmi.suspend_data");
    watching = mode === "browse" || mode === "review";
    reported = status === "completed" || status === "passed";
    if (watching) { resume(stored); return; }
    if (state) { unsent.clear(); } /* begun before the LMS answered: it has an owner now */
    unsent.key = NOBODY + learner;
    const newest = [stored, learner && unsent.read(), state].reduce((a, b) => (acts(b) > acts(a) ? b : a));
    resume(newest);
    listenToOthers(learner);
    set("cmi.core.exit", "suspend");
    const told = reported || complete || set(STATUS, "incomplete");
    commit((state === stored || set("cmi.suspend_data", state)) && told);
  }
  /* Two windows of one learner: both follow the one that is ahead, so that neither overwrites it. */
  function listenToOthers(learner) {
    if (!learner || !("BroadcastChannel" in window)) { return; }
    others = new BroadcastChannel(unsent.key);
    others.onmessage = (event) => { if (acts(event.data) > acts(state)) { resume(event.data); } };
  }

  document.addEventListener("lesson:moved", (event) => {
    state = event.detail.state;
    complete = complete || event.detail.complete;
    save();
    if (others) { others.postMessage(state); }
  });
  const tryAgain = () => { if (!saved) { save(); } };
  document.addEventListener("visibilitychange", tryAgain);
  window.addEventListener("online", tryAgain);
  /* A net only: everything was committed when it was done, and some LMSs refuse a commit while a page closes. */
  window.addEventListener("pagehide", () => {
    if (!open) { return; }
    save();
    call("LMSFinish", "");
    clearInterval(retry);
    watching = true; /* whatever comes after Finish is for nobody */
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) { location.reload(); } });

  begin();
})();
