// Talks to the local Telegram: state, changes, and what a person does.

const BASE = "/phones/api";

async function post(path, body) {
  const answer = await fetch(BASE + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const parsed = await answer.json();
  if (!answer.ok) throw new Error(parsed.error);
  return parsed;
}

/** Everything the chosen phones show; all of them when none is chosen. */
export async function state(phones) {
  const query = phones.map((id) => `phone=${id}`).join("&");
  const answer = await fetch(`${BASE}/state?${query}`);
  if (!answer.ok) throw new Error(`state: ${answer.status}`);
  return answer.json();
}

/** Call `changed` after every change, `connected(bool)` when the line drops or comes back. */
export function listen(changed, connected) {
  const source = new EventSource(`${BASE}/events`);
  source.onmessage = changed;
  source.onopen = () => connected(true);
  source.onerror = () => connected(false);
}

export const says = (phone, chat, text, reply = null) =>
  post(`/phones/${phone}/say`, { chat_id: chat, text, reply_to: reply });
/** Send a file (base64). */
export const sends = (phone, chat, name, content) =>
  post(`/phones/${phone}/document`, { chat_id: chat, name, content });
/** Send a picture (base64) as one. */
export const sendsPhoto = (phone, chat, content) => post(`/phones/${phone}/photo`, { chat_id: chat, content });
export const blocks = (phone, blocked) => post(`/phones/${phone}/block`, { blocked });
export const asks = (phone, chat, query) => post(`/phones/${phone}/inline`, { chat_id: chat, query, wait: 5 });
export const picks = (phone, chat, query, result) =>
  post(`/phones/${phone}/pick`, { chat_id: chat, query_id: query, result_id: result });

/** Press a button and wait for the bot's answer (15 s). */
export const presses = (phone, message, label) =>
  post(`/phones/${phone}/press`, { chat_id: message.chat_id, message_id: message.id, label, wait: 15 });
