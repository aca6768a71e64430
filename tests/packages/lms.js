/* The LMS's launch page: scorm-again does the talking, this records every call and misbehaves on demand. */
(function () {
  "use strict";
  const launch = JSON.parse(document.getElementById("launch").textContent);
  const is2004 = launch.edition === "scorm2004";
  const Api = is2004 ? Scorm2004API : Scorm12API;
  const real = new Api({ autocommit: false, lmsCommitUrl: "/commit/" + launch.id, logLevel: 5 });
  const names = { initialize: "Initialize", get: "GetValue", set: "SetValue", commit: "Commit",
    terminate: is2004 ? "Terminate" : "Finish", error: "GetLastError", errorString: "GetErrorString", diagnostic: "GetDiagnostic" };
  real.loadFromJSON(launch.record);
  window.calls = [];
  window.trouble = launch.trouble;

  function answer(name, method, values) {
    if (name === "initialize" && window.trouble.initialize) { return "false"; }
    if (name === "set" && window.trouble.set) { throw new Error("the LMS broke"); }
    if (name === "set" && window.trouble.interactions && values[0].startsWith("cmi.interactions")) { return "false"; }
    if (!is2004 && values[0] === "cmi.suspend_data" && (values[1] || "").length > 4096) { return "false"; }
    return real[method](...values);
  }
  const api = {};
  Object.entries(names).forEach(([name, ending]) => {
    const method = (is2004 ? "" : "LMS") + ending;
    api[method] = (...values) => {
      let result = "thrown";
      try {
        result = answer(name, method, values);
        return result;
      } finally {
        const call = { name, values: values.map(String), result: String(result) };
        window.calls.push(call);
        navigator.sendBeacon("/calls/" + launch.id, JSON.stringify([window.calls.length, call]));
      }
    };
  });
  if (launch.api) { window[is2004 ? "API_1484_11" : "API"] = api; }
})();
