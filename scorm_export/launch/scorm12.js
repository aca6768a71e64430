/* Speaks SCORM 1.2 with the LMS for the lesson: the only file that knows the API and its cmi elements.
 *
 * At launch 4 gets and 2 sets; at a decision 2 sets and 1 commit, and no get. The status is `incomplete` until
 * the course's rule says complete, then `completed` once, and is never lowered. No score is sent, and no text.
 */
(function () {
  "use strict";

  var RETRY = 30000; /* milliseconds until a save that failed is tried again */
  var SILENT = "Your learning platform is not answering. Your place is kept on this device, and will be sent when the platform answers. You can carry on.";
  var GONE = "Your learning platform is not answering, so this sitting cannot be recorded. You can read on. To have it recorded, close this window and open the module again from the platform.";
  var AGAIN = "Your learning platform is answering again. Your place is saved.";

  /* The API may be in this window's parents, or in its opener's; a window of another origin throws. */
  function findApi(from) {
    var place = from;
    for (var depth = 0; place && depth < 20; depth += 1) {
      try {
        if (place.API) { return place.API; }
        if (place.parent === place) { return null; }
        place = place.parent;
      } catch (elsewhere) { return null; }
    }
    return null;
  }
  function call(name, a, b) {
    try {
      return String(b === undefined ? api[name](a) : api[name](a, b));
    } catch (broken) { return "false"; }
  }
  function get(element) { var value = call("LMSGetValue", element); return value === "false" ? "" : value; }
  function set(element, value) { return call("LMSSetValue", element, value) === "true"; }
  function notice(text) { document.dispatchEvent(new CustomEvent("lesson:notice", { detail: { text: text } })); }
  function resume(state) { document.dispatchEvent(new CustomEvent("lesson:resume", { detail: { state: state } })); }

  /* What has not reached the LMS yet, on this device only and under this learner's id. */
  var unsent = {
    key: "",
    read: function () { try { return localStorage.getItem(this.key) || ""; } catch (refused) { return ""; } },
    keep: function (state) { try { localStorage.setItem(this.key, state); } catch (refused) { /* a private window */ } },
    clear: function () { try { localStorage.removeItem(this.key); } catch (refused) { /* nothing kept */ } }
  };

  var api = findApi(window);
  try { api = api || (window.opener && findApi(window.opener)); } catch (elsewhere) { /* opened by another origin */ }
  var started = Date.now();
  var state = "";
  var complete = false;
  var reported = false; /* that the module is complete */
  var saved = true;
  var watching = false; /* preview and review: what is sent there would be stored, so nothing is */
  var open = Boolean(api) && call("LMSInitialize", "") === "true";
  var retry = null;

  function acts(text) { return Number(text.split("|")[1]) || 0; }
  function sessionTime() {
    var seconds = Math.floor((Date.now() - started) / 1000);
    function two(n) { return (n < 10 ? "0" : "") + n; }
    return [two(Math.min(Math.floor(seconds / 3600), 9999)), two(Math.floor(seconds / 60) % 60), two(seconds % 60)].join(":");
  }

  function save() {
    if (!open || watching) { return; }
    var sent = set("cmi.suspend_data", state) && set("cmi.core.session_time", sessionTime());
    if (sent && complete && !reported) { sent = set("cmi.core.lesson_status", "completed"); }
    sent = sent && call("LMSCommit", "") === "true";
    if (sent) {
      reported = reported || complete;
      if (!saved) { notice(AGAIN); unsent.clear(); }
    } else {
      unsent.keep(state + (complete ? "|complete" : ""));
      notice(SILENT);
    }
    saved = sent;
    clearInterval(retry);
    if (!saved) { retry = setInterval(save, RETRY); }
  }

  function launch() {
    var status = get("cmi.core.lesson_status");
    var mode = get("cmi.core.lesson_mode");
    var stored = get("cmi.suspend_data");
    unsent.key = "learning-into-practice/" + document.body.dataset.module + "/" + get("cmi.core.student_id");
    watching = mode === "browse" || mode === "review";
    reported = status === "completed" || status === "passed";
    if (!watching) {
      set("cmi.core.exit", "suspend");
      if (!reported) { set("cmi.core.lesson_status", "incomplete"); }
    }
    var kept = unsent.read();
    state = acts(kept) > acts(stored) ? kept.replace("|complete", "") : stored;
    complete = reported || (state !== stored && kept.slice(-9) === "|complete");
    resume(state);
    if (state !== stored) { saved = false; save(); } else if (!watching) { call("LMSCommit", ""); }
  }

  document.addEventListener("lesson:moved", function (event) {
    state = event.detail.state;
    complete = complete || event.detail.complete;
    save();
  });
  /* A net only: everything was committed when it was done, and some LMSs refuse a commit while a page closes. */
  window.addEventListener("pagehide", function () {
    if (!open) { return; }
    if (!watching) {
      if (!saved) { set("cmi.suspend_data", state); }
      set("cmi.core.session_time", sessionTime());
      call("LMSCommit", "");
    }
    call("LMSFinish", "");
    open = false;
    clearInterval(retry);
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { location.reload(); } });

  if (open) { launch(); } else { notice(GONE); }
})();
