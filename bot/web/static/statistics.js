// Statistics without a page load: whatever does not answer with statistics (signed out, refused) is opened as the page it is.
"use strict";

const failed = document.getElementById("failed");

document.body.addEventListener("htmx:beforeSwap", (event) => {
  failed.hidden = true;
  if (event.detail.serverResponse.includes('id="statistics"')) return;
  event.detail.shouldSwap = false;
  location.assign(event.detail.pathInfo.finalRequestPath);
});

// Where a chart is wider than the window its latest days are shown, not its first.
function showLatest() {
  for (const chart of document.querySelectorAll(".wide.together")) chart.scrollLeft = chart.scrollWidth;
}
showLatest();
document.body.addEventListener("htmx:afterSettle", showLatest);

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => {
    failed.hidden = false;
  });
}
