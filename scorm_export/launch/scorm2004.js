/* SCORM 2004, 3rd and 4th edition alike, by its run-time environment's data model (RTE 4.2). */
import { has } from "./options.js";
import { score, scorm } from "./scorm.js";
import { sit } from "./sitting.js";

const PASSED = has("passed") ? [["cmi.success_status", "passed"]] : [];

sit(scorm({
  name: "SCORM 2004",
  api: "API_1484_11",
  limit: 64000, /* characters of suspend_data (RTE 4.2.21) */
  methods: { initialize: "Initialize", terminate: "Terminate", get: "GetValue", set: "SetValue", commit: "Commit" },
  status: "cmi.completion_status",
  mode: "cmi.mode",
  learner: "cmi.learner_id",
  exit: ["cmi.exit", "suspend"],
  incomplete: ["cmi.completion_status", "incomplete"],
  completed: [...score("cmi.", [["cmi.score.scaled", "1"]]), ...PASSED, ["cmi.completion_status", "completed"]],
  time: (seconds) => ["cmi.session_time", "PT" + seconds + "S"],
  /* Choices answer by short identifiers (RTE 4.2.9.1); neither id may begin with "urn:". */
  interaction: ({ moment, choice }, number) => [
    ["id", number + "-" + moment], ["type", "choice"], ["learner_response", choice], ["result", "neutral"]
  ],
  facts: [["Version", "cmi._version"], ["Status", "cmi.completion_status"], ["Mode", "cmi.mode"], ["Entry", "cmi.entry"]]
}));
