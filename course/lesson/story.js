/* A module's story as its HTML holds it: which choice leads where, and how a step looks after a path of choices.
 *
 * A path is the codes of the choices made, from the start; Python compiled every step that one can lead to.
 */
const all = (selector, within) => Array.from(within.querySelectorAll(selector));

/* The choices of each step, the start first; the debrief of each choice, and the link to it. */
export const steps = {};
const debriefs = {};
const links = {};

/* Taken from the HTML once it is there. */
export function gather(main) {
  all("section[data-part=scenario]", main).forEach((s) => {
    steps[s.id] = all("form[data-code]", s).map((form) => (
      { form, code: form.dataset.code, item: form.parentNode, leadsTo: form.getAttribute("action").slice(1) }
    ));
  });
  all(".debrief > [data-code]", main).forEach((entry) => { debriefs[entry.dataset.code] = entry; });
  all(".debrief__list > [data-code]", main).forEach((item) => { links[item.dataset.code] = item; });
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

const consequenceOf = (code) => document.querySelector('#consequences [data-consequence="' + code + '"]').cloneNode(true);

/* What was chosen on the way, each with what came of it. */
function wayOf(path, ids) {
  return path.map((code, index) => {
    const { form } = steps[ids[index]].find((choice) => choice.code === code);
    const item = document.createElement("li");
    item.innerHTML = "<p><strong>" + form.querySelector("button").innerHTML + "</strong></p>";
    item.append(consequenceOf(code));
    return item;
  });
}

/* Count the decisions, bring what was done and what came of it, and leave choices only where one is to be made. */
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
    arrival.replaceChildren(consequenceOf(path[index - 1]));
  });
  all(".known__way", section).forEach((way) => way.replaceChildren(...wayOf(path.slice(0, index), ids)));
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
  const made = path.filter((code, index) => isDecision(ids[index]));
  section.querySelector(".debrief__list").replaceChildren(...made.map((code) => links[code]));
  section.querySelector(".debrief").replaceChildren(...path.flatMap((code, index) => {
    if (!isDecision(ids[index])) { return []; }
    const entry = debriefs[code].cloneNode(true);
    const known = stepAt(index).querySelector(".known__facts");
    const knew = entry.querySelector(".debrief__knew");
    if (known) { knew.replaceChildren(...known.cloneNode(true).childNodes); } else { knew.parentNode.remove(); }
    all("[data-other]", entry).forEach((other) => {
      if (!steps[ids[index]].some((choice) => choice.code === other.dataset.other)) { other.remove(); }
    });
    return [entry];
  }));
}
