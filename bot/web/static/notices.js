// A notice being written: whom it goes to, formatting by a press, a number that may not be sent selected where it stands.
"use strict";

const field = document.getElementById("f-text");

function changed() {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function wrap(before, after) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  field.setRangeText(before + value.slice(start, end) + after, start, end, "end");
  field.focus();
  field.setSelectionRange(start + before.length, end + before.length);
  changed();
}

for (const tools of document.querySelectorAll(".tools")) {
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const { tag, link } = event.target.dataset;
    if (tag) wrap(`<${tag}>`, `</${tag}>`);
    if (link) {
      const address = window.prompt(link, "https://");
      if (address && /^https?:\/\/[^\s"<>]+$/i.test(address)) wrap(`<a href="${address}">`, "</a>");
    }
  });
}

// Whoever ticks a city or names a court means that, and the whole province no more.
for (const [name, where] of [["city", "city"], ["words", "words"], ["province", "province"]]) {
  for (const one of document.querySelectorAll(`#f-audience [name="${name}"]`)) {
    one.addEventListener("input", () => {
      document.querySelector(`[name="where"][value="${where}"]`).checked = true;
    });
  }
}

// Without this script the places are listed and marked; with it a press leads to them.
function places() {
  for (const button of document.querySelectorAll("[data-start]")) {
    button.hidden = false;
    button.onclick = () => {
      field.focus();
      field.setSelectionRange(Number(button.dataset.start), Number(button.dataset.end));
    };
  }
}

if (field) {
  places();
  document.body.addEventListener("htmx:afterSwap", places);
}
