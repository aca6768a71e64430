/* A learning record store (LRS), asked as xAPI 1.0.3 has it. Nothing here throws: what fails is answered as not done. */
const VERSION = "1.0.3";
const PATIENCE = 20000; /* milliseconds until a request that is not answered has failed */
const KEPT_ALIVE = 30000; /* characters: a browser still sends 64 KiB in all while a page closes (Fetch, 4.6) */
const SILENT = { ok: false, status: 0, etag: null, text: "" };
/* Perhaps because of one statement only: of those in a batch, none is taken. */
const REFUSED = [400, 403, 409, 413];

/* Whether an address answers in time, and what. */
export async function request(address, asking) {
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, { cache: "no-store", referrerPolicy: "no-referrer", signal: stop.signal, ...asking });
    return { ok: answer.ok, status: answer.status, etag: answer.headers.get("ETag"), text: await answer.text() };
  } catch (noAnswer) {
    return SILENT;
  } finally { clearTimeout(patience); }
}

/* What is kept about a learner in an activity is found by these three, and by its own name. */
export function lrs({ endpoint, auth, actor, activity, registration }) {
  const root = endpoint.replace(/\/*$/, "/");
  const who = { agent: JSON.stringify(actor) };
  const where = { activityId: activity, ...who, ...(registration ? { registration } : {}) };

  async function ask(method, resource, { query = {}, body, headers = {} } = {}) {
    const asked = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
    const text = body === undefined ? undefined : JSON.stringify(body);
    return request(root + resource + (asked && "?" + asked), {
      method, body: text, keepalive: Boolean(text) && text.length < KEPT_ALIVE,
      headers: { "Authorization": auth, "X-Experience-API-Version": VERSION,
        ...(text ? { "Content-Type": "application/json" } : {}), ...headers }
    });
  }

  const about = () => ask("GET", "about");
  const profile = (profileId) => ask("GET", "agents/profile", { query: { ...who, profileId } });
  const state = (stateId) => ask("GET", "activities/state", { query: { ...where, stateId } });
  const putState = (stateId, body, headers) => ask("PUT", "activities/state", { query: { ...where, stateId }, body, headers });

  /* Whether the LRS has a statement of this verb, whoever sent it; null where it does not say. */
  async function has(verb) {
    const { activityId, ...rest } = where;
    const answer = await ask("GET", "statements", { query: { ...rest, activity: activityId, verb, limit: 1 } });
    const found = answer.ok ? parsed(answer.text).statements : null;
    return found ? found.length > 0 : null;
  }

  /* Send statements in order; gives those that are done with: taken, there already, or refused where it `isNoLoss`.
   * One that got through the first time, though no answer came, is a conflict the second time.
   */
  async function post(statements, isNoLoss) {
    const { ok, status } = await ask("POST", "statements", { body: statements });
    if (ok) { return statements; }
    if (!REFUSED.includes(status)) { return []; }
    if (statements.length === 1) { return status === 409 || isNoLoss(statements[0]) ? statements : []; }
    const done = [];
    for (const statement of statements) {
      const [one] = await post([statement], isNoLoss);
      if (!one) { break; }
      done.push(one);
    }
    return done;
  }

  return { host: hostOf(root), about, profile, state, putState, has, post };
}

function hostOf(address) {
  try { return new URL(address).host; } catch (noAddress) { return address; }
}

/* What is no JSON object is an empty one. */
export function parsed(text) {
  try { return Object(JSON.parse(text)); } catch (other) { return {}; }
}
