// The line at the foot of a phone: writing, the command menu, the list under an inline query.

import { icon, make } from "./dom.js";
import * as server from "./server.js";
import { say } from "./words.js";

const PAUSE = 250; // milliseconds of rest before an inline query leaves
const PICTURES = new Set(["image/jpeg", "image/png", "image/webp"]); // what leaves as a picture
let counter = 0;

/** `phone()` and `chat()` give the present ones, `bot()` the bot's name, `told(error)` shows a problem. */
export class Composer {
  constructor({ phone, chat, bot, told }) {
    Object.assign(this, { phone, chat, bot, told });
    this.shown = [];
    this.chosen = -1;
    this.menu = [];
    const list = `list-${++counter}`;
    this.list = make("ul", { id: list, className: "choices", role: "listbox", "aria-label": say("menu"), hidden: true });
    this.input = make("textarea", {
      rows: 1,
      placeholder: say("type_here"),
      "aria-label": say("type_here"),
      "aria-haspopup": "listbox",
      "aria-controls": list,
      "aria-autocomplete": "list",
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
    });
    this.slash = make(
      "button",
      { type: "button", className: "slash", "aria-label": say("menu"), title: say("menu"), onclick: () => this.openMenu() },
      icon("menu"),
    );
    this.file = make("input", { type: "file", hidden: true, onchange: () => this.attach() });
    const clip = make(
      "button",
      { type: "button", className: "slash", "aria-label": say("attach"), title: say("attach"), onclick: () => this.file.click() },
      icon("clip"),
    );
    this.quote = make("p", { className: "asked", hidden: true });
    this.keys = make("div", { className: "reply-keys", role: "group", "aria-label": say("answers"), hidden: true });
    const send = make("button", { className: "send", "aria-label": say("send"), title: say("send") }, icon("send"));
    this.element = make(
      "form",
      { className: "composer", onsubmit: (event) => this.submit(event) },
      this.list,
      this.quote,
      this.keys,
      this.slash,
      clip,
      this.file,
      this.input,
      send,
    );
  }

  /** Take the commands of the present chat. */
  useMenu(menu) {
    this.menu = menu;
    this.slash.hidden = menu.length === 0;
  }

  /** What is written next replies to this message; null drops that again. */
  replyTo(message) {
    this.chosenReply = message;
    this.drawQuote();
    if (message) this.input.focus();
  }

  /** The message that what is written next replies to: the chosen one, or one by which the bot asked. */
  get replied() {
    return this.chosenReply ?? (this.asked?.keyboard.force_reply ? this.asked : null);
  }

  drawQuote() {
    const message = this.replied;
    this.quote.hidden = !message;
    if (!message) return this.quote.replaceChildren();
    const drop = make(
      "button",
      { type: "button", className: "drop", "aria-label": say("no_reply"), title: say("no_reply"), onclick: () => this.replyTo(null) },
      icon("close"),
    );
    const words = make("span", {}, `${say("reply_to")} ${message.text.slice(0, 60)}`);
    return this.quote.replaceChildren(words, this.chosenReply ? drop : "");
  }

  /** The bot asked for a reply: what is written next replies to its message; keys write a whole answer. */
  useAsked(message) {
    if (message?.id === this.asked?.id) return;
    this.asked = message;
    this.drawQuote();
    const rows = message?.keyboard.keyboard ?? [];
    this.keys.hidden = rows.length === 0;
    const line = (row) => make("div", { className: "keys" }, ...row.map((key) => this.replyKey(key)));
    this.keys.replaceChildren(...rows.map(line));
  }

  replyKey(key) {
    return make("button", { type: "button", className: "key", onclick: () => this.write(key.text) }, key.text);
  }

  write(text) {
    const reply = this.replied?.id ?? null;
    if (this.chosenReply) this.replyTo(null);
    return server.says(this.phone().id, this.chat().id, text, reply).catch(this.told);
  }

  /** Send the chosen file; a picture leaves as one, as from a telephone's gallery. */
  async attach() {
    const [chosen] = this.file.files;
    this.file.value = "";
    if (!chosen) return;
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
    const [phone, chat, content] = [this.phone().id, this.chat().id, btoa(binary)];
    const sent = PICTURES.has(chosen.type)
      ? server.sendsPhoto(phone, chat, content)
      : server.sends(phone, chat, chosen.name, content);
    await sent.catch(this.told);
  }

  /** Put text into the line and let it act as if typed. */
  fill(text) {
    this.input.value = text;
    this.input.focus();
    this.typed();
  }

  openMenu() {
    if (!this.list.hidden) return this.close();
    this.input.focus();
    return this.showCommands("");
  }

  typed() {
    this.grow();
    clearTimeout(this.timer);
    const text = this.input.value;
    const command = text.match(/^\/(\w*)$/);
    const inline = text.match(new RegExp(`^@${this.bot()}\\s+(.*)$`, "s"));
    if (command) this.showCommands(command[1].toLowerCase());
    else if (inline) this.timer = setTimeout(() => this.ask(inline[1]), PAUSE);
    else this.close();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
  }

  showCommands(start) {
    const fitting = this.menu.filter((entry) => entry.command.startsWith(start));
    this.show(
      say("menu"),
      fitting.map((entry) => ({
        title: `/${entry.command}`,
        detail: entry.description,
        act: () => this.fill(`/${entry.command} `),
      })),
    );
  }

  async ask(query) {
    try {
      const answer = await server.asks(this.phone().id, this.chat().id, query);
      if (!this.input.value.endsWith(query)) return;
      const choices = answer.results.map((result) => ({
        title: result.title,
        detail: result.description,
        act: () => this.pick(answer.query_id, result.id),
      }));
      const none = answer.answered ? say("no_results") : say("no_answer");
      this.show(say("results"), choices, none);
    } catch (error) {
      this.told(error);
    }
  }

  async pick(query, result) {
    this.clear();
    await server.picks(this.phone().id, this.chat().id, query, result).catch(this.told);
  }

  show(label, choices, none = "") {
    this.shown = choices;
    this.chosen = -1;
    this.list.setAttribute("aria-label", label);
    const items = choices.map((choice, index) =>
      make(
        "li",
        {
          id: `${this.list.id}-${index}`,
          role: "option",
          "aria-selected": "false",
          onmousedown: (event) => event.preventDefault(),
          onclick: () => this.take(index),
        },
        make("b", {}, choice.title),
        make("span", {}, choice.detail ?? ""),
      ),
    );
    if (!items.length && none) {
      items.push(make("li", { role: "option", "aria-selected": "false", "aria-disabled": "true", className: "none" }, none));
    }
    this.list.replaceChildren(...items);
    this.list.hidden = items.length === 0;
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.show("", []);
  }

  clear() {
    this.input.value = "";
    this.grow();
    this.close();
  }

  take(index) {
    const choice = this.shown[index];
    this.close();
    choice.act();
  }

  move(step) {
    const count = this.shown.length;
    this.chosen = (this.chosen + step + count + (this.chosen < 0 && step < 0 ? 1 : 0)) % count;
    [...this.list.children].forEach((item, index) => {
      item.setAttribute("aria-selected", String(index === this.chosen));
    });
    const item = this.list.children[this.chosen];
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  key(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden && this.shown.length > 0;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      if (open || !this.chosenReply) this.close();
      else this.replyTo(null);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (open && this.chosen >= 0) this.take(this.chosen);
      else this.element.requestSubmit();
    }
  }

  async submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    this.clear();
    await this.write(text);
  }
}
