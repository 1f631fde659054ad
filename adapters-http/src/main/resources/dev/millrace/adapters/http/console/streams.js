// Streams and their subscriptions: who applies what, where each lane is, and whether it may.

import { act, get, info } from "./api.js";
import { ask, signed } from "./acts.js";
import { code, command, facts, h, heading, pill, quoted, replace, table } from "./dom.js";
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

export async function show(root, here, signal) {
  const process = await info(signal);
  const subscriptions = h("div");
  root.append(heading("Streams and subscriptions"), h("p", { class: "intro" }, "Every lane of every process that tells of itself; one that has been silent for ten seconds is not shown."), subscriptions,
    h("section", { class: "aside" }, h("h2", { class: "label" }, "The same from a terminal"), command("./millrace lanes list")));

  const declared = process.subscriptions.map((one) => ({ stream: one.stream, subscription: one.name, type: one.type, lanes: one.lanes }));
  let shown = "";

  async function load() {
    const board = await get("lanes", {}, signal);
    const known = [...declared];
    [...board.lanes, ...board.paused].forEach((one) => {
      if (!known.some((other) => other.stream === one.stream && other.subscription === one.subscription)) {
        known.push({ stream: one.stream, subscription: one.subscription });
      }
    });
    const text = JSON.stringify(board);
    if (text !== shown && !subscriptions.contains(document.activeElement)) {
      shown = text;
      replace(subscriptions, known.map((one) => card(one, board)));
    }
  }

  /** Also when the focus is on a button of it. */
  const reload = async () => {
    document.activeElement?.blur();
    shown = "";
    await load();
  };

  function card(one, board) {
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
      ], mine, "No lane tells of itself."));
  }

  await load();
  const ticking = setInterval(() => load().catch(() => {}), LOOK_MILLIS);
  signal.addEventListener("abort", () => clearInterval(ticking));
}
