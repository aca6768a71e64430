/* Shows one step of a lesson at a time in a package, and remembers what was done.
 *
 * It follows the links and forms that Python compiled and decides nothing: where a choice leads is its form's
 * action, and when the module is complete is the rule in data-complete. It knows no standard: it announces
 * "lesson:moved" on the document, and a launch script (scorm_export/launch/) listens, stores, and may answer
 * with "lesson:resume" and "lesson:notice". What a learner types is never read here, but for the file that
 * they ask to keep.
 */
(function () {
  "use strict";

  const FORMAT = "1";
  const LONGEST = 900; /* characters; beyond it the oldest earlier paths are let go, the current one never */
  const byId = (id) => document.getElementById(id);
  const all = (selector, within) => Array.from(within.querySelectorAll(selector));
  const main = byId("main");
  const sections = Array.from(main.children);
  const rule = main.querySelector("[data-complete]").dataset.complete.split(";").map((group) => group.split(","));
  /* How many groups of the rule, from the first on, come before each part (course/catalogue/progress.py). */
  const before = JSON.parse(main.dataset.before);
  const [problem, notice, back] = ["problem", "notice", "return"].map(byId);

  /* The choices of each step, the start first, and the debrief of each choice: taken from the HTML once. */
  const steps = {};
  sections.filter((s) => s.dataset.part === "scenario").forEach((s) => {
    steps[s.id] = all("form[data-code]", s).map((form) => (
      { form, code: form.dataset.code, item: form.parentNode, leadsTo: form.getAttribute("action").slice(1) }
    ));
  });
  const start = Object.keys(steps)[0];
  const debriefs = {};
  all(".debrief > [data-code]", main).forEach((entry) => { debriefs[entry.dataset.code] = entry; });

  const state = { acts: 0, place: "overview", marks: [], path: [], earlier: [], ratings: {} };

  const initials = (mark) => mark.replace(/([a-z])[a-z]*-?/g, "$1");
  const isMet = (group) => group.some((mark) => state.marks.includes(mark));
  const complete = () => rule.every(isMet);
  const isDecision = (id) => steps[id].length > 1;

  /* The ids of the steps along `codes`; it stops where a newer edition no longer offers the choice. */
  function follow(codes) {
    const ids = [start];
    codes.every((code) => {
      const choice = steps[ids[ids.length - 1]].find((c) => c.code === code);
      if (choice) { ids.push(choice.leadsTo); }
      return choice;
    });
    return ids;
  }
  const currentStep = () => follow(state.path).pop();
  const hasEnded = () => steps[currentStep()].length === 0;
  const whereIAm = () => (state.place === "scenario" ? currentStep() : state.place);
  const mayOpen = (part) => rule.slice(0, before[part] || 0).every(isMet) && (part !== "debrief" || hasEnded());

  function write() {
    const join = () => [FORMAT, state.acts, state.place, state.marks.map(initials).join(","), state.path.join(""),
      state.earlier.map((path) => path.join("")).join(","), Object.entries(state.ratings).map((r) => r.join(":")).join(",")
    ].join("|");
    while (join().length > LONGEST && state.earlier.length) { state.earlier.shift(); }
    return join();
  }

  function read(text) {
    const parts = String(text || "").split("|");
    if (parts[0] !== FORMAT || parts.length < 7) { return; }
    const codes = (s) => s.match(/.{3}/g) || [];
    state.acts = Number(parts[1]) || 0;
    state.place = parts[2] === "scenario" || byId(parts[2]) ? parts[2] : "overview";
    state.marks = rule.flat().filter((m) => parts[3].split(",").includes(initials(m)));
    state.path = codes(parts[4]);
    state.path.length = follow(state.path).length - 1;
    state.earlier = parts[5] ? parts[5].split(",").map(codes) : [];
    state.ratings = Object.fromEntries(parts[6].split(",").filter(Boolean).map((r) => r.split(":")));
    all("form[data-act=rate]", main).forEach(showRatings);
  }

  const questions = (form) => all(".govuk-radios", form).map((question) => all("input", question));
  function showRatings(form) {
    const given = state.ratings[form.dataset.target] || "";
    if (given.length !== questions(form).length) { return; } /* of another edition's statements */
    questions(form).forEach((radios, i) => { radios[given[i]].checked = true; });
  }
  function showStep(section, ids) {
    const index = ids.indexOf(section.id);
    const decided = ids.slice(0, index).filter(isDecision).length;
    all(".decision-count", section).forEach((count) => {
      const [fewest, most] = count.dataset.toGo.split(",").map((toGo) => decided + Number(toGo));
      const total = fewest === most ? most : fewest + (most - fewest < 2 ? " or " : " to ") + most;
      count.textContent = "Decision " + (decided + 1) + " of " + total;
    });
    all(".arrival", section).forEach((arrival) => {
      const consequence = '#consequences [data-consequence="' + state.path[index - 1] + '"]';
      arrival.replaceChildren(document.querySelector(consequence).cloneNode(true));
    });
    steps[section.id].forEach(({ code, form, item }) => {
      const made = code === state.path[index];
      item.classList.toggle("choice--made", made);
      if (index < ids.length - 1) { /* a step that was left is there to be read, as in the web app */
        const text = (made ? "<strong>You chose:</strong> " : "") + form.querySelector("button").innerHTML;
        item.innerHTML = '<p class="choice__text">' + text + "</p>";
      } else { item.replaceChildren(form); }
    });
  }
  function showDebrief(section, ids) {
    const taken = state.path.filter((code, index) => isDecision(ids[index]));
    section.querySelector(".debrief").replaceChildren(...taken.map((code) => debriefs[code]));
  }

  function show(id, quietly) {
    const section = byId(id);
    if (id in steps) { showStep(section, follow(state.path)); }
    if (id === "debrief") { showDebrief(section, follow(state.path)); }
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
    const ratings = questions(form).map((radios) => radios.findIndex((radio) => radio.checked));
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
    skip: () => moveTo("scenario", "vignette-skipped"),
    choose, "go-back": goBack, rate,
    reflect: () => moveTo("done", "reflected"),
    decline: () => moveTo("done", "reflection-declined")
  };

  /* The learner's own words, to a file of their own; they go nowhere else. */
  function keepFile(button) {
    const lines = all("textarea, input[type=text]", button.closest("section")).map(
      (field) => field.labels[0].textContent + "\n" + field.value + "\n");
    const file = URL.createObjectURL(new Blob([lines.join("\n")], { type: "text/plain" }));
    Object.assign(document.createElement("a"), { href: file, download: button.dataset.keepFile }).click();
    setTimeout(() => URL.revokeObjectURL(file), 60000);
  }

  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-keep-file]")) { keepFile(event.target); }
    if (event.target.matches(".govuk-skip-link")) { event.preventDefault(); main.focus(); }
  });
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!acts[event.target.dataset.act](event.target)) { return; }
    state.acts += 1;
    show(whereIAm());
    document.dispatchEvent(new CustomEvent("lesson:moved", { detail: { state: write(), complete: complete() } }));
  });
  window.addEventListener("hashchange", () => goTo(location.hash.slice(1)));
  /* A launch script learns in the same breath whether what it brings back is complete. */
  document.addEventListener("lesson:resume", (event) => {
    read(event.detail.state);
    event.detail.complete = complete();
    show(whereIAm(), true);
  });
  document.addEventListener("lesson:notice", (event) => {
    if (notice.textContent !== event.detail.text) { notice.textContent = event.detail.text; } /* said once */
  });
  document.body.classList.add("is-playing");
  show("overview", true);
})();
