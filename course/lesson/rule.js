/* The completion rule in a browser, from data that Python compiled (course/catalogue/completion.py). */

/* "vignette-read,vignette-skipped;ending-reached" as groups of marks, one mark of each being needed. */
export const ruleOf = (text) => text.split(";").map((group) => group.split(","));

/* A mark or role as the few letters by which a state knows it: "debrief-opened" is "do". */
export const initials = (name) => name.replace(/([a-z])[a-z]*-?/g, "$1");

/* The marks that a state holds (see player.js for what else is in one). */
export function marksIn(state, rule) {
  const kept = (state.split("|")[3] || "").split(",");
  return rule.flat().filter((mark) => kept.includes(initials(mark)));
}

export const isMet = (group, marks) => group.some((mark) => marks.includes(mark));
export const isComplete = (rule, marks) => rule.every((group) => isMet(group, marks));
