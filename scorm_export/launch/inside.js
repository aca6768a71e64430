/* A module inside the course's one package: the shell around it (shell.js) holds the connection and keeps the place.
 *
 * Messages, since from file:// neither window may look into the other. They carry what a state carries, and no text.
 */
const to = location.protocol === "file:" ? "*" : location.origin;
const tell = (said) => parent.postMessage({ lesson: said }, to);

document.addEventListener("lesson:moved", ({ detail }) => tell({ moved: detail }));
window.addEventListener("message", ({ source, data }) => {
  if (source !== parent || !data || !data.lesson) { return; }
  document.dispatchEvent(new CustomEvent("lesson:resume", { detail: { state: data.lesson.resume } }));
});
document.getElementById("leave").addEventListener("click", (event) => {
  event.preventDefault(); /* the link is for a module opened by itself: here it would leave the LMS's page */
  tell({ left: true });
});
tell({ ready: true });
