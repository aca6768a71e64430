/* Keeps one sitting, whatever the standard: what the LMS has, what it has not got yet, and what the learner is told.
 *
 * A connection does the talking. Each of its answers may come at once or as a promise:
 *   open()          { state, complete, watching, learner } as the LMS has them, or null where it does not answer
 *   save(news)      whether the LMS has taken all of it: { state, complete, begun, first, seconds, acts }, where `state` is
 *                   null if the LMS has it already, `complete` and `begun` are true when they are to be told now,
 *                   `first` is the save that opens the sitting, and `acts` are what was done since, for those who report each choice
 *   close(news)     the same while the window closes; nothing may wait for it
 * A connection may have an `excuse`, to be said where a save fails for another reason than silence.
 * What could not be sent waits on this device under the learner's id, and under no other.
 */
import { merge } from "./state.js";

const RETRY = 30000; /* milliseconds until a save that failed is tried again */
const SILENT = "Your learning platform is not answering. Your place is kept on this device, and will be sent when the platform answers. You can carry on.";
const GONE = "Your learning platform is not answering, so this sitting cannot be recorded. You can read on. To have it recorded, close this window and open the module again from the platform.";
const AGAIN = "Your learning platform is answering again. Your place is saved.";

const then = (answer, next) => (answer && answer.then ? answer.then(next) : next(answer));

export function sit(connection) {
  /* What has not reached the LMS. Nobody's key is for a sitting without an LMS, which is never sent. */
  const NOBODY = "learning-into-practice/" + document.body.dataset.package + "/";
  const unsent = {
    key: NOBODY,
    read() { try { return localStorage.getItem(this.key) || ""; } catch (refused) { return ""; } },
    keep() { try { if (state) { localStorage.setItem(this.key, state); } } catch (refused) { /* a private window */ } },
    clear() { try { localStorage.removeItem(this.key); } catch (refused) { /* nothing kept */ } }
  };

  const started = Date.now();
  let open = false;
  let opening = false;
  let state = "";
  let stored = ""; /* the state that the LMS has */
  let complete = false;
  let reported = false; /* that it is complete */
  let saved = true;
  let saving = false;
  let more = false; /* to be saved when the save under way has ended */
  let acts = []; /* done since the last save */
  let watching = false; /* preview and review: what is sent there would be stored, so nothing is */
  let borrowed = false; /* the place came from a sitting of nobody known: not this learner's to send */
  let retry = null;
  let others = null; /* other windows of the same learner and package */

  const notice = (text) => document.dispatchEvent(new CustomEvent("lesson:notice", { detail: { text } }));
  function resume(from) {
    if (from === state) { return; }
    const detail = { state: from };
    document.dispatchEvent(new CustomEvent("lesson:resume", { detail }));
    state = from;
    complete = complete || detail.complete;
  }
  const news = (begun) => ({
    state: state === stored ? null : state, complete: complete && !reported, begun: begun && !complete && !reported,
    first: begun, seconds: Math.floor((Date.now() - started) / 1000), acts
  });

  function settle(sent, otherwise) {
    if (sent) { unsent.clear(); } else { unsent.keep(); }
    notice(!sent ? otherwise : saved ? "" : AGAIN);
    saved = sent;
    clearInterval(retry);
    if (!saved && !borrowed) { retry = setInterval(save, RETRY); }
  }
  function save(begun) {
    if (watching) { return; }
    if (!open) { begin(); return; }
    if (saving) { more = true; return; }
    const telling = news(begun === true);
    saving = true;
    acts = [];
    then(connection.save(telling), (sent) => {
      saving = false;
      if (sent) {
        stored = telling.state === null ? stored : telling.state;
        reported = reported || telling.complete;
      } else { acts = telling.acts.concat(acts); }
      settle(sent, connection.excuse || SILENT);
      if (more) { more = false; save(); }
    });
  }

  function begin() {
    if (opening) { return; }
    opening = true;
    then(borrowed ? null : connection.open(), (found) => {
      opening = false;
      open = Boolean(found);
      if (open) { launch(found); return; }
      if (!state) {
        resume(unsent.read());
        borrowed = Boolean(state);
      }
      settle(false, GONE);
    });
  }
  function launch(found) {
    stored = found.state;
    watching = found.watching;
    reported = found.complete;
    if (watching) { resume(stored); return; }
    if (state) { unsent.clear(); } /* begun before the LMS answered: it has an owner now */
    unsent.key = NOBODY + found.learner;
    resume([stored, found.learner ? unsent.read() : "", state].reduce(merge));
    listenToOthers(found.learner);
    save(true);
  }
  const follow = (ahead) => { resume(merge(state, ahead)); };
  connection.elsewhere = follow; /* for one that can tell when another device is ahead */
  /* Two windows of one learner: both follow the one that is ahead, so that neither overwrites it. */
  function listenToOthers(learner) {
    if (!learner || !("BroadcastChannel" in window)) { return; }
    others = new BroadcastChannel(unsent.key);
    others.onmessage = (event) => { follow(event.data); };
  }

  document.addEventListener("lesson:moved", ({ detail }) => {
    state = detail.state;
    complete = complete || detail.complete;
    acts.push(detail);
    save();
    if (others) { others.postMessage(state); }
  });
  const tryAgain = () => { if (!saved) { save(); } };
  document.addEventListener("visibilitychange", tryAgain);
  window.addEventListener("online", tryAgain);
  /* A net only: everything was committed when it was done, and some LMSs refuse a commit while a page closes. */
  window.addEventListener("pagehide", () => {
    if (!open) { return; }
    clearInterval(retry);
    const telling = news(false);
    const sent = connection.close(watching ? null : telling);
    if (!watching && (sent === false || telling.state !== null || telling.complete)) { unsent.keep(); }
    if (sent === true) { unsent.clear(); }
    watching = true; /* whatever comes after is for nobody */
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) { location.reload(); } });
  /* An administrator's check of the connection: its script comes only when it is asked for. */
  document.addEventListener("toggle", ({ target }) => {
    const name = target.dataset && target.dataset.script;
    if (!name || target.querySelector("script")) { return; }
    target.append(Object.assign(document.createElement("script"), { src: name }));
  }, true);
  document.addEventListener("lesson:check", ({ detail }) => {
    Object.assign(detail, { connection, open, watching, state: state || stored });
  });

  begin();
}
