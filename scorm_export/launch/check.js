/* An administrator's look at the connection, on the page's own session: it never says anything of completion.
 *
 * Loaded only when that page is opened. What it writes is the place that the learner has already, so that a record
 * after it is the record before it.
 */
(function () {
  const place = document.getElementById("check-report");
  const yes = (is) => (is ? "yes" : "NO");
  const timed = async (what) => {
    const began = performance.now();
    const result = await what();
    return [result, Math.round(performance.now() - began) + " ms"];
  };

  async function look() {
    const detail = {};
    document.dispatchEvent(new CustomEvent("lesson:check", { detail }));
    const { connection, open, watching, state } = detail;
    const rows = [["Package", document.body.dataset.package + ", version " + document.body.dataset.version],
      ["Standard", connection.name], ["Connection found", open ? "yes: " + connection.where : "NO"],
      ["Looked at", new Date().toISOString()], ["Page", location.protocol + "//" + location.host], ["Browser", navigator.userAgent]];
    if (open) {
      rows.push(...(await connection.facts()).map(([what, value]) => [what + ", as the platform tells it", value || "(empty)"]));
      rows.push(["Size of the place", state.length + " of " + connection.limit + " characters"]);
    }
    if (open && watching) { rows.push(["Write", "not tried: the platform opened this for preview or review"]); }
    if (open && !watching) {
      const news = { state, complete: false, begun: false, first: true, seconds: 0, acts: [] };
      const [taken, time] = await timed(() => connection.save(news));
      const back = await connection.read();
      rows.push(["Write, exit and commit taken", yes(taken) + ", in " + time], ["Read back the same", yes(back === state)]);
    }
    return rows;
  }
  look().then((rows) => {
    const text = rows.map(([what, value]) => what + ": " + value).join("\n");
    document.getElementById("check-rows").replaceChildren(...rows.map(([what, value]) => {
      const row = document.createElement("div");
      row.append(Object.assign(document.createElement("dt"), { textContent: what }), Object.assign(document.createElement("dd"), { textContent: value }));
      return row;
    }));
    place.value = text;
  });
  document.getElementById("check-copy").addEventListener("click", () => {
    place.select();
    if (navigator.clipboard) { navigator.clipboard.writeText(place.value).catch(() => {}); } else { document.execCommand("copy"); }
  });
})();
