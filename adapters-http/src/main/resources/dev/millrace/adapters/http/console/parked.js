// The keys that wait: how long, for what, and one of them tried now.

import { act, get } from "./api.js";
import { ask, field, signed } from "./acts.js";
import { command, h, heading, pill, quoted, replace, table } from "./dom.js";
import { ago, bytes, clock, count, dateTime } from "./format.js";

const PAGE = 50;

function release(key, done) {
  ask({
    title: `Release key ${key.key}`, verb: "Try it now", reason: "optional", done,
    words: `The head, ${key.head.messageId}, is tried now instead of later, and the rest after it.`,
    line: ({ by, why }) => `./millrace parked release ${quoted(key.key)} --stream ${quoted(key.stream)} --subscription ${quoted(key.subscription)}${signed(by, why)}`,
    run: async (signature) => {
      const answer = await act("POST", "parked/release", { ...signature, stream: key.stream, subscription: key.subscription, key: key.key });
      return `Key ${key.key} is due: ${count(answer.events)} events.`;
    },
  });
}

export async function show(root, here, signal) {
  const filter = { key: here.query.key || "", subscription: here.query.subscription || "" };
  const wanted = field("Key", { name: "key", value: filter.key, autocomplete: "off", spellcheck: "false" });
  const of = field("Subscription", { name: "subscription", value: filter.subscription, autocomplete: "off", spellcheck: "false" });
  const form = h("form", { class: "search", role: "search", "aria-label": "Filter" }, wanted.box, of.box, h("button", { type: "submit", class: "primary" }, "Filter"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = `#/parked?${new URLSearchParams(Object.entries({ key: wanted.input.value.trim(), subscription: of.input.value.trim() }).filter(([, value]) => value))}`;
  });
  const keys = h("div");
  root.append(heading("Parked"), h("p", { class: "intro" }, "The keys of which an event failed: it is tried again when it is due, and what came after it waits behind it, in order."), form,
    h("section", { class: "card" }, h("h2", { class: "unseen" }, "Keys"), keys),
    h("section", { class: "aside" }, h("h2", { class: "label" }, "The same from a terminal"), command(`./millrace parked list${filter.key ? ` --key ${quoted(filter.key)}` : ""}${filter.subscription ? ` --subscription ${quoted(filter.subscription)}` : ""}`)));

  async function load() {
    const page = await get("parked", { ...filter, limit: PAGE }, signal);
    showKeys(page.keys, page.next);
  }

  function showKeys(shown, next) {
    const more = h("button", { type: "button" }, "Show more");
    more.addEventListener("click", async () => {
      more.disabled = true;
      const page = await get("parked", { ...filter, limit: PAGE, after: next }, signal);
      showKeys([...shown, ...page.keys], page.next);
    });
    replace(keys, table("Keys that wait", [
      { title: "Key", cell: (one) => h("strong", {}, one.key) },
      { title: "Subscription", cell: (one) => `${one.stream}/${one.subscription}` },
      { title: "Events", class: "number", cell: (one) => count(one.events) },
      { title: "Size", class: "number", cell: (one) => bytes(one.bytes) },
      { title: "Head", cell: (one) => (one.head ? h("a", { href: `#/message/${encodeURIComponent(one.stream)}/${encodeURIComponent(one.head.messageId)}` }, one.head.messageId) : "") },
      { title: "Waits", cell: (one) => (one.head ? h("time", { datetime: one.head.parkedAt, title: dateTime(one.head.parkedAt) }, ago(one.head.parkedAt).replace(" ago", "")) : "") },
      { title: "For", class: "wide", cell: (one) => (one.awaitsPerson ? h("span", {}, pill("a person", "bad"), " ", h("a", { href: `#/quarantine/${one.quarantineId}` }, `event ${one.quarantineId}`))
        : h("span", {}, pill("another try", "warn"), one.head?.dueAt ? ` ${count(one.head.attempts)} failed, due at ${clock(one.head.dueAt)}` : "")) },
      { title: "Acts", hidden: true, class: "acts", cell: (one) => (one.awaitsPerson || !one.head ? "" : h("button", { type: "button", "aria-label": `Release ${one.key}`, onclick: () => release(one, load) }, "Release…")) },
    ], shown, filter.key || filter.subscription ? "Nothing matches." : "No key waits."), next ? more : "");
  }

  await load();
}
