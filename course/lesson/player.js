/* Shows one step of a lesson at a time in a package, and remembers what was done.
 *
 * It follows the links and forms that Python compiled and decides nothing: where a choice leads is its form's
 * action, and when the module is complete is the rule in data-complete. It knows no standard: it announces
 * "lesson:moved" on the document, and a launch script (scorm_export/launch/) listens, stores, and may answer
 * with "lesson:resume" and "lesson:notice". What a learner types is never read here, but for the file that
 * they ask to keep.
 */
import { keepFile, questions, ratingsIn, reported, showRatings } from "./forms.js";
import { initials, isComplete, isMet, marksIn, ruleOf } from "./rule.js";
import { follow, gather, showDebrief, showStep, steps } from "./story.js";

(function () {
  const FORMAT = "1";
  const LONGEST = 200; /* characters; beyond it the oldest earlier paths are let go, the current one never */
  const RENEWED = "This module has been brought up to date since you were here. You are at the nearest step before the one that you left, and what you did is kept.";
  const MISSING = "The rest of this module did not arrive. What you did before is kept. Close this window and open the module again.";
  const byId = (id) => document.getElementById(id);
  const all = (selector, within) => Array.from(within.querySelectorAll(selector));
  const main = byId("main");
  const PLACES = JSON.parse(main.dataset.places); /* the parts in order */
  const rule = ruleOf(main.querySelector("[data-complete]").dataset.complete);
  /* How many groups of the rule, from the first on, come before each part (course/catalogue/progress.py). */
  const before = JSON.parse(main.dataset.before);
  const [problem, notice, back] = ["problem", "notice", "return"].map(byId);

  /* The document has the first two sections, which can be used while the others arrive. */
  let sections = Array.from(main.querySelectorAll(":scope > section"));
  let whole = false;
  let resuming = null; /* a state that came before the steps that it speaks of */
  let held = null; /* a form that was sent before the step that it leads to */

  const state = { acts: 0, place: "overview", marks: [], path: [], earlier: [], ratings: {} };

  const complete = () => isComplete(rule, state.marks);
  const currentStep = () => follow(state.path).pop();
  const hasEnded = () => whole && steps[currentStep()].length === 0;
  const whereIAm = () => (state.place === "scenario" ? currentStep() : state.place);
  const isEarned = (part) => rule.slice(0, before[part] || 0).every((group) => isMet(group, state.marks));
  const mayOpen = (part) => isEarned(part) && (part !== "debrief" || hasEnded());

  function write() {
    const join = () => [FORMAT, state.acts, state.place, state.marks.map(initials).join(","), state.path.join(""),
      state.earlier.map((path) => path.join("")).join(","), Object.entries(state.ratings).map(([role, given]) => initials(role) + ":" + given).join(",")
    ].join("|");
    while (join().length > LONGEST && state.earlier.length) { state.earlier.shift(); }
    return join();
  }

  /* What a newer edition no longer has leads to the nearest place before it; what was done there is kept. */
  function read(text) {
    const parts = String(text || "").split("|");
    if (parts[0] !== FORMAT || parts.length < 7) { return; }
    const codes = (s) => s.match(/.{3}/g) || [];
    state.acts = Number(parts[1]) || 0;
    state.place = nearest(parts[2]);
    state.marks = marksIn(text, rule);
    const path = codes(parts[4]);
    state.path = path.slice(0, follow(path).length - 1);
    state.earlier = parts[5] ? parts[5].split(",").map(codes) : [];
    state.ratings = {};
    parts[6].split(",").filter(Boolean).forEach((entry) => {
      const [role, given] = entry.split(":");
      const form = all("form[data-act=rate]", main).find(({ dataset: { target } }) => [target, initials(target)].includes(role));
      if (!form) { return; }
      state.ratings[form.dataset.target] = given;
      showRatings(form, given);
    });
    if (!mayOpen(state.place)) { state.place = "scenario"; }
    return state.place !== parts[2] || (state.place === "scenario" && state.path.length < path.length);
  }
  const nearest = (place) => {
    for (let n = PLACES.indexOf(place); n > 0; n -= 1) {
      if (PLACES[n] === "scenario" || byId(PLACES[n])) { return PLACES[n]; }
    }
    return "overview";
  };

  function show(id, quietly) {
    const section = byId(id);
    if (id in steps) { showStep(section, state.path); }
    if (id === "debrief") { showDebrief(section, state.path); }
    sections.forEach((s) => { s.hidden = s !== section; });
    problem.remove();
    back.hidden = id === whereIAm();
    back.setAttribute("href", "#" + whereIAm());
    if (location.hash !== "#" + id) { history[quietly ? "replaceState" : "pushState"](null, "", "#" + id); }
    if (quietly) { return; }
    window.scrollTo(0, 0);
    section.querySelector("h1").focus(); /* also brings it into view where a tall frame stands in a page */
  }

  /* A link or the browser's Back: to any page that has been opened or is free, else to where the learner is. */
  function goTo(id) {
    const section = sections.find((s) => s.id === id);
    const open = section && mayOpen(section.dataset.part) && (!(id in steps) || follow(state.path).includes(id));
    if (!open) { history.replaceState(null, "", "#" + whereIAm()); }
    show(open ? id : whereIAm());
  }

  function moveTo(place, earned) {
    if (earned && !state.marks.includes(earned)) { state.marks.push(earned); }
    state.place = place;
    return true;
  }
  function choose(form) {
    state.path.push(form.dataset.code);
    return moveTo("scenario", hasEnded() && "ending-reached");
  }
  function goBack(form) {
    state.earlier.push(state.path);
    state.path = state.path.slice(0, state.path.indexOf(form.dataset.code));
    return moveTo("scenario");
  }
  function rate(form) {
    const ratings = ratingsIn(form);
    const missing = questions(form).filter((radios, i) => ratings[i] < 0);
    if (missing.length) {
      missing[0][0].closest(".govuk-radios").before(problem);
      problem.textContent = "Rate every statement before you go on. Still to rate: " + missing.length + ".";
      missing[0][0].focus();
      return false;
    }
    state.ratings[form.dataset.target] = ratings.join("");
    return moveTo("reflection", "self-assessment-rated");
  }
  /* Each says whether it was done. */
  const acts = {
    open: ({ dataset: { target } }) => mayOpen(target) && moveTo(target, target === "debrief" && "debrief-opened"),
    read: () => moveTo("scenario", "vignette-read"),
    skip: () => moveTo("scenario", "vignette-read"), /* an LMS keeps the place, so it must not tell who left them out */
    choose, "go-back": goBack, rate,
    reflect: () => moveTo("done", "reflected"),
    decline: () => moveTo("done", "reflection-declined")
  };

  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-keep-file]")) { keepFile(event.target); }
    const within = event.target.closest(".govuk-skip-link, .debrief__places a"); /* to a place on the same page */
    if (within) { event.preventDefault(); byId(within.hash.slice(1)).focus(); }
  });
  function perform(form) {
    const report = whole ? reported(form, form.closest("section")) : {};
    if (!acts[form.dataset.act](form)) { return; }
    state.acts += 1;
    say("place", "");
    show(whereIAm());
    document.dispatchEvent(new CustomEvent("lesson:moved", { detail: { state: write(), complete: complete(), ...report } }));
  }
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    if (resuming !== null) { return; } /* in the blink until the learner's place is there */
    if (whole || event.target.dataset.target === "vignette") { perform(event.target); } else { held = event.target; }
  });
  window.addEventListener("hashchange", () => { if (whole) { goTo(location.hash.slice(1)); } });

  /* The one line above a step: of the LMS, else of the place. A screen reader reads it out each time it is set. */
  const said = { lms: "", place: "" };
  function say(about, text) {
    said[about] = text;
    const line = said.lms || said.place;
    if (notice.textContent !== line) { notice.textContent = line; }
  }
  function takeUp(text) {
    say("place", read(text) ? RENEWED : "");
    show(whereIAm(), true);
  }
  /* A launch script learns in the same breath whether what it brings back is complete. */
  document.addEventListener("lesson:resume", ({ detail }) => {
    if (whole) { takeUp(detail.state); } else { resuming = detail.state; }
    detail.complete = whole ? complete() : isComplete(rule, marksIn(detail.state, rule));
  });
  document.addEventListener("lesson:notice", (event) => say("lms", event.detail.text));

  function arrived() {
    whole = true;
    sections = Array.from(main.querySelectorAll(":scope > section"));
    gather(main);
    document.body.classList.remove("is-loading");
    if (resuming !== null) { takeUp(resuming); } else { show(whereIAm(), true); }
    resuming = null;
    if (held) { perform(held); }
  }
  document.body.classList.add("is-playing");
  show("overview", true);
  document.addEventListener("lesson:rest", ({ detail }) => {
    main.insertAdjacentHTML("beforeend", detail);
    arrived();
  });
  /* After the first page is seen and works: nothing of what follows may delay it. */
  setTimeout(() => document.head.append(
    Object.assign(document.createElement("link"), { rel: "stylesheet", href: "steps.css" }),
    Object.assign(document.createElement("script"), { src: main.dataset.rest, onerror: () => say("place", MISSING) })
  ));
})();
