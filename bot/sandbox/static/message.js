// One message as a bubble: text with its entities, marks, buttons. Knows no phone; presses are handed on.

import { icon, make } from "./dom.js";
import { clock, moment, say } from "./words.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};
const HUES = [212, 162, 18, 286, 190, 338, 48];

/**
 * Build the element of a message. `acts`: {press(button, element), command(text), inline(text), copy(text),
 * reply(), follow(url): true when the phone itself follows the link}.
 */
export function bubble(message, { own, group, acts, replied }) {
  if (message.service) return service(message);
  const side = own ? "own" : "other";
  const box = make("article", { className: `message ${side}${message.from_bot ? " bot" : ""}` });
  const body = make("div", { className: "bubble" });
  if (group && !own) body.append(author(message));
  if (message.forwarded) body.append(make("p", { className: "passed-on" }, say("forwarded")));
  if (replied) body.append(quote(replied));
  if (message.document) body.append(file(message));
  if (message.contact) body.append(make("p", { className: "contact" }, message.contact));
  if (message.text) {
    const text = make("div", { className: "text" });
    text.append(...formatted(message.text, message.entities, acts));
    body.append(text);
  }
  body.append(marks(message, own ? null : acts.reply));
  box.append(body);
  if (message.buttons.length) box.append(keyboard(message, acts));
  return box;
}

function service(message) {
  const { kind, names } = message.service;
  const keys = {
    new_chat_members: "joined",
    left_chat_member: "left",
    migrate_to_chat_id: "migrated",
    migrate_from_chat_id: "migrated",
    group_chat_created: "created",
    pinned_message: "pinned_by",
  };
  return make("p", { className: "service" }, say(keys[kind], { names: names.join("、") }));
}

function author(message) {
  const name = make("p", { className: "author" }, message.sender);
  const hue = HUES[Math.abs(message.sender_id ?? 0) % HUES.length];
  name.style.setProperty("--hue", hue);
  return name;
}

function quote(replied) {
  const text = replied.text.length > 60 ? `${replied.text.slice(0, 60)}…` : replied.text;
  return make("div", { className: "quote" }, make("b", {}, replied.sender), make("span", {}, text));
}

function file(message) {
  const name = message.document === "photo" ? say("photo") : message.document;
  return make("p", { className: "file" }, icon("file"), make("span", {}, name));
}

function marks(message, reply) {
  const line = make("p", { className: "marks" });
  if (reply) line.append(make("button", { type: "button", className: "reply", onclick: reply }, say("reply_to")));
  if (message.pinned) line.append(make("span", { title: say("pinned") }, icon("pin"), hidden(say("pinned"))));
  if (message.silent) line.append(make("span", { title: say("silent") }, icon("silent"), hidden(say("silent"))));
  if (message.edited_at) {
    line.append(make("span", { className: "edited", title: moment(message.edited_at) }, say("edited")));
  }
  line.append(make("time", { dateTime: message.sent_at, title: moment(message.sent_at) }, clock(message.sent_at)));
  return line;
}

function hidden(text) {
  return make("span", { className: "unseen" }, text);
}

/** Text and entities (UTF-16 offsets, as JavaScript counts) to nodes, properly nested. */
function formatted(text, entities, acts, from = 0, to = text.length) {
  const nodes = [];
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= start) {
      rest = others;
      continue;
    }
    nodes.push(document.createTextNode(text.slice(at, start)));
    const inner = others.filter((other) => other.offset < end);
    nodes.push(wrapped(entity, text, formatted(text, inner, acts, start, end), acts, start, end));
    at = end;
    rest = others.filter((other) => other.offset + other.length > end);
  }
  nodes.push(document.createTextNode(text.slice(at, to)));
  return nodes;
}

function wrapped(entity, text, children, acts, start, end) {
  const piece = text.slice(start, end);
  if (entity.type === "text_link" || entity.type === "url") {
    const href = entity.url ?? piece;
    return make("a", { href, ...outward(href, acts) }, ...children);
  }
  if (entity.type === "bot_command") {
    return make("button", { type: "button", className: "command", onclick: () => acts.command(piece) }, ...children);
  }
  const tag = TAGS[entity.type];
  return tag ? make(tag, {}, ...children) : make("span", { className: entity.type }, ...children);
}

/** Links open outside, but a link to the bot itself is followed by the phone. */
function outward(url, acts) {
  const onclick = (event) => {
    if (acts.follow(url)) event.preventDefault();
  };
  return { target: "_blank", rel: "noopener noreferrer", onclick };
}

function keyboard(message, acts) {
  const rows = message.buttons.map((row) =>
    make("div", { className: "keys" }, ...row.map((button) => key(button, acts))),
  );
  return make("div", { className: "keyboard" }, ...rows);
}

function key(button, acts) {
  const className = `key ${button.style ?? ""}`;
  if (button.url) {
    return make("a", { className, href: button.url, ...outward(button.url, acts) }, button.text, icon("link"));
  }
  if (button.copy) {
    return make("button", { type: "button", className, onclick: () => acts.copy(button.copy) }, button.text, icon("copy"));
  }
  if (button.inline !== null) {
    return make("button", { type: "button", className, onclick: () => acts.inline(button.inline) }, button.text, icon("inline"));
  }
  const press = (event) => acts.press(button, event.currentTarget);
  return make("button", { type: "button", className, onclick: press }, button.text);
}
