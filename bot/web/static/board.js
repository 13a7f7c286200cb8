// Keeps a duty board up to date: takes its inside from the server's events and counts the clocks in between.
"use strict";

// A server that hears nothing pings every fifteen seconds; the board itself comes each minute at least.
const SILENCE = 90_000;
const AGAIN = 5_000;

const inside = document.getElementById("board");
const lost = document.getElementById("lost");

let heardAt = performance.now();
let source = null;

function clockWords(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${two(minutes)}:${two(whole % 60)}`;
}

// How many of the milliseconds since the server wrote the page the clock has run.
function ran(clock, writtenAt, passed) {
  const running = clock.dataset.running === "1";
  if (!clock.dataset.flips) return running ? passed : 0;
  const untilFlip = Math.max(0, Number(clock.dataset.flips) - writtenAt);
  return running ? Math.min(passed, untilFlip) : Math.max(0, passed - untilFlip);
}

// The screen's own clock may be wrong: only the time passed since the last event is taken from it.
function count() {
  const now = document.getElementById("now");
  const writtenAt = Number(now.dataset.now);
  const passed = performance.now() - heardAt;
  const local = new Date(writtenAt + passed + Number(now.dataset.offset));
  now.querySelector(".hour").textContent = local.toISOString().slice(11, 16);
  for (const clock of inside.querySelectorAll(".clock")) {
    const used = Number(clock.dataset.used) + Math.floor(ran(clock, writtenAt, passed) / 1000);
    const target = Number(clock.dataset.target);
    clock.querySelector(".used").textContent = clockWords(used);
    clock.querySelector(".over").hidden = used <= target;
    const filing = clock.closest(".filing");
    filing.classList.toggle("late", used > target);
    filing.classList.toggle("soon", used <= target && used * 2 >= target);
  }
}

function heard(event) {
  const parsed = new DOMParser().parseFromString(event.data, "text/html");
  inside.replaceChildren(...parsed.body.childNodes);
  heardAt = performance.now();
  lost.hidden = true;
  document.body.dataset.live = "yes";
  count();
}

function listen() {
  source = new EventSource(`/board/events${location.search}`);
  source.addEventListener("message", heard);
  source.addEventListener("signed-out", () => {
    source.close();
    location.reload();
  });
  source.addEventListener("error", () => {
    lost.hidden = false;
    document.body.dataset.live = "no";
    if (source.readyState === EventSource.CLOSED) setTimeout(again, AGAIN);
  });
}

// A refused stream is final for the browser: ask by an ordinary request whether we are still signed in.
async function again() {
  try {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      location.reload();
      return;
    }
  } catch {
    // No network yet; the next try will tell.
  }
  listen();
}

setInterval(() => {
  count();
  if (performance.now() - heardAt > SILENCE) {
    lost.hidden = false;
    document.body.dataset.live = "no";
  }
}, 1000);
count();
listen();
