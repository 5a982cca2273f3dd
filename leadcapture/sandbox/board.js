// Renews the boards every two seconds and leaves the panel, a selection and the scroll position alone.
const boards = document.getElementById("boards");
let last = null;
async function renew() {
  if (!document.hidden && document.getSelection().isCollapsed) {
    try {
      const answer = await fetch("/boards");
      const text = await answer.text();
      if (answer.ok && text !== last) {
        const left = [...boards.querySelectorAll(".stages")].map((row) => row.scrollLeft);
        boards.innerHTML = text;
        boards.querySelectorAll(".stages").forEach((row, at) => { row.scrollLeft = left[at] || 0; });
        last = text;
      }
      boards.classList.toggle("away", !answer.ok);
    } catch {
      boards.classList.add("away");
    }
  }
  setTimeout(renew, 2000);
}
setTimeout(renew, 2000);
