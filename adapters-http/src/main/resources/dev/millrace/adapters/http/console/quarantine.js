// The events that need a person: why, which, one of them whole, and what can be done about them.

import { act, get, Refused } from "./api.js";
import { ask, field, refusal, say, signed } from "./acts.js";
import { code, command, facts, h, heading, pill, quoted, replace, section, table } from "./dom.js";
import { ago, count, dateTime, hexDump, rate } from "./format.js";

const PAGE = 50;
const WATCH_MILLIS = 700;
/** What another try cannot help. */
const HOPELESS = ["conflict", "undecodable", "beyond-horizon"];
const FILTERS = [
  ["stream", "Stream", "--stream"], ["subscription", "Subscription", "--subscription"], ["key", "Key", "--key"],
  ["reason", "Reason", "--reason"], ["cause", "Cause", "--cause"], ["messageId", "Message ID", ""],
];

const options = (filter) => FILTERS.filter(([name, , option]) => option && filter[name]).map(([name, , option]) => ` ${option} ${quoted(filter[name])}`).join("");
const address = (filter) => `#/quarantine?${new URLSearchParams(Object.entries(filter).filter(([, value]) => value))}`;

function retry(event, done) {
  ask({
    title: `Retry ${event.messageId}`, verb: "Retry", reason: "optional", done,
    words: `It goes back to its place among the parked events of key ${event.key} and is tried at once. Nothing is published.`,
    line: ({ by, why }) => `./millrace quarantine retry ${event.id}${signed(by, why)}`,
    run: async (signature) => {
      await act("POST", `quarantine/${event.id}/retry`, signature);
      return `${event.messageId} is being tried again.`;
    },
  });
}

function discard(event, done) {
  ask({
    title: `Discard ${event.messageId || `the copy at ${event.position}`}`, verb: "Discard for good", danger: true, reason: "required", done,
    words: "It is given up, for good: it never takes effect, and its key goes on without it.",
    line: ({ by, why }) => `./millrace quarantine discard ${event.id}${signed(by, why || "REASON")}`,
    run: async (signature) => {
      const answer = await act("POST", `quarantine/${event.id}/discard`, signature);
      return `It is discarded; its key ${answer.keyGoesOn ? "goes on" : "still waits for another event"}.`;
    },
  });
}

function retryAll(filter, matching, done) {
  const speed = field("At most, events per second", { name: "rate", type: "number", min: "1", max: "1000", value: "100" }, "It begins with one a second and doubles while they come out well.");
  ask({
    title: "Retry all that match", verb: "Start the redrive", reason: "optional", done, fields: [speed],
    words: `${matching} A job retries every event that the filter means and that can be retried, in order per key. It stops by itself when too many fail.`,
    line: ({ by, why }) => `./millrace quarantine retry${options(filter) || " --all"} --rate ${speed.input.value || 100}${signed(by, why)}`,
    run: async (signature) => {
      const { messageId: _, ...meant } = Object.fromEntries(Object.entries(filter).filter(([, value]) => value));
      const job = await act("POST", "redrives", { ...signature, filter: meant, rate: Number(speed.input.value) });
      return `Redrive ${job.id} runs.`;
    },
  });
}

/** The job as it goes on, until it has ended. */
function redrive(job, signal, ended) {
  const box = h("section", { class: "job", "aria-label": `Redrive ${job.id}` });
  const bar = h("progress", { max: 1, "aria-label": `Progress of redrive ${job.id}` });
  const state = h("span", {});
  const figures = h("p", {});
  const cancel = h("button", { type: "button" }, "Cancel");
  box.append(h("header", {}, h("h3", {}, `Redrive ${job.id}`), state, cancel), bar, figures);
  cancel.addEventListener("click", () => ask({
    title: `Cancel redrive ${job.id}`, verb: "Cancel the redrive", reason: "optional",
    words: "It retries nothing more; what it has retried stays so.",
    line: ({ by, why }) => `./millrace redrive cancel ${job.id}${signed(by, why)}`,
    run: async (signature) => {
      tell(await act("POST", `redrives/${job.id}/cancel`, signature));
      return `Redrive ${job.id} is cancelled.`;
    },
  }));

  function tell(now) {
    job = now;
    bar.max = Math.max(1, now.retried + now.remaining);
    bar.value = now.retried;
    replace(state, pill(now.state));
    figures.textContent = `${count(now.retried)} retried: ${count(now.succeeded)} succeeded, ${count(now.failed)} failed; ${count(now.remaining)} remain. `
      + `${rate(now.rate)} per second of at most ${rate(now.maxRate)}. By ${now.by}${now.why ? `: ${now.why}` : ""}${now.detail ? ` (${now.detail})` : ""}`;
    cancel.hidden = now.state !== "running";
  }

  async function watch() {
    while (job.state === "running" && !signal.aborted) {
      await new Promise((resolve) => { setTimeout(resolve, WATCH_MILLIS); });
      if (signal.aborted) {
        return;
      }
      try {
        tell(await get(`redrives/${job.id}`, {}, signal));
      } catch (error) {
        if (error.name === "AbortError") {
          return;
        }
        figures.textContent = `The service does not answer; asking again. ${error.message}`;
      }
    }
    if (!signal.aborted) {
      say(`Redrive ${job.id} is ${job.state}: ${count(job.succeeded)} succeeded, ${count(job.failed)} failed.`, job.failed ? "warn" : "good");
      ended();
    }
  }

  tell(job);
  if (job.state === "running") {
    watch();
  }
  return box;
}

async function allRedrives(signal) {
  const jobs = [];
  for (let after = ""; after !== undefined;) {
    const page = await get("redrives", { after, limit: 1000 }, signal);
    jobs.push(...page.redrives);
    after = page.next;
  }
  return jobs;
}

async function list(root, here, signal) {
  const filter = Object.fromEntries(FILTERS.map(([name]) => [name, here.query[name] || ""]));
  const inputs = FILTERS.map(([name, title]) => ({ name, ...field(title, { name, value: filter[name], autocomplete: "off", spellcheck: "false" }) }));
  const form = h("form", { class: "search filters", role: "search", "aria-label": "Filter" }, inputs.map((one) => one.box),
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, "Filter"), h("button", { type: "button", onclick: () => { location.hash = "#/quarantine"; } }, "Clear")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = address(Object.fromEntries(inputs.map((one) => [one.name, one.input.value.trim()])));
  });
  const jobs = h("div", { class: "jobs" });
  const causes = h("div");
  const events = h("div");
  const all = h("button", { type: "button" }, "Retry all that match…");
  const filtered = Object.values(filter).some(Boolean);
  root.append(heading("Quarantine", all), h("p", { class: "intro" }, "The events that need a person. Whatever is done here never publishes: it changes a state in the database, in order per key, and the audit log keeps who did it."), jobs,
    h("details", { class: "card filter", open: filtered }, h("summary", {}, "Filter"), form),
    section("Causes", causes), section("Events", events),
    h("section", { class: "aside" }, h("h2", { class: "label" }, "The same from a terminal"), command(`./millrace quarantine list${options(filter)}${filter.messageId ? ` --message-id ${quoted(filter.messageId)}` : ""}`)));

  async function load() {
    const [groups, page, running] = await Promise.all([
      get("quarantine/causes", filter, signal), get("quarantine", { ...filter, limit: PAGE }, signal), allRedrives(signal)]);
    const matching = groups.causes.reduce((total, cause) => total + cause.events, 0);
    all.disabled = matching === 0 || filter.messageId !== "";
    all.onclick = () => retryAll(filter, `${groups.causes.some((cause) => cause.more) ? "More than " : ""}${count(matching)} events match.`, load);
    showJobs(running);
    replace(causes, groups.causes.length === 0 ? h("p", { class: "none" }, filtered ? "Nothing matches." : "Nothing needs a person.")
      : h("ul", { class: "causes" }, groups.causes.map((cause) => {
        const meant = { ...filter, stream: cause.stream, subscription: cause.subscription, reason: cause.reason, cause: cause.cause };
        return h("li", {},
          h("p", { class: "how-many" }, h("strong", {}, `${count(cause.events)}${cause.more ? "+" : ""}`), cause.events === 1 ? " event, " : " events, ", h("span", {}, `${count(cause.keys)}${cause.more ? "+" : ""} ${cause.keys === 1 ? "key" : "keys"}`)),
          h("div", { class: "why" }, h("p", {}, pill(cause.reason, "bad"), h("span", { class: "place" }, `${cause.stream}/${cause.subscription}`)), h("p", { class: "told" }, cause.cause),
            h("p", { class: "hint" }, `from ${dateTime(cause.oldest)} to ${dateTime(cause.newest)}`)),
          h("div", { class: "buttons" }, h("a", { class: "button", href: address(meant) }, "Show"),
            HOPELESS.includes(cause.reason) ? "" : h("button", { type: "button", "aria-label": `Retry all ${cause.reason} of ${cause.subscription}: ${cause.cause}`, onclick: () => retryAll(meant, "", load) }, "Retry group…")));
      })));
    showEvents(page.events, page.next);
  }

  function showJobs(known) {
    const shown = known.filter((job) => job.state === "running");
    const lately = known.filter((job) => job.state !== "running" && Date.now() - new Date(job.endedAt).getTime() < 600_000).slice(-3);
    replace(jobs, [...shown, ...lately].map((job) => redrive(job, signal, load)));
  }

  function showEvents(shown, next) {
    const more = h("button", { type: "button" }, "Show more");
    more.addEventListener("click", async () => {
      more.disabled = true;
      const page = await get("quarantine", { ...filter, limit: PAGE, after: next }, signal);
      showEvents([...shown, ...page.events], page.next);
    });
    replace(events, table("Events in quarantine", [
      { title: "ID", class: "number", cell: (one) => h("a", { href: `#/quarantine/${one.id}` }, one.id) },
      { title: "Message ID", cell: (one) => (one.messageId ? h("a", { href: `#/message/${encodeURIComponent(one.stream)}/${encodeURIComponent(one.messageId)}` }, one.messageId) : "") },
      { title: "Key", cell: (one) => one.key },
      { title: "Reason", cell: (one) => pill(one.reason, "bad") },
      { title: "Detail", class: "wide", cell: (one) => h("span", { class: "told" }, one.detail) },
      { title: "Attempts", class: "number", cell: (one) => count(one.attemptCount) },
      { title: "Since", cell: (one) => h("time", { datetime: one.quarantinedAt, title: dateTime(one.quarantinedAt) }, ago(one.quarantinedAt)) },
      { title: "Acts", hidden: true, class: "acts", cell: (one) => h("div", { class: "buttons" },
        one.retriable ? h("button", { type: "button", "aria-label": `Retry ${one.id}`, onclick: () => retry(one, load) }, "Retry…") : "",
        h("button", { type: "button", class: "quiet", "aria-label": `Discard ${one.id}`, onclick: () => discard(one, load) }, "Discard…")) },
    ], shown, filtered ? "Nothing matches." : "Nothing is in quarantine."), next ? more : "");
  }

  await load();
}

function editor(event, editions, reload) {
  const latest = editions.at(-1);
  const text = h("textarea", { id: "event-json", rows: Object.keys(latest.event).length + 3, spellcheck: "false", autocomplete: "off", "aria-describedby": "event-hint" });
  text.value = JSON.stringify(latest.event, null, 2);
  const trouble = h("div");
  const save = h("button", { type: "submit", class: "primary" }, "Save this edition…");
  const form = h("form", { class: "editor" }, h("label", { for: "event-json" }, `The event, as the gate takes it (you see edition ${event.edition})`), text,
    h("p", { class: "hint", id: "event-hint" }, "The same rules as at the gate, the same key, the same message ID. What came is kept."), trouble, h("div", { class: "buttons" }, save));
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    replace(trouble);
    let content;
    try {
      content = JSON.parse(text.value);
    } catch (error) {
      replace(trouble, h("p", { class: "refusal", role: "alert" }, `This is not JSON: ${error.message}`));
      text.focus();
      return;
    }
    ask({
      title: `Edit ${event.messageId}`, verb: "Save the edition", reason: "required", done: reload,
      words: "It gets this content and stays in quarantine; a retry tries it.",
      line: ({ by, why }) => `./millrace quarantine edit ${event.id} --edition ${event.edition} --event event.json${signed(by, why || "REASON")}`,
      run: async (signature) => {
        const answer = await act("PUT", `quarantine/${event.id}/payload`, { ...signature, edition: event.edition, event: content });
        return `${event.messageId} is at edition ${answer.edition} now.`;
      },
    });
  });
  return form;
}

function contents(event, editions) {
  const dump = hexDump(event.payload);
  const decoded = editions.map((edition) => h("div", { class: "edition" },
    editions.length > 1 ? h("h3", {}, edition.edition === 0 ? "As it came" : `Edition ${edition.edition}`) : "",
    edition.illegible !== undefined ? h("p", { class: "none" }, `Nothing reads it: ${edition.illegible}`) : h("pre", { tabindex: "0", "aria-label": `Decoded payload, edition ${edition.edition}` }, JSON.stringify(edition.event, null, 2))));
  return h("div", { class: "beside" },
    h("div", {}, h("h3", { class: "label" }, "Decoded"), decoded.length ? decoded : h("p", { class: "none" }, "This process has no broker to ask for the schema: look at it in a worker's console.")),
    h("div", {}, h("h3", { class: "label" }, `Raw, as it came: ${count(dump.size)} bytes, schema version ${event.schemaVersion || "none"}`),
      h("pre", { class: "bytes", tabindex: "0", "aria-label": "Raw bytes" }, dump.text || "no bytes")));
}

async function one(root, id, signal) {
  const event = await get(`quarantine/${id}`, {}, signal);
  let editions = [];
  try {
    ({ editions } = await get(`quarantine/${id}/event`, {}, signal));
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw error;
    }
  }
  const reload = async () => {
    replace(root);
    await show(root, { parts: [id], query: {} }, signal);
  };
  const back = () => { location.hash = "#/quarantine"; };
  root.append(
    h("p", { class: "back" }, h("a", { href: "#/quarantine" }, "‹ Quarantine")),
    heading(event.messageId || `Copy at ${event.position}`, pill(event.reason, "bad")),
    h("p", { class: "intro told" }, event.detail),
    h("div", { class: "buttons row" },
      event.retriable ? h("button", { type: "button", class: "primary", onclick: () => retry(event, back) }, "Retry…") : h("p", { class: "hint" }, "Another try cannot help; it can be discarded."),
      h("button", { type: "button", class: "quiet", onclick: () => discard(event, back) }, "Discard…"),
      event.messageId ? h("a", { class: "button", href: `#/message/${encodeURIComponent(event.stream)}/${encodeURIComponent(event.messageId)}` }, "Its whole life") : ""),
    section("What it is", facts([
      ["ID", event.id], ["Subscription", `${event.stream}/${event.subscription}`], ["Key", event.key ? h("a", { href: `#/parked?key=${encodeURIComponent(event.key)}` }, event.key) : ""],
      ["Position", code(event.position)], ["Published", dateTime(event.publishedAt)], ["In quarantine since", `${dateTime(event.quarantinedAt)}, ${ago(event.quarantinedAt)}`],
      ["Edition", event.edition], ["Digest", event.digest ? code(event.digest) : ""],
      ...Object.entries(event.properties).map(([name, value]) => [`Property ${name}`, code(value)]),
    ])),
    section("What it says", contents(event, editions)),
    event.attempts.length ? section("Attempts", h("ol", { class: "attempts" }, event.attempts.map((attempt) => h("li", {},
      h("p", {}, h("strong", {}, `Attempt ${attempt.number}`), ` at ${dateTime(attempt.at)}`), h("p", {}, code(attempt.exception)), attempt.message ? h("p", { class: "told" }, attempt.message) : "",
      attempt.frames.length ? h("details", {}, h("summary", {}, `Where: ${attempt.frames[0]}`), h("pre", {}, attempt.frames.join("\n"))) : "")))) : "",
    event.edits.length ? section("Edits", table("Edits", [
      { title: "Edition", class: "number", cell: (edit) => edit.edition }, { title: "By", cell: (edit) => edit.by }, { title: "At", cell: (edit) => dateTime(edit.at) },
      { title: "Why", class: "wide", cell: (edit) => edit.why }], event.edits)) : "",
    event.retriable && editions.at(-1)?.event ? section("Edit it", editor(event, editions, reload)) : "",
    h("section", { class: "aside" }, h("h2", { class: "label" }, "The same from a terminal"), command(`./millrace quarantine show ${event.id}`)));
}

export async function show(root, here, signal) {
  const [id] = here.parts;
  if (id === undefined || id === "") {
    await list(root, here, signal);
    return;
  }
  try {
    await one(root, id, signal);
  } catch (error) {
    if (signal.aborted) {
      return;
    }
    replace(root, h("p", { class: "back" }, h("a", { href: "#/quarantine" }, "‹ Quarantine")), heading(`Event ${id}`), refusal(error));
  }
}
