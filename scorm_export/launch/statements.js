/* What cmi5 and xAPI have in common: the place in a State document, and statements. A launch has the rest.
 *
 * A launch is what the address of the page and the LRS say of it:
 *   endpoint, auth, actor, activity, registration   as the LMS gave them
 *   template   what the context of every statement begins with
 *   watching   preview or review: initialized and terminated are told, and nothing else
 *   mode       the same for an administrator; empty where there is none
 *   past       what this sitting has told so far (outbox.js)
 * An act is one PUT of the place; a choice, where asked for, and a rating are a POST besides. Every IRI comes from the
 * page's data (course/statements/profile.py). No statement has a field that could hold what a learner wrote.
 */
import { lrs, parsed } from "./lrs.js";
import { outbox } from "./outbox.js";
import { placeAt } from "./place.js";
import { uuid, wording } from "./wording.js";

const ENDED = "This sitting ended when its page was left. To have what you do recorded, close this window and open the module again from your learning platform.";

export function telling({ name, begin, around, keep = () => {}, outlives = () => false }) {
  let launch = null;
  let store = null;
  let place = null;
  let verbs = null;
  let out = null; /* statements on their way */
  let queue = Promise.resolve();
  let completing = false; /* by an act in this window; one that follows another window leaves it to that */

  const inTurn = (work) => { queue = queue.then(work, work); return queue; };

  async function open() {
    launch = await begin();
    if (!launch) { return null; }
    const { past, watching } = launch;
    const profile = JSON.parse(document.body.dataset.xapi);
    ({ verbs } = profile);
    store = lrs(launch);
    place = placeAt(store, profile.stateId);
    out = outbox({ store, verbs, past, keep, make: wording(profile, launch, around) });
    connection.where = store.host;
    if (!await place.read()) { return null; }
    if (past.earlier === null) { past.earlier = place.kept.seconds; }
    if (past.ended) { connection.excuse = ENDED; }
    out.begin();
    if (watching) { inTurn(out.deliver); } /* nobody will ask for it */
    return { state: place.kept.state, complete: place.kept.sent, watching, learner: nameOf(launch) };
  }

  /* The place, and with it the id under which the completion will be told; then the statements. */
  async function save({ state, complete, acts }) {
    out.addActs(acts);
    completing = complete && !place.kept.sent;
    const known = completing && await store.has(verbs.completed.id); /* from another window, or a place was lost */
    let placed = true;
    if (known) { out.forgetCompleted(); }
    if (state !== null || completing) {
      const more = known ? { sent: true } : completing ? { completed: uuid() } : {};
      placed = await place.write({ state, seconds: out.allSeconds(), ...more });
      if (placed && state !== null) { follow(state); }
    }
    const tells = completing && placed && !place.kept.sent;
    if (tells) { out.complete(place.kept.completed); }
    const { ended } = launch.past;
    const delivered = await out.deliver();
    if (tells && delivered && !ended) { await place.write({ sent: true }); }
    return placed && delivered && !ended;
  }
  /* Another device of the same learner is ahead: this window goes there too. */
  function follow(state) {
    if (place.kept.state !== state && connection.elsewhere) { connection.elsewhere(place.kept.state); }
  }

  function close(news) {
    if (!launch || launch.past.ended) { return false; }
    if (news) {
      out.addActs(news.acts);
      const tells = news.complete && !place.kept.sent && (completing || news.acts.length > 0);
      const completed = tells ? place.kept.completed || uuid() : "";
      if (news.state !== null || tells) { place.write({ state: news.state, seconds: out.allSeconds(), completed }); }
      if (tells) { out.complete(completed); }
    }
    if (!outlives()) {
      out.end();
      out.hurry();
    }
    return false; /* whether it arrived is not to be known, so the device keeps the place too */
  }
  const leave = () => {
    if (!launch.past.ended) { out.end(); }
    return out.deliver();
  };

  async function facts() {
    const { version } = parsed((await store.about()).text);
    const { ended, waiting } = launch.past;
    return [["LRS", store.host], ["xAPI versions", [version].flat().join(", ")], ["Launch mode", launch.mode],
      ["Session opened", ended ? "it has ended" : waiting.length ? "not yet" : "yes"]];
  }
  const connection = {
    name, close, facts,
    limit: 25000, /* characters: with its statements, what a browser still sends while a page closes */
    open: () => open().catch(() => null),
    save: (news) => inTurn(() => save(news)).catch(() => false),
    read: () => inTurn(async () => (await place.read() ? place.kept.state : "")),
    leave: () => inTurn(leave)
  };
  return connection;
}

/* Whose place it is on this device: nobody else's, and no other enrolment's. */
function nameOf({ actor, registration }) {
  const { account, mbox, mbox_sha1sum: sum, openid } = actor;
  return JSON.stringify([registration || "", account ? [account.homePage, account.name] : mbox || sum || openid || ""]);
}
