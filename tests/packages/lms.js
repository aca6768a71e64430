/* The LMS's launch page: scorm-again does the talking, this records every call and misbehaves on demand. */
(function () {
  "use strict";
  const launch = JSON.parse(document.getElementById("launch").textContent);
  const real = new Scorm12API({ autocommit: false, lmsCommitUrl: "/commit/" + launch.id, logLevel: 5 });
  real.loadFromJSON(launch.record);
  window.calls = [];
  window.trouble = launch.trouble;

  function answer(name, values) {
    if (name === "LMSInitialize" && window.trouble.initialize) { return "false"; }
    if (name === "LMSSetValue" && window.trouble.set) { throw new Error("the LMS broke"); }
    if (values[0] === "cmi.suspend_data" && (values[1] || "").length > 4096) { return "false"; }
    return real[name](...values);
  }
  const api = {};
  ["LMSInitialize", "LMSGetValue", "LMSSetValue", "LMSCommit", "LMSFinish",
    "LMSGetLastError", "LMSGetErrorString", "LMSGetDiagnostic"].forEach((name) => {
    api[name] = (...values) => {
      let result = "thrown";
      try {
        result = answer(name, values);
        return result;
      } finally {
        const call = { name, values: values.map(String), result: String(result) };
        window.calls.push(call);
        navigator.sendBeacon("/calls/" + launch.id, JSON.stringify([window.calls.length, call]));
      }
    };
  });
  if (launch.api) { window.API = api; }
})();
