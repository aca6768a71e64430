/* The one State document that a package keeps at an LRS:
 *   state      what a state holds (state.js)
 *   seconds    spent in all sittings
 *   completed  the id of the statement that says so, fixed before it is sent, so that it is never sent twice
 *   sent       that the LRS has it
 * It is written only over the version that was read; where another window was faster, both are put together.
 */
import { parsed } from "./lrs.js";
import { merge } from "./state.js";

const TRIES = 4;
const ANOTHER_IS_HERE = [409, 412];

const text = (value) => (typeof value === "string" ? value : "");
function understood(document) {
  const { state, seconds, completed, sent } = parsed(document);
  return { state: text(state), seconds: Number(seconds) || 0, completed: text(completed), sent: sent === true };
}

export function placeAt(store, stateId) {
  let etag = null;
  let there = false;
  let known = false; /* whether what is kept here is the newest, as far as anybody here can know */
  const place = { kept: understood(""), read, write };

  async function read() {
    const answer = await store.state(stateId);
    known = answer.ok || answer.status === 404;
    if (!known) { return false; }
    there = answer.ok;
    etag = answer.etag;
    place.kept = understood(there ? answer.text : "");
    return true;
  }
  /* An LRS on another host may not let its ETag be seen: then nothing can be asked to match. */
  const condition = () => (etag ? { "If-Match": etag } : there ? {} : { "If-None-Match": "*" });

  async function write(change) {
    for (let n = 0; n < TRIES; n += 1) {
      if (!known && !await read()) { return false; }
      const next = changed(change);
      const asking = store.putState(stateId, next, condition());
      known = false; /* until it is answered */
      const answer = await asking;
      if (answer.ok) {
        [place.kept, there, etag, known] = [next, true, answer.etag, Boolean(answer.etag)];
        return true;
      }
      if (!ANOTHER_IS_HERE.includes(answer.status)) { return false; }
    }
    return false;
  }
  function changed({ state, ...other }) {
    const { kept } = place;
    const claimed = kept.completed || !other.completed ? {} : { completed: other.completed };
    return { ...kept, ...other, completed: kept.completed, ...claimed, state: merge(state || "", kept.state) };
  }
  return place;
}
