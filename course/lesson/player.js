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

  var FORMAT = "1";
  var LONGEST = 900; /* characters; beyond it the oldest earlier paths are let go, the current one never */
  var main = document.querySelector("main");
  var sections = Array.prototype.slice.call(main.children);
  var start = sections.find(function (s) { return s.dataset.part === "scenario"; }).id;
  var rule = main.querySelector("[data-complete]").dataset.complete.split(";").map(function (g) { return g.split(","); });
  var allMarks = [].concat.apply([], rule);
  /* How many groups of the rule, from the first on, come before each part (course/catalogue/progress.py). */
  var before = JSON.parse(main.dataset.before);
  var state = { acts: 0, place: "overview", marks: [], path: [], earlier: [], ratings: {} };

  function byId(id) { return document.getElementById(id); }
  function initials(mark) { return mark.replace(/([a-z])[a-z]*-?/g, "$1"); }
  function has(mark) { return state.marks.indexOf(mark) >= 0; }
  function mark(name) { if (!has(name)) { state.marks.push(name); } }
  function complete() { return rule.every(function (group) { return group.some(has); }); }
  function mayOpen(part) {
    return rule.slice(0, before[part] || 0).every(function (group) { return group.some(has); });
  }

  /* The ids of the steps along `codes`; it stops where a newer edition no longer offers the choice. */
  function follow(codes) {
    var ids = [start];
    codes.every(function (code) {
      var form = byId(ids[ids.length - 1]).querySelector('form[data-code="' + code + '"]');
      if (form) { ids.push(form.getAttribute("action").slice(1)); }
      return form;
    });
    return ids;
  }
  function currentStep() { return follow(state.path).pop(); }
  function whereIAm() { return state.place === "scenario" ? currentStep() : state.place; }

  function write() {
    var ratings = Object.keys(state.ratings).map(function (role) { return role + ":" + state.ratings[role]; });
    function join() {
      return [FORMAT, state.acts, state.place, state.marks.map(initials).join(","), state.path.join(""),
        state.earlier.map(function (p) { return p.join(""); }).join(","), ratings.join(",")].join("|");
    }
    while (join().length > LONGEST && state.earlier.length) { state.earlier.shift(); }
    return join();
  }

  function read(text) {
    var parts = String(text || "").split("|");
    if (parts[0] !== FORMAT || parts.length < 7) { return; }
    function codes(s) { return s.match(/.{3}/g) || []; }
    var short = parts[3].split(",");
    state.acts = Number(parts[1]) || 0;
    state.place = parts[2] === "scenario" || byId(parts[2]) ? parts[2] : "overview";
    state.marks = allMarks.filter(function (m) { return short.indexOf(initials(m)) >= 0; });
    state.path = codes(parts[4]);
    state.path.length = follow(state.path).length - 1;
    state.earlier = parts[5] ? parts[5].split(",").map(codes) : [];
    parts[6].split(",").forEach(function (r) { if (r) { state.ratings[r.split(":")[0]] = r.split(":")[1]; } });
  }

  function showArrival(section, code) {
    var slot = section.querySelector(".arrival");
    var consequence = document.querySelector('#consequences [data-consequence="' + code + '"]');
    if (slot) { slot.replaceChildren(consequence ? consequence.cloneNode(true) : ""); }
  }
  function showStep(section, index, ids) {
    var decided = ids.slice(0, index).filter(function (id) { return byId(id).querySelector(".decision-count"); }).length;
    var count = section.querySelector(".decision-count");
    if (count) {
      var totals = count.dataset.toGo.split(",").map(function (n) { return decided + Number(n); });
      if (totals[0] === totals[1]) { totals.pop(); }
      count.textContent = "Decision " + (decided + 1) + " of " + totals.join(" or ");
    }
    showArrival(section, state.path[index - 1]);
    section.querySelectorAll("form[data-code]").forEach(function (form) {
      form.querySelector("button").disabled = index < ids.length - 1; /* an earlier step is for reading */
      form.parentNode.classList.toggle("choice--made", form.dataset.code === state.path[index]);
    });
  }
  function showDebrief(section) {
    var list = section.querySelector(".debrief");
    list.querySelectorAll("[data-code]").forEach(function (entry) {
      if (entry.parentNode === list) { entry.hidden = state.path.indexOf(entry.dataset.code) < 0; }
    });
    state.path.forEach(function (code) {
      var entry = list.querySelector('li[data-code="' + code + '"]');
      if (entry) { list.appendChild(entry); }
    });
  }
  function showRatings(section) {
    section.querySelectorAll(".govuk-radios").forEach(function (group, i) {
      var role = section.querySelector("form").dataset.target;
      var chosen = group.querySelectorAll("input")[(state.ratings[role] || "")[i]];
      if (chosen) { chosen.checked = true; }
    });
  }

  function show(id, quietly) {
    var section = byId(id);
    var ids = follow(state.path);
    if (section.dataset.part === "scenario") { showStep(section, ids.indexOf(id), ids); }
    if (id === "debrief") { showDebrief(section); }
    if (id.indexOf("self-assessment-") === 0) { showRatings(section); }
    sections.forEach(function (s) { s.hidden = s !== section; });
    byId("return").hidden = id === whereIAm();
    if (location.hash !== "#" + id) { history[quietly ? "replaceState" : "pushState"](null, "", "#" + id); }
    if (!quietly) {
      window.scrollTo(0, 0);
      section.querySelector("h1").focus({ preventScroll: true });
    }
  }

  /* A link or the browser's Back: to any page that has been opened or is free, else to where the learner is. */
  function goTo(id) {
    if (id === "main") { main.focus(); return; }
    var section = byId(id);
    var known = section && sections.indexOf(section) >= 0;
    var open = known && (section.dataset.part === "scenario"
      ? mayOpen("scenario") && follow(state.path).indexOf(id) >= 0
      : mayOpen(section.dataset.part));
    if (!open) { history.replaceState(null, "", "#" + whereIAm()); }
    show(open ? id : whereIAm());
  }

  function unrated(form) {
    return Array.prototype.filter.call(form.querySelectorAll(".govuk-radios"), function (group) {
      return !group.querySelector("input:checked");
    });
  }
  function rate(form) {
    var missing = unrated(form);
    byId("problem").textContent = missing.length ? "Rate every statement before you go on. Still to rate: " + missing.length + "." : "";
    if (missing.length) { missing[0].querySelector("input").focus(); return false; }
    state.ratings[form.dataset.target] = Array.prototype.map.call(form.querySelectorAll(".govuk-radios"), function (group) {
      return Array.prototype.indexOf.call(group.querySelectorAll("input"), group.querySelector("input:checked"));
    }).join("");
    mark("self-assessment-rated");
    state.place = "reflection";
    return true;
  }

  var acts = {
    open: function (form) {
      if (!mayOpen(form.dataset.target)) { return false; }
      state.place = form.dataset.target;
      if (state.place === "debrief") { mark("debrief-opened"); }
      return true;
    },
    read: function () { mark("vignette-read"); state.place = "scenario"; return true; },
    skip: function () { mark("vignette-skipped"); state.place = "scenario"; return true; },
    choose: function (form) {
      if (form.closest("section").id !== currentStep()) { return false; }
      state.path.push(form.dataset.code);
      state.place = "scenario";
      if (byId(currentStep()).hasAttribute("data-ending")) { mark("ending-reached"); }
      return true;
    },
    "go-back": function (form) {
      state.earlier.push(state.path);
      state.path = state.path.slice(0, state.path.indexOf(form.dataset.code));
      state.place = "scenario";
      return true;
    },
    rate: rate,
    reflect: function () { mark("reflected"); state.place = "done"; return true; },
    decline: function () { mark("reflection-declined"); state.place = "done"; return true; }
  };

  /* The learner's own words, to a file of their own; they go nowhere else. */
  function keepFile(button) {
    var fields = Array.prototype.slice.call(button.closest("section").querySelectorAll("textarea, input[type=text]"));
    var lines = fields.map(function (f) { return f.labels[0].textContent + "\n" + f.value + "\n"; });
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([lines.join("\n")], { type: "text/plain" }));
    link.download = button.dataset.keepFile;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  document.addEventListener("click", function (event) {
    if (event.target.dataset && event.target.dataset.keepFile) { keepFile(event.target); }
  });
  document.addEventListener("submit", function (event) {
    event.preventDefault();
    var form = event.target;
    if (!acts[form.dataset.act](form)) { if (form.dataset.act !== "rate") { show(whereIAm()); } return; }
    state.acts += 1;
    show(whereIAm());
    document.dispatchEvent(new CustomEvent("lesson:moved", { detail: { state: write(), acts: state.acts, complete: complete() } }));
  });
  window.addEventListener("popstate", function () { goTo(location.hash.slice(1)); });
  byId("return").addEventListener("click", function (event) { event.preventDefault(); show(whereIAm()); });
  document.addEventListener("lesson:resume", function (event) { read(event.detail.state); show(whereIAm(), true); });
  document.addEventListener("lesson:notice", function (event) { byId("notice").textContent = event.detail.text; });
  document.body.classList.add("is-playing");
  show("overview", true);
})();
