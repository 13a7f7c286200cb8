// The directory's pages without a mouse: arrow keys through what was found, a code copied, a failed search said.
"use strict";

const words = document.getElementById("words");
const failed = document.getElementById("failed");

function results() {
  return [...document.querySelectorAll("#found a.result")];
}

// Down from the field into the list and through it, up again, Escape back to the field.
document.addEventListener("keydown", (event) => {
  if (!words || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const found = results();
  const at = found.indexOf(document.activeElement);
  const here = document.activeElement === words;
  if (!here && at < 0) return;
  if (event.key === "ArrowDown" && at + 1 < found.length) {
    found[at + 1].focus();
  } else if (event.key === "ArrowUp" && !here) {
    (at > 0 ? found[at - 1] : words).focus();
  } else if (event.key === "Escape" && !here) {
    words.focus();
  } else {
    return;
  }
  event.preventDefault();
});

// What was asked for by Enter is not asked again by the typing that came before it: that would break the first off.
let entered = null;

if (words) {
  document.getElementById("search").addEventListener("submit", () => {
    entered = words.value;
  });
  words.addEventListener("htmx:confirm", (event) => {
    if (event.target === words && words.value === entered) event.preventDefault();
    else entered = null;
  });
}

if (failed) {
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(name, () => {
      failed.hidden = false;
    });
  }
  document.body.addEventListener("htmx:afterSwap", () => {
    failed.hidden = true;
  });
}

// The clipboard's own interface exists on https alone; inside a court's network pages often come by http.
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "offscreen";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = button.textContent;
    await copy(button.dataset.copy);
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = said;
    }, 2000);
  });
}
