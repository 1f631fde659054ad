// Streams and their subscriptions: who applies what, where each lane and each cursor is, and the versions of a schema.

import { act, get, info, Refused } from "./api.js";
import { ask, signed } from "./acts.js";
import { code, command, facts, h, heading, pill, quoted, replace, section, table } from "./dom.js";
import { ago, count, dateTime, rate } from "./format.js";

const LOOK_MILLIS = 2_000;

const TYPES = {
  exclusive: "One consumer. Order in the whole partition; when it dies, another may take over.",
  failover: "One active consumer for each partition, others stand by. Order in the whole partition.",
  key_shared: "Many consumers, each with keys of its own. Order per key.",
  shared: "Many consumers, no order.",
};

function pause(one, done) {
  ask({
    title: `Pause ${one.stream}/${one.subscription}`, verb: "Pause", reason: "optional", done,
    words: "Nothing of it is applied, in any process, until it is resumed: also after a restart. What is accepted waits in the topic.",
    line: ({ by, why }) => `./millrace lanes pause --stream ${quoted(one.stream)} --subscription ${quoted(one.subscription)}${signed(by, why)}`,
    run: async (signature) => {
      const answer = await act("POST", "lanes/pause", { ...signature, stream: one.stream, subscription: one.subscription });
      return answer.result === "already-paused" ? `${answer.pause.by} had paused it before.` : `${one.stream}/${one.subscription} is paused; its lanes follow within two seconds.`;
    },
  });
}

function resume(one, done) {
  ask({
    title: `Resume ${one.stream}/${one.subscription}`, verb: "Resume", reason: "optional", done,
    words: "Its lanes go on where they were.",
    line: ({ by, why }) => `./millrace lanes resume --stream ${quoted(one.stream)} --subscription ${quoted(one.subscription)}${signed(by, why)}`,
    run: async (signature) => {
      await act("POST", "lanes/resume", { ...signature, stream: one.stream, subscription: one.subscription });
      return `${one.stream}/${one.subscription} goes on.`;
    },
  });
}

/** What takes the broker: a process without it, or one that has lost it, says so and shows the rest. */
async function told(stream, what, signal) {
  try {
    return await get(`streams/${encodeURIComponent(stream)}/${what}`, {}, signal);
  } catch (error) {
    if (error instanceof Refused) {
      return { why: error.message };
    }
    throw error;
  }
}

const TONES = { added: "good", changed: "warn", removed: "bad" };

function schema(version, before) {
  return h("div", { class: "edition" },
    h("h3", {}, `Version ${version.version}`, " ", version.own ? pill("written by this process", "good") : ""),
    h("p", { class: "hint" }, `registered ${dateTime(version.registeredAt)}`),
    before === undefined ? "" : table(`What is different from version ${before.version}`, [
      { title: "Field", cell: (one) => code(one.field) }, { title: "Is", cell: (one) => pill(one.change, TONES[one.change]) },
      { title: `In version ${before.version}`, class: "wide", cell: (one) => one.before }, { title: `In version ${version.version}`, class: "wide", cell: (one) => one.after },
    ], version.changes, `No field differs from version ${before.version}.`),
    h("details", {}, h("summary", {}, "Definition"), h("pre", { tabindex: "0", "aria-label": `Definition of version ${version.version}` }, indented(version.definition))));
}

function indented(definition) {
  try {
    return JSON.stringify(JSON.parse(definition), null, 2);
  } catch {
    return definition;
  }
}

async function schemas(stream, signal) {
  const known = await told(stream, "schemas", signal);
  return section(`Schema of ${stream}`, known.versions === undefined ? h("p", { class: "none" }, known.why)
    : known.versions.map((version, index) => schema(version, known.versions[index - 1])).reverse());
}

export async function show(root, here, signal) {
  const process = await info(signal);
  const contracts = h("div");
  const subscriptions = h("div");
  root.append(heading("Streams and subscriptions"), h("p", { class: "intro" }, "Every lane of every process that tells of itself; one that has been silent for ten seconds is not shown."), subscriptions, contracts,
    h("section", { class: "aside" }, h("h2", { class: "label" }, "The same from a terminal"), command("./millrace lanes list")));

  const declared = process.subscriptions.map((one) => ({ stream: one.stream, subscription: one.name, type: one.type, lanes: one.lanes }));
  const streams = [...new Set(declared.map((one) => one.stream))];
  let shown = "";

  async function load() {
    const [board, ...cursors] = await Promise.all([get("lanes", {}, signal), ...streams.map((stream) => told(stream, "cursors", signal))]);
    const known = [...declared];
    [...board.lanes, ...board.paused].forEach((one) => {
      if (!known.some((other) => other.stream === one.stream && other.subscription === one.subscription)) {
        known.push({ stream: one.stream, subscription: one.subscription });
      }
    });
    const text = JSON.stringify([board, cursors]);
    if (text !== shown && !subscriptions.contains(document.activeElement)) {
      shown = text;
      replace(subscriptions, known.map((one) => card(one, board, cursors[streams.indexOf(one.stream)])));
    }
  }

  /** Also when the focus is on a button of it. */
  const reload = async () => {
    document.activeElement?.blur();
    shown = "";
    await load();
  };

  function card(one, board, cursors) {
    const mine = board.lanes.filter((lane) => lane.stream === one.stream && lane.subscription === one.subscription);
    const paused = board.paused.find((other) => other.stream === one.stream && other.subscription === one.subscription);
    const name = `${one.stream}/${one.subscription}`;
    return h("section", { class: "card subscription", "aria-label": name },
      h("header", {}, h("h2", {}, name), paused ? pill("paused") : pill(mine.length && mine.every((lane) => lane.state === "running") ? "running" : mine.length ? "not all run" : "no lane tells", mine.length && mine.every((lane) => lane.state === "running") ? "good" : "warn"),
        paused ? h("button", { type: "button", class: "primary", "aria-label": `Resume ${name}`, onclick: () => resume(one, reload) }, "Resume…") : h("button", { type: "button", "aria-label": `Pause ${name}`, onclick: () => pause(one, reload) }, "Pause…")),
      paused ? h("p", { class: "told" }, `Paused by ${paused.by} at ${dateTime(paused.at)}${paused.why ? `: ${paused.why}` : ""}`) : "",
      facts([
        ["Type", one.type ? one.type.replaceAll("_", "-") : ""], ["Which means", one.type ? TYPES[one.type] : ""],
        ["Lanes here", one.lanes === undefined ? "" : count(one.lanes)],
        ["Topic", code(`persistent://${process.tenant}/${process.namespace}/${one.stream}`)],
        ["Dead-letter topic", code(`persistent://${process.tenant}/${process.namespace}/${one.stream}-${one.subscription}-DLQ`)],
      ]),
      table(`Lanes of ${name}`, [
        { title: "Process", cell: (lane) => code(lane.process) }, { title: "Lane", class: "number", cell: (lane) => lane.lane },
        { title: "State", cell: (lane) => pill(lane.state) }, { title: "Events/s", class: "number", cell: (lane) => rate(lane.rate) },
        { title: "Acknowledged", cell: (lane) => (lane.position ? code(lane.position) : "") }, { title: "Waits for", class: "wide", cell: (lane) => lane.waitsFor || "" },
        { title: "Told", cell: (lane) => ago(lane.reportedAt) },
      ], mine, "No lane tells of itself."),
      h("h3", {}, "Cursor"), cursors === undefined || cursors.why ? h("p", { class: "none" }, cursors?.why ?? "This process does not serve the stream.") : table(`Cursor of ${name}`, [
        { title: "Partition", class: "number", cell: (place) => place.partition }, { title: "Acknowledged up to", cell: (place) => code(place.acknowledged) },
        { title: "Ranges beyond", class: "number", cell: (place) => count(place.rangesBeyond) }, { title: "Newest entry", cell: (place) => code(place.last) },
        { title: "Backlog, entries", class: "number", cell: (place) => count(place.backlogEntries) },
      ], cursors.cursors.filter((place) => place.subscription === one.subscription)));
  }

  await load();
  replace(contracts, await Promise.all(streams.map((stream) => schemas(stream, signal))));
  const ticking = setInterval(() => load().catch(() => {}), LOOK_MILLIS);
  signal.addEventListener("abort", () => clearInterval(ticking));
}
