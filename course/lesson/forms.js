/* What stands in a step's forms: ratings, what an act was, and a learner's own words for a file of their own. */
import { steps } from "./story.js";

const all = (selector, within) => Array.from(within.querySelectorAll(selector));

/* The radios of each statement. */
export const questions = (form) => all(".govuk-radios", form).map((question) => all("input", question));

/* Which radio of each statement is chosen; -1 for none. */
export const ratingsIn = (form) => questions(form).map((radios) => radios.findIndex((radio) => radio.checked));

export function showRatings(form, given) {
  if (given.length !== questions(form).length) { return; } /* of another edition's statements */
  questions(form).forEach((radios, i) => { radios[given[i]].checked = true; });
}

/* What an act was, for those who report each choice: ids and counts, and never a word that a learner wrote. */
export function reported({ dataset: { act, target } }, section) {
  if (act === "choose") {
    const index = steps[section.id].findIndex(({ form }) => form.dataset.target === target);
    return { chose: { moment: section.id.slice(5).split(".")[0], choice: target, index } };
  }
  if (act !== "rate") { return {}; }
  const counts = {};
  all("input", section).forEach(({ value, checked }) => { counts[value] = (counts[value] || 0) + Number(checked); });
  return { rated: { role: target, counts } };
}

/* The learner's own words, to a file of their own; they go nowhere else. */
export function keepFile(button) {
  const lines = all("textarea, input[type=text], input[type=date]", button.closest("section")).map(
    (field) => field.labels[0].textContent + "\n" + field.value + "\n");
  const file = URL.createObjectURL(new Blob([lines.join("\n")], { type: "text/plain" }));
  Object.assign(document.createElement("a"), { href: file, download: button.dataset.keepFile }).click();
  setTimeout(() => URL.revokeObjectURL(file), 60000);
}
