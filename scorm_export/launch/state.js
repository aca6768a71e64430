/* A state as it is stored: one module's is "1|acts|place|…" (course/lesson/player.js); a course's is one for each
 * module that was begun, the latest first, as "3=1|acts|…;13=1|acts|…".
 */

export const entriesOf = (state) => new Map(state.split(";").filter(Boolean).map((entry) => {
  const key = (/^\d+=/.exec(entry) || [""])[0];
  return [key, entry.slice(key.length)];
}));
export const stateOf = (entries) => [...entries].map(([key, entry]) => key + entry).join(";");

const acts = (entry) => Number((entry || "").split("|")[1]) || 0;

/* What is newest in either, module by module: the more acts, the newer. */
export function merge(one, other) {
  const both = entriesOf(one);
  entriesOf(other).forEach((entry, key) => { if (acts(entry) > acts(both.get(key))) { both.set(key, entry); } });
  return stateOf(both);
}
