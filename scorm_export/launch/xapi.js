/* xAPI with the launch that tincan.xml describes: the address of the LRS, its key and the learner come in the query.
 *
 * The same statements in the same order as in cmi5, without the rules of its sessions: a page is a sitting.
 */
import { parsed } from "./lrs.js";
import { sitting } from "./outbox.js";
import { sit } from "./sitting.js";
import { telling } from "./statements.js";

const asked = new URLSearchParams(location.search);
const [endpoint, auth, activity, registration] = ["endpoint", "auth", "activity_id", "registration"].map(
  (name) => asked.get(name) || "");

/* Older LMSs give each part of an actor in a list, and an account by its names of before xAPI 1.0. */
function agent(given) {
  const first = (value) => (Array.isArray(value) ? value[0] : value);
  const actor = Object.fromEntries(Object.entries(given).map(([part, value]) => [part, first(value)]));
  const { accountServiceHomePage, accountName } = Object(actor.account);
  if (accountServiceHomePage) { actor.account = { homePage: accountServiceHomePage, name: accountName }; }
  return actor.objectType ? actor : { objectType: "Agent", ...actor };
}

const past = sitting();
const launch = {
  endpoint, auth, activity, registration, past, actor: agent(parsed(asked.get("actor"))), template: {}, mode: "", watching: false
};

sit(telling({
  name: "xAPI",
  begin: () => (endpoint && activity && asked.get("actor") ? launch : null),
  around: (verb, { activities: { course } }) => ({ grouping: [course] })
}));
