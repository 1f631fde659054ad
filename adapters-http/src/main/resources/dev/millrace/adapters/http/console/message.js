// One message's life, as every table that knows of it tells, in the order of time.

import { get, info, Refused } from "./api.js";
import { field } from "./acts.js";
import { code, command, facts, h, heading, pill, quoted, replace, table } from "./dom.js";
import { clock, count, day, duration } from "./format.js";

const TITLES = {
  published: "Published to the topic", recorded: "Delivered and recorded", repeated: "A further copy arrived", failed: "A try failed",
  parked: "Parked", quarantined: "Went to quarantine", edit: "Edited", retry: "Put back for another try", discard: "Given up",
  applied: "Applied", rejected: "Rejected by a rule", "without-effect": "Recorded as applied, and its effect is missing",
};
const TONES = {
  failed: "bad", quarantined: "bad", "without-effect": "bad", parked: "warn", discard: "calm", rejected: "calm", repeated: "calm",
  edit: "person", retry: "person", release: "person", applied: "good", published: "calm", recorded: "calm",
};

function words(moment) {
  switch (moment.what) {
    case "published":
    case "recorded":
    case "repeated":
      return [h("p", {}, "Position ", code(moment.position)), moment.what === "repeated" ? h("p", {}, "It had no effect.") : ""];
    case "failed":
      return [
        h("p", {}, h("strong", {}, `Attempt ${moment.attempt}: `), code(moment.exception)),
        moment.message ? h("p", { class: "told" }, moment.message) : "",
        moment.frames.length ? h("details", {}, h("summary", {}, `Where: ${moment.frames[0]}`), h("pre", {}, moment.frames.join("\n"))) : "",
      ];
    case "parked":
      return [h("p", {}, moment.dueAt ? `It is tried again at ${clock(moment.dueAt)}, after ${count(moment.attempts)} failed tries.`
        : "It waits behind another event of its key, or its key waits for a person.")];
    case "quarantined":
      return [
        h("p", {}, h("strong", {}, moment.reason), moment.detail ? `: ${moment.detail}` : ""),
        h("p", {}, moment.detail ? h("a", { href: `#/quarantine/${moment.quarantineId}` }, `Stay ${moment.quarantineId} in quarantine`) : `Stay ${moment.quarantineId}, which is over`,
          moment.unpublished ? "; the dead-letter topic does not have it yet" : ""),
      ];
    case "applied":
      return [h("p", {}, moment.effect || "What its effect is, nobody here knows.")];
    case "rejected":
      return [h("p", {}, h("strong", {}, moment.reason))];
    default:
      return moment.by ? [
        h("p", {}, "By ", h("strong", {}, moment.by), moment.why ? `: ${moment.why}` : ""),
        moment.details?.redriveId ? h("p", {}, `With redrive ${moment.details.redriveId}`) : "",
        moment.details?.edition ? h("p", {}, `Edition ${moment.details.edition}`) : "",
      ] : [];
  }
}

function timeline(moments) {
  let before = null;
  let date = "";
  return h("ol", { class: "timeline" }, moments.map((moment) => {
    const at = moment.at ? new Date(moment.at).getTime() : null;
    const since = at !== null && before !== null ? `+${duration((at - before) / 1000)}` : "";
    const newDay = moment.at && day(moment.at) !== date ? day(moment.at) : "";
    before = at ?? before;
    date = newDay || date;
    return h("li", { class: TONES[moment.what] ?? "calm", "data-what": moment.what },
      h("div", { class: "when" }, newDay ? h("span", { class: "day" }, newDay) : "",
        moment.at ? h("time", { datetime: moment.at }, clock(moment.at, true)) : h("span", {}, "later"), since && since !== "+0 s" ? h("span", { class: "since" }, since) : ""),
      h("div", { class: "what" }, h("h3", {}, TITLES[moment.what] ?? moment.what), words(moment)));
  }));
}

function life(told, one) {
  return h("section", { class: "card life", "aria-label": `${told.stream}/${one.subscription}` },
    h("header", {}, h("h2", {}, `${told.stream}/${one.subscription}`), pill(one.state), one.reason ? h("span", { class: "reason" }, one.reason) : ""),
    facts([
      ["Key", one.key ? h("a", { href: `#/parked?key=${encodeURIComponent(one.key)}` }, one.key) : ""],
      ["Copies", count(one.copies)],
      ["Trace", one.traceId ? code(one.traceId) : ""],
      ["Digest", one.digest ? code(one.digest.slice(0, 16)) : ""],
    ]),
    timeline(one.moments));
}

/** Where the spans that came first stand in the tree, and how deep each is. */
function nested(spans) {
  const known = new Set(spans.map((span) => span.spanId));
  const below = (parent, depth) => spans.filter((span) => (known.has(span.parentId) ? span.parentId : "") === parent)
    .flatMap((span) => [{ span, depth }, ...below(span.spanId, depth + 1)]);
  return below("", 0);
}

const SHOWN = ["millrace.outcome", "millrace.attempt", "millrace.reason", "millrace.way", "error.type", "http.response.status_code", "millrace.edition", "millrace.redrive.id", "millrace.replay.id"];

function spans(trace) {
  const rows = nested(trace.spans);
  const start = new Date(trace.spans[0].startedAt).getTime();
  return h("section", { class: "card spans", "aria-label": `Trace ${trace.traceId}` },
    h("header", {}, h("h2", {}, "Spans"), code(trace.traceId)),
    table(`Spans of trace ${trace.traceId}`, [
      { title: "After", class: "number", cell: ({ span }) => duration((new Date(span.startedAt).getTime() - start) / 1000) },
      { title: "Span", cell: ({ span, depth }) => h("span", { class: `depth-${Math.min(depth, 4)}` }, span.name) },
      { title: "Took", class: "number", cell: ({ span }) => duration(span.durationSeconds) },
      { title: "More", class: "wide", cell: ({ span }) => [span.failed ? pill("failed") : "", h("span", { class: "told" }, SHOWN.filter((name) => span.attributes[name]).map((name) => `${name.replace(/^millrace\./, "")} ${span.attributes[name]}`).join(", "))] },
    ], rows));
}

const POSITION = /^\d+:\d+:\d+:\d+$/;

const notFound = (error) => error instanceof Refused && error.status === 404;

/** Also an ID may look like a position, so it is taken for one only where nothing has that ID. */
async function find(stream, wanted, signal) {
  const path = `streams/${encodeURIComponent(stream)}`;
  try {
    return await get(`${path}/messages/${encodeURIComponent(wanted)}/life`, {}, signal);
  } catch (error) {
    if (!notFound(error) || !POSITION.test(wanted)) {
      throw error;
    }
  }
  const copy = await get(`${path}/positions/${wanted}`, {}, signal);
  if (!copy.messageId) {
    throw new Refused(404, { detail: `The copy at ${wanted} has no message ID: look for it in quarantine.` });
  }
  return get(`${path}/messages/${encodeURIComponent(copy.messageId)}/life`, {}, signal);
}

export async function show(root, here, signal) {
  const { streams } = await info(signal);
  const [stream = streams[0], messageId = ""] = here.parts;
  const which = field("Stream", { tag: "select", options: streams, name: "stream" });
  which.input.value = stream;
  const id = field("Message ID or position", { name: "messageId", value: messageId, autocomplete: "off", spellcheck: "false", required: true });
  const found = h("div", { class: "found" });
  const form = h("form", { class: "search", role: "search", "aria-label": "Look a message up" }, which.box, id.box, h("button", { type: "submit", class: "primary" }, "Look up"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = id.input.value.trim();
    if (wanted) {
      location.hash = `#/message/${encodeURIComponent(which.input.value)}/${encodeURIComponent(wanted)}`;
    }
  });
  root.append(heading("Message"), h("p", { class: "intro" }, "What happened to one event, in order: every copy, try, wait and act, as the tables have it; then the spans that this process has kept of it."), form, found);
  if (!messageId) {
    id.input.focus();
    return;
  }
  try {
    const told = await find(stream, messageId, signal);
    const { traces } = await get("traces", { messageId: told.messageId }, signal);
    replace(found, told.subscriptions.map((one) => life(told, one)), traces.map(spans),
      h("section", { class: "aside" }, h("h2", { class: "label" }, "The same from a terminal"), command(`./millrace trace ${quoted(told.messageId)} --stream ${quoted(stream)}`)));
  } catch (error) {
    if (!notFound(error)) {
      throw error;
    }
    replace(found, h("p", { class: "none" }, `No subscription knows of ${messageId} in ${stream}. It may not have been delivered yet, or its record is older than the horizon.`));
  }
}
