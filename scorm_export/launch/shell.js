/* The course as one package: its map and list, and each module's document opened in a frame.
 *
 * The shell holds the one connection with the LMS; a module inside sends its state up (inside.js). To sit() it looks
 * like a lesson: it announces "lesson:moved" with every module's state, and listens to "lesson:resume". The course is
 * complete when each of its modules is.
 */
import { isComplete, marksIn, ruleOf } from "../../course/lesson/rule.js";
import { entriesOf, stateOf } from "./state.js";

const byId = (id) => document.getElementById(id);
const all = (selector) => Array.from(document.querySelectorAll(selector));
const rule = ruleOf(document.body.dataset.complete);
const [home, stage, notice, carryOn] = ["home", "stage", "notice", "carry-on"].map(byId);
const keys = all(".modules__module").map((item) => item.dataset.key);

let entries = new Map(); /* the key of each module that was begun, the latest first, to its state */
let opened = null; /* the key of the module in the frame */
let frame = null;

const linkOf = (key) => document.querySelector('.modules__module[data-key="' + key + '"] a');
const isDone = (key) => isComplete(rule, marksIn(entries.get(key) || "", rule));
const statusOf = (key) => (isDone(key) ? "Complete" : entries.has(key) ? "In progress" : "Not started");
const complete = () => keys.every(isDone);

function show() {
  all("[data-key]").forEach((place) => {
    const status = statusOf(place.dataset.key);
    place.dataset.status = status;
    place.querySelector(".status").textContent = status;
  });
  const done = keys.filter(isDone).length;
  byId("so-far").textContent = done + " of " + keys.length + " modules complete.";
  const [latest] = [...entries.keys()].filter((key) => keys.includes(key) && !isDone(key));
  carryOn.hidden = !latest;
  if (latest) {
    carryOn.dataset.opens = latest;
    byId("latest").textContent = linkOf(latest).textContent;
  }
}
function open(key) {
  opened = key;
  frame = Object.assign(document.createElement("iframe"), { src: linkOf(key).getAttribute("href"), className: "course-frame", title: linkOf(key).textContent });
  stage.replaceChildren(frame);
  home.hidden = true;
  stage.hidden = false;
  document.body.classList.add("has-stage");
  frame.focus(); /* its link is hidden now; from here Tab goes into the module */
}
function leave() {
  const key = opened;
  opened = frame = null;
  stage.replaceChildren();
  home.hidden = false;
  stage.hidden = true;
  document.body.classList.remove("has-stage");
  show();
  linkOf(key).focus();
}
const tell = (said) => frame.contentWindow.postMessage({ lesson: said }, location.protocol === "file:" ? "*" : location.origin);
const bringBack = () => { if (entries.has(opened)) { tell({ resume: entries.get(opened) }); } };

function moved({ state, ...detail }) {
  entries.delete(opened);
  entries = new Map([[opened, state], ...entries]);
  const module = linkOf(opened).dataset.module;
  const news = { ...detail, module, state: stateOf(entries), complete: complete() };
  document.dispatchEvent(new CustomEvent("lesson:moved", { detail: news }));
}

window.addEventListener("message", ({ source, data }) => {
  if (!frame || source !== frame.contentWindow || !data || !data.lesson) { return; }
  if (data.lesson.ready) { bringBack(); }
  if (data.lesson.moved) { moved(data.lesson.moved); }
  if (data.lesson.left) { leave(); }
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href], button");
  const place = link && link.closest("[data-opens], [data-key]");
  if (!place) { return; }
  event.preventDefault();
  open(place.dataset.opens || place.dataset.key);
});
document.addEventListener("lesson:resume", ({ detail }) => {
  const before = entries.get(opened);
  entries = entriesOf(detail.state);
  detail.complete = complete();
  show();
  if (opened && entries.get(opened) !== before) { bringBack(); }
});
document.addEventListener("lesson:notice", ({ detail }) => {
  if (notice.textContent !== detail.text) { notice.textContent = detail.text; } /* said once */
});
document.body.classList.add("is-playing");
show();
