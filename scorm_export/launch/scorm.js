/* What SCORM 1.2 and SCORM 2004 have in common: an API object that answers at once. A dialect has the names.
 *
 * At launch 4 gets, at most 3 sets and 1 commit; at a decision 2 sets and 1 commit, and no get. The status is
 * `incomplete` until the course's rule says complete, then complete once, and is never lowered. No text is sent, and
 * a score only where the package was made with one.
 */
import { has } from "./options.js";

/* Up through the parents, then the same from the opener of the outermost; a window of another origin throws. */
function findApi(name, method) {
  const reach = (from, what) => { try { return from[what]; } catch (elsewhere) { return undefined; } };
  for (let place = window, depth = 0, path = []; place && depth < 20; depth += 1) {
    const api = reach(place, name);
    if (api && reach(api, method)) { return { api, path: path.join(", ") || "this window" }; } /* not an element's id */
    const parent = reach(place, "parent");
    path = path.concat(parent === place ? "opener" : "parent");
    place = parent === place ? reach(place, "opener") : parent;
  }
  return null;
}

export function scorm(dialect) {
  const names = dialect.methods;
  let api = null;
  let interactions = 0; /* how many the LMS has */

  function call(name, ...values) {
    try { return String(api[names[name]](...values)); } catch (broken) { return "false"; }
  }
  const agreed = (name, ...values) => /^(true|1)$/i.test(call(name, ...values));
  const set = ([element, value]) => agreed("set", element, value);
  function get(element) {
    const value = call("get", element);
    return ["false", "null", "undefined"].includes(value) ? "" : value;
  }

  function open() {
    const found = findApi(dialect.api, names.initialize);
    api = found && found.api;
    if (!api || !agreed("initialize", "")) { return null; }
    connection.where = dialect.api + " in " + found.path;
    const [status, mode, learner, state] = [dialect.status, dialect.mode, dialect.learner, "cmi.suspend_data"].map(get);
    if (has("interactions")) { interactions = Number(get("cmi.interactions._count")) || 0; }
    const watching = mode === "browse" || mode === "review";
    return { state, learner, watching, complete: status === "completed" || status === "passed" };
  }
  /* Whether the LMS takes a report of a choice changes nothing else. */
  function report(acts) {
    acts.filter((act) => act.chose).forEach((act) => {
      const element = "cmi.interactions." + interactions;
      if (dialect.interaction(act.chose, interactions).every(([name, value]) => set([element + "." + name, value]))) {
        interactions += 1;
      }
    });
  }
  /* A refusal of one thing does not hold back the next: the status matters more than the place. */
  function save({ state, complete, begun, first, seconds, acts }) {
    const sets = [];
    if (state !== null) { sets.push(["cmi.suspend_data", state]); }
    sets.push(first ? dialect.exit : dialect.time(seconds));
    if (begun) { sets.push(dialect.incomplete); }
    if (complete) { sets.push(...dialect.completed); }
    const needed = ["cmi.suspend_data", dialect.status];
    const fine = sets.map((one) => set(one) || !needed.includes(one[0])).every(Boolean);
    if (has("interactions")) { report(acts); }
    return agreed("commit", "") && fine;
  }
  function close(news) {
    const sent = news ? save(news) : true;
    call("terminate", "");
    return sent;
  }

  const connection = { name: dialect.name, limit: dialect.limit, open, save, close, read: () => get("cmi.suspend_data"),
    facts: () => dialect.facts.map(([what, element]) => [what, get(element)]) };
  return connection;
}

/* A score, where the package was made with one: 100 of 100, told only together with the final status. */
export const score = (prefix, more) => (has("score")
  ? [[prefix + "score.raw", "100"], [prefix + "score.min", "0"], [prefix + "score.max", "100"], ...more] : []);
