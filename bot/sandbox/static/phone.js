// One phone: its chats, its messages, what pops up. Renders only what changed, so that focus and scrolling stay.

import { Composer } from "./composer.js";
import { icon, make } from "./dom.js";
import { bubble } from "./message.js";
import * as server from "./server.js";
import { say } from "./words.js";

const TOAST = 5000; // milliseconds an answer stays
const NEAR = 80; // pixels from the end that still count as reading the newest

export class Phone {
  constructor(card) {
    this.card = card;
    this.chatId = card.home;
    this.store = `seen-${card.id}`; // chat id → highest message id looked at, kept over a reload
    this.seen = new Map(JSON.parse(sessionStorage.getItem(this.store) ?? "[]"));
    this.known = new Map(); // message id → [what it looked like, element], for the open chat
    this.composer = new Composer({
      phone: () => this.card,
      chat: () => this.chat,
      bot: () => this.bot,
      told: (error) => this.toast(error.message),
    });
    this.build();
  }

  build() {
    this.label = make("span", { className: "label" });
    this.name = make("h2", { className: "name" });
    this.tabs = make("div", { className: "tabs", role: "group", "aria-label": say("chats") });
    this.block = make("button", { type: "button", onclick: () => this.toggleBlock() });
    const more = make("summary", { "aria-label": say("more"), title: say("more") }, icon("more"));
    this.tongue = make("p");
    this.more = make("details", { className: "more" }, more, make("div", {}, this.tongue, this.block));
    this.log = make("div", { className: "log", role: "log", tabIndex: 0, "aria-label": say("messages") });
    // Whoever reads the newest message goes on reading it while messages grow: a font that loads, an edit.
    this.following = true;
    this.top = 0;
    this.sizes = new ResizeObserver(() => this.following && this.toEnd());
    this.sizes.observe(this.log);
    this.log.addEventListener("scroll", () => {
      // Only moving up is leaving: this event comes late, and messages may have grown meanwhile.
      if (this.atEnd()) this.following = true;
      else if (this.log.scrollTop < this.top) this.following = false;
      this.top = this.log.scrollTop;
      this.scrolled();
    });
    this.down = make(
      "button",
      { type: "button", className: "down", hidden: true, onclick: () => this.toEnd() },
      say("newest"),
    );
    this.pop = make("div", { className: "toast", role: "status" });
    this.start = make("button", { type: "button", className: "wide primary", onclick: () => this.says("/start") }, say("start"));
    this.gate = make("div", { className: "gate" });
    this.element = make(
      "section",
      { className: "phone", id: `phone-${this.card.id}`, tabIndex: -1 },
      make("header", {}, make("div", { className: "who" }, this.label, this.name), this.more),
      this.tabs,
      make("div", { className: "screen" }, this.log, this.down, this.pop),
      this.gate,
      this.composer.element,
    );
  }

  get chat() {
    return this.chats.find((chat) => chat.id === this.chatId) ?? this.chats[0];
  }

  /** Take the newest state. */
  update(card, bot) {
    this.card = card;
    this.chats = card.chats;
    this.bot = bot.username;
    this.label.textContent = card.label;
    this.label.hidden = !card.label;
    this.name.textContent = card.name;
    this.element.setAttribute("aria-label", [card.label, card.name].filter(Boolean).join(" "));
    this.tongue.textContent = say("language", { code: card.language ?? "–" });
    this.block.textContent = say(card.blocked ? "unblock" : "block");
    this.ring();
    this.drawMessages();
    this.drawTabs();
    this.drawGate();
    this.composer.useMenu(this.chat.menu);
    this.composer.useAsked(asked(this.chat, this.card.id));
  }

  /** A flash for every new message of somebody else that is not silent. */
  ring() {
    const fresh = this.chats.some((chat) =>
      chat.messages.some((m) => m.id > this.highest(chat) && m.sender_id !== this.card.id && !m.silent && !m.service),
    );
    for (const chat of this.chats) this.marked = (this.marked ?? new Map()).set(chat.id, newest(chat));
    if (!fresh) return;
    this.element.classList.remove("ringing");
    void this.element.offsetWidth; // starts the animation anew
    this.element.classList.add("ringing");
  }

  highest(chat) {
    return this.marked?.get(chat.id) ?? newest(chat);
  }

  unread(chat) {
    const seen = this.seen.get(chat.id) ?? 0;
    return chat.messages.filter((m) => m.id > seen && m.sender_id !== this.card.id && !m.service).length;
  }

  /** The open chat is read to its end. */
  look() {
    if (this.seen.get(this.chat.id) === newest(this.chat)) return;
    this.seen.set(this.chat.id, newest(this.chat));
    sessionStorage.setItem(this.store, JSON.stringify([...this.seen]));
    this.drawTabs();
  }

  drawTabs() {
    const tabs = this.chats.map((chat) => this.tab(chat));
    const look = JSON.stringify(this.chats.map((c) => [c.id, c.title, c.members, this.unread(c), c === this.chat]));
    if (look === this.tabsLook) return;
    this.tabsLook = look;
    const held = document.activeElement?.closest?.(".tabs") === this.tabs ? document.activeElement.dataset.chat : null;
    this.tabs.replaceChildren(...tabs);
    if (held) this.tabs.querySelector(`[data-chat="${held}"]`)?.focus();
  }

  tab(chat) {
    const title = chat.type === "private" ? say("private") : chat.title;
    const count = this.unread(chat);
    const tab = make(
      "button",
      { type: "button", className: "tab", title: chat.title, "aria-pressed": String(chat === this.chat), onclick: () => this.open(chat.id) },
      make("span", { className: "tab-title" }, title),
      chat.members && chat.type !== "private" ? make("small", {}, say("members", { n: chat.members })) : null,
      count ? make("span", { className: "badge", "aria-label": say("unread", { n: count }), role: "img" }, String(count)) : null,
    );
    tab.dataset.chat = chat.id;
    return tab;
  }

  open(chatId) {
    this.chatId = chatId;
    this.composer.replyTo(null);
    this.known.clear();
    this.log.replaceChildren();
    this.drawMessages();
    this.toEnd();
    this.drawTabs();
    this.drawGate();
    this.composer.useMenu(this.chat.menu);
    this.composer.useAsked(asked(this.chat, this.card.id));
    this.composer.close();
  }

  drawMessages() {
    const chat = this.chat;
    const stay = this.following;
    const byId = new Map(chat.messages.map((message) => [message.id, message]));
    for (const [id, [, element]] of this.known) {
      if (!byId.has(id)) {
        element.remove();
        this.known.delete(id);
      }
    }
    if (this.drawn !== chat.id) this.known.clear();
    if (this.drawn !== chat.id || !chat.messages.length) this.log.replaceChildren();
    this.drawn = chat.id;
    if (!chat.messages.length) this.log.append(make("p", { className: "empty" }, chat.description || say("empty")));
    else this.log.querySelector(".empty")?.remove();
    for (const message of chat.messages) this.place(message, byId, chat);
    if (stay) this.toEnd();
    this.scrolled();
  }

  place(message, byId, chat) {
    const look = JSON.stringify(message);
    const old = this.known.get(message.id);
    if (old?.[0] === look) return;
    const element = bubble(message, {
      own: message.sender_id === this.card.id,
      group: chat.type !== "private",
      replied: byId.get(message.reply_to),
      acts: this.acts(message),
    });
    if (old) {
      const focus = [...old[1].querySelectorAll(".key")].indexOf(document.activeElement);
      old[1].replaceWith(element);
      element.classList.add("changed");
      if (focus >= 0) (element.querySelectorAll(".key")[focus] ?? this.log).focus();
    } else {
      this.log.append(element);
    }
    this.sizes.observe(element);
    this.known.set(message.id, [look, element]);
  }

  acts(message) {
    return {
      press: (button, element) => this.press(message, button, element),
      reply: () => this.composer.replyTo(message),
      command: (text) => this.says(text),
      follow: (url) => this.follow(url),
      inline: (text) => this.composer.fill(`@${this.bot} ${text}`),
      copy: (text) => this.copy(text),
    };
  }

  async press(message, button, element) {
    element.classList.add("pressed");
    element.setAttribute("aria-busy", "true");
    try {
      const { answer } = await server.presses(this.card.id, message, button.text);
      if (!answer) this.toast(say("no_answer"));
      else if (answer.show_alert) this.alert(answer.text);
      else if (answer.text) this.toast(answer.text);
    } catch (error) {
      this.toast(error.message);
    }
    element.classList.remove("pressed");
    element.removeAttribute("aria-busy");
  }

  async copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => undefined);
    this.toast(say("copied", { text }));
  }

  says(text) {
    return server.says(this.card.id, this.chat.id, text).catch((error) => this.toast(error.message));
  }

  /** `https://t.me/<bot>?start=CODE` presses Start with the code; other links are not the phone's. */
  follow(url) {
    const code = url.match(new RegExp(`^https?://t\\.me/${this.bot}\\?start=([\\w-]+)$`))?.[1];
    if (!code) return false;
    this.open(this.card.id);
    server.says(this.card.id, this.card.id, `/start ${code}`).catch((error) => this.toast(error.message));
    return true;
  }

  toggleBlock() {
    this.more.open = false;
    return server.blocks(this.card.id, !this.card.blocked).catch((error) => this.toast(error.message));
  }

  toast(text) {
    clearTimeout(this.toastTimer);
    this.pop.textContent = text;
    this.pop.classList.add("shown");
    this.toastTimer = setTimeout(() => {
      this.pop.classList.remove("shown");
      this.pop.textContent = "";
    }, TOAST);
  }

  alert(text) {
    const back = document.activeElement;
    const whose = [this.card.label, this.card.name].filter(Boolean).join(" ");
    const words = make("p", {}, text);
    const ok = make("button", { type: "button", className: "primary", onclick: () => dialog.close() }, say("ok"));
    const dialog = make("dialog", { className: "alert", "aria-label": whose }, make("h3", {}, whose), words, ok);
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (back?.isConnected) back.focus();
    });
    this.element.append(dialog);
    dialog.showModal();
    ok.focus();
  }

  drawGate() {
    const home = this.chat.type === "private";
    const closed = home && (this.card.blocked || !this.card.started);
    const look = `${closed}${this.card.blocked}${this.card.started}`;
    this.composer.element.hidden = closed;
    this.gate.hidden = !closed;
    if (!closed || look === this.gateLook) return;
    this.gateLook = look;
    const back = make("button", { type: "button", className: "wide", onclick: () => this.toggleBlock() }, say("unblock"));
    const words = make("p", {}, say(this.card.blocked ? "blocked" : "not_started"));
    this.gate.replaceChildren(words, this.card.blocked ? back : this.start);
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  toEnd() {
    this.following = true;
    this.log.scrollTop = this.log.scrollHeight;
    this.scrolled();
  }

  scrolled() {
    this.down.hidden = this.atEnd();
    if (this.atEnd() && this.chats) {
      this.look();
    }
  }
}

/** The message that asks for a reply or offers keys for one, unless this person has written since. */
function asked(chat, person) {
  const meant = (m) => !m.keyboard.selective || m.entities.some((e) => e.url === `tg://user?id=${person}`);
  const spoken = [...chat.messages]
    .reverse()
    .find((m) => m.sender_id === person || (m.keyboard && meant(m)));
  const keyboard = spoken?.keyboard;
  return keyboard?.force_reply || keyboard?.keyboard ? spoken : null;
}

function newest(chat) {
  return chat.messages.reduce((highest, message) => Math.max(highest, message.id), 0);
}
