// Makes elements. Whatever comes from the service becomes text, never markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name === "class") {
      element.setAttribute("class", value);
    } else if (name in element && typeof value === "boolean") {
      element[name] = value;
    } else {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.flat(3).filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return element;
}

export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

export function replace(element, ...children) {
  element.replaceChildren(...children.flat(3).filter((child) => child));
  return element;
}

/** A table that becomes a list of cards where there is little room; says so when it has no rows. */
export function table(caption, columns, rows, none = "None.") {
  if (rows.length === 0) {
    return h("p", { class: "none" }, none);
  }
  const head = h("tr", { role: "row" }, columns.map((column) =>
    h("th", { role: "columnheader", scope: "col", class: column.class }, column.hidden ? h("span", { class: "unseen" }, column.title) : column.title)));
  return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
    h("table", { role: "table" },
      h("caption", { class: "unseen" }, caption),
      h("thead", { role: "rowgroup" }, head),
      h("tbody", { role: "rowgroup" }, rows.map((row) => h("tr", { role: "row" }, columns.map((column) => {
        const content = column.cell(row);
        const empty = content === "" || content === undefined || content === null;
        return h("td", { role: "cell", class: [column.class, empty ? "empty" : ""].filter(Boolean).join(" ") || undefined, "data-label": column.hidden ? "" : column.title, title: typeof content === "string" && !empty ? content : undefined }, empty ? (column.hidden ? "" : "–") : content);
      }))))));
}

/** Names with what they are; empty ones are left out. */
export function facts(pairs) {
  return h("dl", { class: "facts" }, pairs
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

export function code(text) {
  return h("code", {}, text);
}

const TONES = {
  applied: "good", running: "good", done: "good", closed: "good", up: "good",
  rejected: "calm", duplicate: "calm", cancelled: "calm", stopped: "calm", discarded: "calm", starting: "calm",
  parked: "warn", paused: "warn", "paused-by-person": "warn", "half-open": "warn", stale: "warn",
  quarantined: "bad", withdrawn: "bad", halted: "bad", open: "bad", down: "bad", failed: "bad", "without-effect": "bad",
};

/** A state in one word; its colour says no more than the word does. */
export function pill(word, tone = TONES[word] ?? "calm") {
  return h("span", { class: `pill ${tone}` }, word.replaceAll("-", " "));
}

/** A command to copy that does the same. */
export function command(text) {
  const shown = h("code", {}, text);
  const button = h("button", {
    type: "button", class: "copy", "aria-label": "Copy the command",
    onclick: async () => {
      await navigator.clipboard.writeText(shown.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    },
  }, "Copy");
  const box = h("div", { class: "command" }, h("span", { class: "prompt", "aria-hidden": "true" }, "$"), shown, button);
  box.say = (words) => { shown.textContent = words; };
  return box;
}

/** For one word of a shell's command line. */
export function quoted(word) {
  return /^[A-Za-z0-9._~:@+=/-]+$/.test(word) ? word : `'${String(word).replaceAll("'", "'\\''")}'`;
}

export function heading(title, ...more) {
  return h("header", { class: "title" }, h("h1", { tabindex: "-1" }, title), more);
}

export function section(title, ...children) {
  return h("section", { class: "card" }, h("h2", {}, title), children);
}
