/* What cmi5 and xAPI have in common: statements, and the place in a State document. A launch has the rest.
 *
 * A launch is what the address of the page and the LRS say of it:
 *   endpoint, auth, actor, activity, registration   as the LMS gave them
 *   template   what the context of every statement begins with
 *   watching   preview or review: initialized and terminated are told, and nothing else
 *   mode       the same for an administrator; empty where there is none
 *   past       what this sitting has told so far (`sitting()`); `keep` is called when it has changed
 * An act is one PUT of the place; a choice, where asked for, and a rating are a POST besides. Every IRI comes from the
 * page's data (course/statements/profile.py). No statement has a field that could hold what a learner wrote.
 */
import { lrs, parsed } from "./lrs.js";
import { has } from "./options.js";
import { placeAt } from "./place.js";
import { wording } from "./wording.js";

const AT_ONCE = 20; /* statements in a request, so that a browser sends it while a page closes too */
const ENDED = "This sitting ended when its page was left. To have what you do recorded, close this window and open the module again from your learning platform.";

/* What a sitting has told: kept over a reload by those whose session outlives the page. */
export const sitting = () => ({ began: Date.now(), earlier: null, begun: false, completed: false, ended: false, waiting: [] });

export function telling({ name, begin, around, keep = () => {}, outlives = () => false }) {
  let launch = null;
  let store = null;
  let place = null;
  let profile = null;
  let make = null; /* statements of this launch */
  let queue = Promise.resolve();
  let completing = false; /* by an act in this window; one that follows another window leaves it to that */
  const told = new WeakSet(); /* acts that were made statements: a save that failed brings them again */
  const tried = new Set(); /* the ids of statements that were sent, whether or not they arrived */

  const inTurn = (work) => { queue = queue.then(work, work); return queue; };
  const past = () => launch.past;
  const sitsFor = () => Math.max(0, Math.round((Date.now() - past().began) / 1000));
  const allSeconds = () => past().earlier + sitsFor();
  const duration = (seconds) => ({ duration: "PT" + seconds + "S" });

  function add(statement) {
    if (past().ended) { return; }
    past().waiting.push(statement);
    keep(past());
  }
  /* Whoever chose to have choices told gets them; how a learner rated themselves is counts alone. */
  function addActs(acts) {
    acts.filter((act) => !told.has(act)).forEach((act) => {
      told.add(act);
      if (act.chose && has("interactions")) { add(make.answered(act)); }
      if (act.rated) { add(make.rated(act)); }
    });
  }
  function addCompleted(id) {
    if (past().completed) { return; }
    add(make.ofAll("completed", { id, result: { completion: true, ...duration(allSeconds()) } }));
    past().completed = !past().ended;
  }
  function end() {
    add(make.ofAll("terminated", { result: duration(sitsFor()) }));
    past().ended = true;
    keep(past());
  }
  /* A choice or a rating that an LRS refuses for good holds nothing up. */
  const isNoLoss = ({ verb }) => [profile.verbs.answered.id, profile.verbs.rated.id].includes(verb.id);
  async function deliver() {
    while (past().waiting.length) {
      const batch = past().waiting.slice(0, AT_ONCE);
      batch.forEach(({ id }) => tried.add(id));
      const done = await store.post(batch, isNoLoss);
      past().waiting = past().waiting.filter((statement) => !done.includes(statement));
      keep(past());
      if (done.length < batch.length) { return false; }
    }
    return true;
  }

  async function open() {
    launch = await begin();
    if (!launch) { return null; }
    profile = JSON.parse(document.body.dataset.xapi);
    store = lrs(launch);
    make = wording(profile, launch, around);
    place = placeAt(store, profile.stateId);
    connection.where = store.host;
    if (!await place.read()) { return null; }
    if (past().earlier === null) { past().earlier = place.kept.seconds; }
    if (past().ended) { connection.excuse = ENDED; }
    if (!past().begun) {
      past().begun = true;
      add(make.ofAll("initialized"));
    }
    if (launch.watching) { inTurn(deliver); } /* nobody will ask for it */
    return { state: place.kept.state, complete: place.kept.sent, watching: launch.watching, learner: nameOf(launch) };
  }

  /* The place, and with it the id under which the completion will be told; then the statements. */
  async function save({ state, complete, acts }) {
    addActs(acts);
    completing = complete && !place.kept.sent;
    const known = completing && await store.has(profile.verbs.completed.id); /* from another window or a lost place */
    let tells = completing && !known;
    let placed = true;
    if (known) { forgetCompleted(); }
    if (state !== null || completing) {
      const more = known ? { sent: true } : tells ? { completed: make.id() } : {};
      placed = await place.write({ state, seconds: allSeconds(), ...more });
      if (placed && state !== null) { follow(state); }
    }
    tells = tells && placed && !place.kept.sent;
    if (tells) { addCompleted(place.kept.completed); }
    const ended = past().ended;
    const delivered = await deliver();
    if (tells && delivered && !ended) { await place.write({ sent: true }); }
    return placed && delivered && !ended;
  }
  const forgetCompleted = () => {
    past().waiting = past().waiting.filter(({ verb }) => verb.id !== profile.verbs.completed.id);
  };
  /* Another device of the same learner is ahead: this window goes there too. */
  function follow(state) {
    if (place.kept.state !== state && connection.elsewhere) { connection.elsewhere(place.kept.state); }
  }

  /* While the page closes everything is sent at once. What was tried before may be there already, which would have the
   * rest refused with it, so it goes by itself.
   */
  function close(news) {
    if (!launch || past().ended) { return false; }
    if (news) {
      addActs(news.acts);
      const tells = news.complete && !place.kept.sent && (completing || news.acts.length > 0);
      const completed = tells ? place.kept.completed || make.id() : "";
      if (news.state !== null || tells) { place.write({ state: news.state, seconds: allSeconds(), completed }); }
      if (tells) { addCompleted(completed); }
    }
    if (outlives()) { return false; }
    end();
    const again = past().waiting.filter(({ id }) => tried.has(id));
    const first = past().waiting.filter(({ id }) => !tried.has(id));
    [again, first].filter((some) => some.length).forEach((some) => store.post(some, isNoLoss));
    return false;
  }

  async function facts() {
    const about = await store.about();
    const { version: versions } = parsed(about.text);
    return [["LRS", store.host], ["xAPI versions", [versions].flat().join(", ")], ["Launch mode", launch.mode],
      ["Session opened", past().ended ? "it has ended" : past().waiting.length ? "not yet" : "yes"]];
  }
  const connection = {
    name, close, facts,
    open: () => open().catch(() => null),
    save: (news) => inTurn(() => save(news)).catch(() => false),
    limit: 25000, /* characters: with its statements, what a browser still sends while a page closes */
    read: () => inTurn(async () => (await place.read() ? place.kept.state : "")),
    leave: () => inTurn(() => {
      if (!past().ended) { end(); }
      return deliver();
    })
  };
  return connection;
}

/* Whose place it is on this device: nobody else's, and no other enrolment's. */
function nameOf({ actor, registration }) {
  const { account, mbox, mbox_sha1sum: sum, openid } = actor;
  return JSON.stringify([registration || "", account ? [account.homePage, account.name] : mbox || sum || openid || ""]);
}
