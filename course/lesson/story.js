/* A module's story as its HTML holds it: which choice leads where, and how a step looks after a path of choices.
 *
 * A path is the codes of the choices made, from the start; Python compiled every step that one can lead to.
 */
const all = (selector, within) => Array.from(within.querySelectorAll(selector));

/* The choices of each step, the start first, and the debrief of each choice. */
export const steps = {};
const debriefs = {};

/* Taken from the HTML once it is there. */
export function gather(main) {
  all("section[data-part=scenario]", main).forEach((s) => {
    steps[s.id] = all("form[data-code]", s).map((form) => (
      { form, code: form.dataset.code, item: form.parentNode, leadsTo: form.getAttribute("action").slice(1) }
    ));
  });
  all(".debrief > [data-code]", main).forEach((entry) => { debriefs[entry.dataset.code] = entry; });
}

const isDecision = (id) => steps[id].length > 1;

/* The ids of the steps along a path; it stops where a newer edition no longer offers the choice. */
export function follow(path) {
  const ids = [Object.keys(steps)[0]];
  path.every((code) => {
    const choice = steps[ids[ids.length - 1]].find((c) => c.code === code);
    if (choice) { ids.push(choice.leadsTo); }
    return choice;
  });
  return ids;
}

/* Count the decisions, bring the consequence of the choice before, and leave choices only where one is to be made. */
export function showStep(section, path) {
  const ids = follow(path);
  const index = ids.indexOf(section.id);
  const decided = ids.slice(0, index).filter(isDecision).length;
  all(".decision-count", section).forEach((count) => {
    const [fewest, most] = count.dataset.toGo.split(",").map((toGo) => decided + Number(toGo));
    const total = fewest === most ? most : fewest + (most - fewest < 2 ? " or " : " to ") + most;
    count.textContent = "Decision " + (decided + 1) + " of " + total;
  });
  all(".arrival", section).forEach((arrival) => {
    const consequence = '#consequences [data-consequence="' + path[index - 1] + '"]';
    arrival.replaceChildren(document.querySelector(consequence).cloneNode(true));
  });
  steps[section.id].forEach(({ code, form, item }) => {
    const made = code === path[index];
    item.classList.toggle("choice--made", made);
    if (index < ids.length - 1) { /* a step that was left is there to be read, as in the web app */
      const text = (made ? "<strong>You chose:</strong> " : "") + form.querySelector("button").innerHTML;
      item.innerHTML = '<p class="choice__text">' + text + "</p>";
    } else { item.replaceChildren(form); }
  });
}

/* The debrief along a path: where it ended, and its decisions in their order with what was known and open at each. */
export function showDebrief(section, path) {
  const ids = follow(path);
  const stepAt = (index) => document.getElementById(ids[index]);
  section.querySelector(".debrief__ended").innerHTML = stepAt(ids.length - 1).querySelector("h1").innerHTML;
  section.querySelector(".debrief").replaceChildren(...path.flatMap((code, index) => {
    if (!isDecision(ids[index])) { return []; }
    const entry = debriefs[code].cloneNode(true);
    const known = stepAt(index).querySelector(".known__facts").cloneNode(true);
    entry.querySelector(".debrief__knew").replaceChildren(...known.childNodes);
    all("[data-other]", entry).forEach((other) => {
      if (!steps[ids[index]].some((choice) => choice.code === other.dataset.other)) { other.remove(); }
    });
    return [entry];
  }));
}
