/* SCORM 1.2, by its run-time environment's data model (RTE 3.4): mandatory elements, and interactions where asked. */
import { has } from "./options.js";
import { score, scorm } from "./scorm.js";
import { sit } from "./sitting.js";

const two = (number) => String(number).padStart(2, "0");
/* CMITimespan: hours of two to four digits. */
const timespan = (seconds) => [
  Math.min(Math.floor(seconds / 3600), 9999), Math.floor(seconds / 60) % 60, seconds % 60
].map(two).join(":");

sit(scorm({
  name: "SCORM 1.2",
  api: "API",
  limit: 4096, /* characters of suspend_data (RTE 3.4.4) */
  methods: { initialize: "LMSInitialize", terminate: "LMSFinish", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit" },
  status: "cmi.core.lesson_status",
  mode: "cmi.core.lesson_mode",
  learner: "cmi.core.student_id",
  exit: ["cmi.core.exit", "suspend"],
  incomplete: ["cmi.core.lesson_status", "incomplete"],
  completed: [...score("cmi.core.", []), ["cmi.core.lesson_status", has("passed") ? "passed" : "completed"]],
  time: (seconds) => ["cmi.core.session_time", timespan(seconds)],
  /* A choice's answer is one character (CMIFeedback); ids are unique, so a second look has its own number. */
  interaction: ({ moment, index }, number) => [
    ["id", (number + "-" + moment).slice(0, 255)], ["type", "choice"],
    ["student_response", "abcdefghijklmnopqrstuvwxyz"[index]], ["result", "neutral"]
  ],
  facts: [["Status", "cmi.core.lesson_status"], ["Mode", "cmi.core.lesson_mode"], ["Entry", "cmi.core.entry"]]
}));
