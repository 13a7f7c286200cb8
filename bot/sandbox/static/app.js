// The page: which phones are shown, the strip above them, one state drawn after every change.

import { make } from "./dom.js";
import { Phone } from "./phone.js";
import * as server from "./server.js";
import { inLanguage, say, spoken, useTimezone } from "./words.js";

const MOST_AT_FIRST = 5;
const STORE = "phones-shown";

const desk = document.getElementById("desk");
const jump = document.getElementById("jump");
const phones = new Map();
let chosen = JSON.parse(sessionStorage.getItem(STORE) ?? "null");
let busy = false;
let again = false;

/** Fetch and draw; changes that come meanwhile are drawn once more afterwards. */
async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  do {
    again = false;
    try {
      draw(await server.state(chosen ?? []));
    } catch (error) {
      connected(false);
    }
  } while (again);
  busy = false;
}

function draw(state) {
  useTimezone(state.banner.timezone);
  for (const card of [...state.all_phones, ...state.phones]) card.label = spoken(card.label);
  const ids = state.all_phones.map((card) => card.id);
  const wanted = (chosen ?? ids.slice(0, MOST_AT_FIRST)).filter((id) => ids.includes(id));
  for (const [id, phone] of phones) {
    if (!wanted.includes(id)) {
      phone.element.remove();
      phones.delete(id);
    }
  }
  for (const card of state.phones.filter((one) => wanted.includes(one.id))) {
    if (!phones.has(card.id)) phones.set(card.id, new Phone(card));
    const phone = phones.get(card.id);
    if (!phone.element.isConnected) desk.append(phone.element);
    phone.update(card, state.bot);
  }
  document.getElementById("desk-empty").hidden = phones.size > 0;
  desk.style.setProperty("--count", phones.size);
  drawStrip(state);
  drawPicker(state.all_phones, wanted);
  drawJump(state.phones.filter((card) => wanted.includes(card.id)));
}

function drawStrip(state) {
  const { note = "", links = [] } = inLanguage(state.banner);
  const place = document.getElementById("note");
  if (place.textContent !== note) place.textContent = note;
  place.hidden = !note;
  const list = document.getElementById("links");
  list.hidden = links.length === 0;
  if (list.dataset.look === JSON.stringify(links)) return;
  list.dataset.look = JSON.stringify(links);
  list.replaceChildren(...links.map(({ label, url }) => make("a", { href: url, target: "_blank", rel: "noopener" }, label)));
}

function drawPicker(cards, wanted) {
  document.getElementById("picker").hidden = cards.length < 2;
  document.getElementById("picker-count").textContent = `${wanted.length}/${cards.length}`;
  const list = document.getElementById("picker-list");
  const look = JSON.stringify([cards.map((card) => [card.id, card.name, card.label]), wanted]);
  if (list.dataset.look === look) return;
  list.dataset.look = look;
  const lines = cards.map((card) => {
    const toggle = (event) => choose(card.id, event.target.checked, wanted);
    const box = make("input", { type: "checkbox", value: card.id, checked: wanted.includes(card.id), onchange: toggle });
    return make("label", {}, box, make("b", {}, card.label), card.name);
  });
  const held = list.contains(document.activeElement) ? document.activeElement.value : null;
  list.replaceChildren(...lines);
  if (held) list.querySelector(`[value="${held}"]`)?.focus();
}

function choose(id, shown, wanted) {
  chosen = shown ? [...wanted, id] : wanted.filter((one) => one !== id);
  sessionStorage.setItem(STORE, JSON.stringify(chosen));
  refresh();
}

/** On a narrow screen the phones lie side by side; these lead to each. */
function drawJump(cards) {
  const look = JSON.stringify(cards.map((card) => [card.id, card.label, card.name]));
  jump.hidden = cards.length < 2;
  if (jump.dataset.look === look) return;
  jump.dataset.look = look;
  const buttons = cards.map((card) => {
    const go = () => phones.get(card.id).element.scrollIntoView({ inline: "center", block: "nearest" });
    return make("button", { type: "button", onclick: go }, card.label || card.name);
  });
  jump.replaceChildren(...buttons);
}

function connected(yes) {
  const line = document.getElementById("offline");
  line.hidden = yes;
  line.textContent = yes ? "" : say("offline");
  if (yes) refresh();
}

server.listen(refresh, connected);
