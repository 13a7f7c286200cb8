// Small ways to make elements. No state.

/** An element with properties, attributes (names with a dash, or `role`) and children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "for") {
      element.setAttribute(name, value === true ? "" : value);
    } else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SHAPES = {
  silent: "M4 6.5h2.2L10 3.5v9l-3.8-3H4zM12.4 6l3 4M15.4 6l-3 4",
  menu: "M10.6 3 5.4 13",
  send: "M2.5 8 13.5 3 10.6 13.2 7.6 9.4zM7.6 9.4 13.5 3",
  clip: "M12.5 7.2 7.6 12.1a2.9 2.9 0 0 1-4.1-4.1l5-5a1.9 1.9 0 0 1 2.7 2.7l-4.9 4.9a.9.9 0 0 1-1.3-1.3L9.4 5",
  close: "M4 4l8 8M12 4l-8 8",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  link: "M6 4h6v6M12 4 4.5 11.5",
  copy: "M5.5 5.5h7v7h-7zM3.5 10V3.5H10",
  inline: "M8 10.4a2.4 2.4 0 1 1 0-4.8 2.4 2.4 0 0 1 0 4.8zm2.4-4.6v3.4c0 2 2.8 1.6 2.8-1.2A5.2 5.2 0 1 0 11 12.3",
  pin: "M6 3h4l-.5 3.6L11.5 9h-7l2-2.4zM8 9v4.2",
  file: "M4.5 2.5h5l2.5 3v8h-7.5zM9.5 2.5v3H12",
};

/** A line drawing of 16 by 16; decoration only. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}
