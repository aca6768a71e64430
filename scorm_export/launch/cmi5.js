/* cmi5 (Quartz): an assignable unit that the LMS launches against an LRS of its own.
 *
 * Order of a session: the token (8.2), launch data (10), the learner's preferences (11), initialized, what was done,
 * completed once for a registration (9.3.3), terminated and nothing after it (9.3.8). masteryScore is not looked at,
 * since there is no score. Of the preferences nothing is used: there is one language and no sound.
 */
import { lrs, parsed, request } from "./lrs.js";
import { sitting } from "./outbox.js";
import { sit } from "./sitting.js";
import { telling } from "./statements.js";

const WAIT = 3000; /* milliseconds that leaving waits for the LRS; what is under way arrives all the same */
const asked = new URLSearchParams(location.search);
const [endpoint, fetchAddress, activity, registration] = ["endpoint", "fetch", "activityId", "registration"].map(
  (name) => asked.get(name) || "");
const actor = parsed(asked.get("actor"));

/* The token's address works once, so a reload takes up the session that was opened. Another launch has another. */
const KEY = "learning-into-practice/" + document.body.dataset.package + "/cmi5";
const session = (() => {
  const fresh = { of: fetchAddress, token: "", refused: false, past: sitting() };
  try {
    const kept = parsed(sessionStorage.getItem(KEY));
    return kept.of === fetchAddress ? kept : fresh;
  } catch (refused) { return fresh; }
})();
function keep() {
  try { sessionStorage.setItem(KEY, JSON.stringify(session)); } catch (refused) { /* a private window: no reload then */ }
}

async function token() {
  if (session.token || session.refused) { return session.token; }
  const answer = await request(fetchAddress, { method: "POST" });
  session.token = String(parsed(answer.text)["auth-token"] || "");
  session.refused = answer.ok && !session.token; /* the address was used: it will give none (8.2.3) */
  keep();
  return session.token;
}

let returnsTo = "";
async function begin() {
  if (!endpoint || !fetchAddress || !activity || !await token()) { return null; }
  const launch = { endpoint, actor, activity, registration, auth: "Basic " + session.token, past: session.past };
  const store = lrs(launch);
  const answer = await store.state("LMS.LaunchData");
  if (!answer.ok) { return null; }
  await store.profile("cmi5LearnerPreferences"); /* to be asked for before initialized, though there may be none */
  const { contextTemplate: template = {}, launchMode: mode = "", returnURL = "" } = parsed(answer.text);
  offerExit(returnURL);
  return { ...launch, template, mode, watching: mode === "Browse" || mode === "Review" };
}

const connection = telling({
  name: "cmi5",
  begin,
  around: (verb, { cmi5: { category, moveOn } }) => ({
    initialized: { category: [category] },
    completed: { category: [category, moveOn] },
    terminated: { category: [category] }
  }[verb] || {}),
  keep,
  outlives: () => reloads
});

/* A page that is loaded again goes on with its session, and a token is refused once terminated was told. Not every
 * reload can be seen beforehand: where one was not, the session has ended and the learner is told so.
 */
let reloads = false;
if ("navigation" in window) {
  navigation.addEventListener("navigate", ({ navigationType }) => { reloads = navigationType === "reload"; });
}
window.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
  reloads = key === "F5" || ((ctrlKey || metaKey) && key.toLowerCase() === "r");
});

/* Where the LMS wants its learner back (10.2.6), in the window or frame that it launched. */
const exit = document.getElementById("exit");
function offerExit(address) {
  returnsTo = /^https?:/i.test(address) ? address : "";
  exit.hidden = !returnsTo;
}
exit.addEventListener("click", async (event) => {
  event.preventDefault();
  reloads = false;
  await Promise.race([connection.leave(), new Promise((go) => { setTimeout(go, WAIT); })]);
  location.assign(returnsTo);
});

sit(connection);
