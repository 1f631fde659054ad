// Acts: each is asked for in a dialog that says what it does, by whom, why, and which command does the same.

import { Refused } from "./api.js";
import { command, h, quoted, replace } from "./dom.js";

const WHO = "millrace.by";

function remembered() {
  try {
    return localStorage.getItem(WHO) || "";
  } catch {
    return "";
  }
}

function remember(name) {
  try {
    localStorage.setItem(WHO, name);
  } catch {
    // A browser that keeps nothing asks again.
  }
}

/** Tells in words what was done, also to whoever listens instead of looking. */
export function say(words, tone = "good") {
  const note = h("p", { class: `note ${tone}` }, words);
  replace(document.getElementById("said"), note);
  setTimeout(() => note.remove(), 8000);
}

/** What the service said no with. */
export function refusal(error) {
  const errors = error instanceof Refused ? error.errors : [];
  return h("div", { class: "refusal", role: "alert" },
    h("p", {}, error instanceof Refused ? error.message : `The service did not answer: ${error.message}`),
    errors.length ? h("ul", {}, errors.map((one) => h("li", {}, h("code", {}, one.field), ` ${one.rule}`))) : "");
}

/** The signature of an act, as options of the command line. */
export function signed(by, why) {
  return ` --as ${quoted(by || "NAME")}${why ? ` --why ${quoted(why)}` : ""}`;
}

let number = 0;

/** A field with its label. */
export function field(label, attributes = {}, hint = "") {
  const id = `field-${++number}`;
  const { tag = "input", options, ...rest } = attributes;
  const input = h(tag, { id, "aria-describedby": hint ? `${id}-hint` : undefined, ...rest },
    (options || []).map((option) => h("option", { value: option.value ?? option }, option.title ?? option)));
  const box = h("div", { class: "field" }, h("label", { for: id }, label), input, hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : "");
  return { box, input };
}

/**
 * Asks for an act and does it.
 *
 * wish: title, words (what it does), verb (the button), danger, reason ("required" or "optional"), fields (more of them),
 * line ({by, why}) → the command, and run ({by, why}) → a promise of the words that tell what was done.
 */
export function ask(wish) {
  const by = field("By", { name: "by", required: true, maxlength: "200", autocomplete: "username", value: remembered() }, "Your name. The audit log keeps it.");
  const why = field(wish.reason === "required" ? "Why" : "Why (optional)", { name: "why", maxlength: "1000", required: wish.reason === "required", autocomplete: "off" });
  const line = command("");
  const trouble = h("div");
  const go = h("button", { type: "submit", class: wish.danger ? "danger" : "primary" }, wish.verb);
  const form = h("form", { class: "act", novalidate: true },
    wish.words ? h("p", {}, wish.words) : "",
    (wish.fields || []).map((one) => one.box), by.box, why.box,
    h("div", { class: "field" }, h("span", { class: "label" }, "The same from a terminal"), line),
    trouble,
    h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), go));
  const dialog = h("dialog", { "aria-labelledby": "act-title" }, h("h2", { id: "act-title" }, wish.title), form);
  const signature = () => ({ by: by.input.value.trim(), why: why.input.value.trim() });
  const tell = () => line.say(wish.line(signature()));
  form.addEventListener("input", tell);
  tell();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = [by.input, why.input].find((input) => input.required && !input.value.trim());
    if (missing) {
      missing.setAttribute("aria-invalid", "true");
      replace(trouble, h("p", { class: "refusal", role: "alert" }, missing === by.input ? "Say who you are." : "Say why: it cannot be taken back."));
      missing.focus();
      return;
    }
    go.disabled = true;
    replace(trouble);
    try {
      remember(signature().by);
      const words = await wish.run(signature());
      dialog.close();
      say(words);
      await wish.done?.();
    } catch (error) {
      replace(trouble, refusal(error));
    } finally {
      go.disabled = false;
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  (by.input.value ? (wish.fields?.[0]?.input ?? why.input) : by.input).focus();
}
