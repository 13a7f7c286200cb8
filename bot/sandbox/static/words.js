// The page's words in the reader's language, and times as the courts write them.

const words = JSON.parse(document.getElementById("words").textContent);

/** The text for a key, its {fields} filled. */
export function say(key, fields = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => fields[name] ?? whole);
}

const language = document.documentElement.lang;

/** A text that may be one for each of the page's languages. */
export const spoken = (text) => (typeof text === "string" ? text : text[language]);

/** What is said of several things, some of it in the page's language alone. */
export const inLanguage = (facts) => ({ ...facts, ...facts[language] });

let timezone = "Asia/Shanghai";
let formats = makeFormats();

/** Show times of another time zone from now on. */
export function useTimezone(name) {
  if (name && name !== timezone) {
    timezone = name;
    formats = makeFormats();
  }
}

function makeFormats() {
  const options = { timeZone: timezone, hourCycle: "h23" };
  return {
    time: new Intl.DateTimeFormat("zh-CN", { ...options, hour: "2-digit", minute: "2-digit" }),
    full: new Intl.DateTimeFormat("zh-CN", { ...options, dateStyle: "medium", timeStyle: "medium" }),
  };
}

/** 09:05 */
export function clock(iso) {
  return formats.time.format(new Date(iso));
}

/** Date and time to the second, for a title. */
export function moment(iso) {
  return formats.full.format(new Date(iso));
}
