/* The statements of one sitting that an LRS has not taken yet, in the order in which they are to arrive.
 *
 * Each has its id from the start, so one that is sent again is the same one. `past` is what the sitting has told so
 * far; `keep` is called when it has changed, for a session that outlives its page.
 */
import { has } from "./options.js";

const AT_ONCE = 20; /* statements in a request, so that a browser sends it while a page closes too */

export const sitting = () => ({ began: Date.now(), earlier: null, begun: false, completed: false, ended: false, waiting: [] });

const duration = (seconds) => ({ duration: "PT" + seconds + "S" });

export function outbox({ store, make, verbs, past, keep }) {
  const told = new WeakSet(); /* acts that were made statements: a save that failed brings them again */
  const tried = new Set(); /* the ids of statements that were sent, whether or not they arrived */

  const seconds = () => Math.max(0, Math.round((Date.now() - past.began) / 1000));
  const allSeconds = () => past.earlier + seconds();

  function add(statement) {
    if (past.ended) { return; } /* nothing comes after terminated */
    past.waiting.push(statement);
    keep(past);
  }
  function begin() {
    if (past.begun) { return; }
    past.begun = true;
    add(make.ofAll("initialized"));
  }
  /* Whoever chose to have choices told gets them; how a learner rated themselves is told in counts alone. */
  function addActs(acts) {
    acts.filter((act) => !told.has(act)).forEach((act) => {
      told.add(act);
      if (act.chose && has("interactions")) { add(make.answered(act)); }
      if (act.rated) { add(make.rated(act)); }
    });
  }
  function complete(id) {
    if (past.completed || past.ended) { return; }
    past.completed = true;
    add(make.ofAll("completed", { id, result: { completion: true, ...duration(allSeconds()) } }));
  }
  function forgetCompleted() {
    past.waiting = past.waiting.filter(({ verb }) => verb.id !== verbs.completed.id);
  }
  function end() {
    add(make.ofAll("terminated", { result: duration(seconds()) }));
    past.ended = true;
    keep(past);
  }

  /* A choice or a rating that an LRS refuses for good holds nothing up. */
  const isNoLoss = ({ verb }) => [verbs.answered.id, verbs.rated.id].includes(verb.id);
  async function deliver() {
    while (past.waiting.length) {
      const batch = past.waiting.slice(0, AT_ONCE);
      batch.forEach(({ id }) => tried.add(id));
      const done = await store.post(batch, isNoLoss);
      past.waiting = past.waiting.filter((statement) => !done.includes(statement));
      keep(past);
      if (done.length < batch.length) { return false; }
    }
    return true;
  }
  /* While the page closes: everything at once. What was tried before may be there already, which would have the rest
   * refused with it, so it goes by itself.
   */
  function hurry() {
    const again = past.waiting.filter(({ id }) => tried.has(id));
    const first = past.waiting.filter(({ id }) => !tried.has(id));
    [again, first].filter((some) => some.length).forEach((some) => store.post(some, isNoLoss));
  }

  return { begin, addActs, complete, forgetCompleted, end, deliver, hurry, allSeconds };
}
