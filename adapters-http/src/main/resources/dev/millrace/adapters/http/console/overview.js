// The flow from the gate to the database, live; and what waits beside it.

import { get, info, readiness, Refused } from "./api.js";
import { facts, h, heading, pill, replace, section, svg, table } from "./dom.js";
import { clock, count, duration, rate } from "./format.js";
import { sparkline } from "./sparkline.js";

const KEPT_MILLIS = 900_000;
const SAMPLE_MILLIS = 5_000;
const PAGE = 50;
const STALE_MILLIS = 5_000;
const FIRST_RETRY_MILLIS = 2_000;
const LONGEST_RETRY_MILLIS = 30_000;

const SERIES = [
  { name: "acceptedRate", title: "Accepted per second", format: rate },
  { name: "appliedRate", title: "Applied per second", format: rate },
  { name: "backlogEntries", title: "Backlog, entries", format: count },
  { name: "lagP99Seconds", title: "Lag, p99", format: duration },
  { name: "publishP99Seconds", title: "Publish, p99", format: duration },
];

const sum = (list, name) => {
  const known = list.map((one) => one[name]).filter((value) => value !== null && value !== undefined);
  return known.length ? known.reduce((total, value) => total + value, 0) : null;
};

const most = (list, name) => {
  const known = list.map((one) => one[name]).filter((value) => value !== null && value !== undefined);
  return known.length ? Math.max(...known) : null;
};

/** What of a status is kept for the small pictures. */
function sample(status) {
  const all = status.subscriptions || [];
  return {
    at: new Date(status.at).getTime(),
    acceptedRate: status.gate?.acceptedRate ?? null,
    appliedRate: sum(all, "appliedRate"),
    backlogEntries: sum(all, "backlogEntries"),
    lagP99Seconds: most(all, "lagP99Seconds"),
    publishP99Seconds: status.gate?.publishP99Seconds ?? null,
  };
}

function station(title, below) {
  const figure = h("strong", { class: "figure" }, "–");
  const unit = h("span", { class: "unit" }, below);
  const rows = h("dl", { class: "facts" });
  return {
    box: h("li", { class: "station" }, h("h3", {}, title), h("p", { class: "lead" }, figure, unit), rows),
    tell(value, pairs) {
      figure.textContent = value;
      replace(rows, pairs.filter(([, text]) => text !== undefined && text !== null)
        .map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text))));
    },
  };
}

function channel() {
  const box = h("li", { class: "channel", "aria-hidden": "true" },
    svg("svg", { viewBox: "0 0 64 16", preserveAspectRatio: "none" }, svg("path", { class: "water", d: "M0 8H64" })));
  return { box, flow: (perSecond) => box.classList.toggle("flows", perSecond > 0) };
}

function tile(title, href) {
  const figure = h("strong", {}, "–");
  const more = h("span", { class: "more" });
  const box = h("a", { class: "tile", href }, h("span", { class: "name" }, title), figure, more);
  return {
    box,
    tell(value, words, alarmed) {
      figure.textContent = value;
      more.textContent = words;
      box.classList.toggle("alarmed", alarmed);
    },
  };
}

function laneWords(subscriptions) {
  const states = {};
  subscriptions.forEach((one) => Object.entries(one.lanes || {}).forEach(([state, lanes]) => {
    const word = state.toLowerCase().replaceAll("_", "-");
    states[word] = (states[word] || 0) + lanes;
  }));
  const there = Object.entries(states).filter(([, lanes]) => lanes > 0);
  return there.length ? h("span", { class: "pills" }, there.map(([state, lanes]) => {
    const shown = pill(state);
    shown.prepend(`${lanes} `);
    return shown;
  })) : undefined;
}

const pair = (first, second) => (first === undefined && second === undefined ? undefined : `${duration(first)} / ${duration(second)}`);

export async function show(root, here, signal) {
  const state = h("p", { class: "live", role: "status" }, pill("connecting"));
  const verdict = h("div");
  const gate = station("Gate", "accepted per second");
  const topic = station("Topic", "entries of backlog");
  const lanes = station("Lanes", "applied per second");
  const database = station("Database", "transaction, p99");
  const channels = [channel(), channel(), channel()];
  const tiles = {
    parked: tile("Parked", "#/parked"),
    quarantined: tile("In quarantine", "#/quarantine"),
    outbox: tile("Dead letters to publish", "#/streams"),
    rejected: tile("Rejected per second", "#/streams"),
  };
  const charts = SERIES.map((series) => ({ ...series, chart: sparkline(series.title, series.format) }));
  const subscriptions = h("div");
  const picture = h("ol", { class: "flow" }, gate.box, channels[0].box, topic.box, channels[1].box, lanes.box, channels[2].box, database.box);
  const health = h("div");
  root.append(heading("Overview", state), health, verdict,
    h("section", { class: "live-part", "aria-label": "The flow of events" }, h("h2", { class: "unseen" }, "The flow of events"), picture),
    h("div", { class: "tiles" }, Object.values(tiles).map((one) => one.box)),
    h("div", { class: "live-part" }, section("The last 15 minutes", h("div", { class: "charts" }, charts.map((one) => one.chart.box)))),
    section("Subscriptions", subscriptions));

  let samples = [];
  let heard = 0;
  let last = null;

  function draw() {
    charts.forEach(({ name, chart }) => chart.draw(samples.map((one) => ({ at: one.at, value: one[name] })), Date.now(), KEPT_MILLIS));
  }

  function tell(status) {
    heard = Date.now();
    last = status;
    const all = status.subscriptions || [];
    const one = sample(status);
    samples = samples.filter((kept) => one.at - kept.at < KEPT_MILLIS);
    if (!samples.length || one.at - samples.at(-1).at >= SAMPLE_MILLIS) {
      samples.push(one);
    }
    gate.tell(rate(status.gate?.acceptedRate), status.gate ? [
      ["Refused", `${rate(status.gate.refusedRate)} per second`],
      ["Publish p50/p99", pair(status.gate.publishP50Seconds, status.gate.publishP99Seconds)],
      ["In flight", `${count(status.gate.inFlight)} of ${count(status.gate.inFlightLimit)}`],
    ] : [["Role", "not of this process"]]);
    topic.tell(count(sum(all, "backlogEntries")), [
      ["Events, estimated", count(sum(all, "backlogEvents"))],
      ["Oldest waits for", duration(most(all, "backlogAgeSeconds"))],
    ]);
    lanes.tell(rate(sum(all, "appliedRate")), [
      ["Lag p50/p99", pair(most(all, "lagP50Seconds"), most(all, "lagP99Seconds"))],
      ["Lanes", laneWords(all)],
      ["Breaker", all.length ? h("span", { class: "pills" }, [...new Set(all.map((sub) => sub.breaker).filter(Boolean))].map((word) => pill(word.toLowerCase()))) : undefined],
    ]);
    database.tell(duration(most(all, "transactionP99Seconds")), [
      ["Transaction, p50", duration(most(all, "transactionP50Seconds"))],
      ["Connections", status.database ? `${count(status.database.connectionsActive)} of ${count(status.database.connectionsMax)}` : undefined],
      ["Waiting for one", status.database ? count(status.database.connectionsWaiting) : undefined],
    ]);
    channels[0].flow(status.gate?.acceptedRate ?? 0);
    channels[1].flow(sum(all, "appliedRate") ?? 0);
    channels[2].flow(sum(all, "appliedRate") ?? 0);
    const parkedEvents = sum(all, "parkedEvents");
    tiles.parked.tell(count(parkedEvents), parkedEvents ? `${count(sum(all, "parkedKeys"))} keys, for ${duration(most(all, "oldestParkedSeconds"))}` : "no key waits", parkedEvents > 0);
    const quarantined = sum(all, "quarantined");
    tiles.quarantined.tell(count(quarantined), quarantined ? "need a person" : "nothing needs a person", quarantined > 0);
    const outbox = sum(all, "outboxEvents");
    tiles.outbox.tell(count(outbox), outbox ? `the oldest for ${duration(most(all, "outboxOldestSeconds"))}` : "all are in the dead-letter topic", most(all, "outboxOldestSeconds") > 60);
    tiles.rejected.tell(rate(sum(all, "rejectedRate")), "by a business rule", false);
    const found = status.bottleneck;
    replace(verdict, found ? h("aside", { class: `verdict ${found.kind === "none" ? "good" : "warn"}`, "aria-label": "Bottleneck" },
      pill(found.kind === "none" ? "no bottleneck" : found.kind, found.kind === "none" ? "good" : "warn"),
      h("p", {}, h("strong", {}, found.verdict), found.advice ? h("span", {}, ` ${found.advice}`) : "")) : "");
    showHealth(status.ready, status.conditions || []);
    showSubscriptions(all);
    showState();
    draw();
  }

  function showHealth(ready, conditions) {
    const unmet = conditions.filter((condition) => !condition.met);
    replace(health, ready || !unmet.length ? "" : h("aside", { class: "verdict bad", "aria-label": "Readiness" }, pill("not ready", "bad"),
      h("ul", {}, unmet.map((condition) => h("li", {}, h("strong", {}, condition.name), ` ${condition.detail}`)))));
  }

  function showSubscriptions(all) {
    replace(subscriptions, table("Subscriptions", [
      { title: "Subscription", cell: (one) => h("a", { href: "#/streams" }, `${one.stream}/${one.subscription}`) },
      { title: "Type", cell: (one) => one.type?.toLowerCase().replaceAll("_", "-") },
      { title: "Applied/s", class: "number", cell: (one) => rate(one.appliedRate) },
      { title: "Backlog", class: "number", cell: (one) => count(one.backlogEntries) },
      { title: "Lag p99", class: "number", cell: (one) => duration(one.lagP99Seconds) },
      { title: "Parked", class: "number", cell: (one) => count(one.parkedEvents) },
      { title: "Quarantined", class: "number", cell: (one) => count(one.quarantined) },
      { title: "Breaker", cell: (one) => (one.breaker ? pill(one.breaker.toLowerCase()) : "") },
    ], all, "This process serves no subscription."));
  }

  function showState() {
    const silence = Date.now() - heard;
    const stale = heard > 0 && silence > STALE_MILLIS;
    root.classList.toggle("stale", stale);
    if (!heard) {
      return;
    }
    const words = stale ? `last heard at ${clock(heard)}, ${duration(Math.round(silence / 1000))} ago; reconnecting` : `as of ${clock(last.at)}`;
    if (state.dataset.stale !== String(stale)) {
      state.dataset.stale = String(stale);
      replace(state, stale ? pill("stale") : pill("live", "good"), h("span", { class: "since" }));
    }
    const since = state.querySelector(".since");
    if (since) {
      since.textContent = words;
    }
  }

  /** Without live figures there still is what the tables tell. */
  async function withoutFigures() {
    replace(state, pill("not available"), h("span", {}, "This process tells no live figures."));
    root.classList.add("without-figures");
    tiles.outbox.box.remove();
    tiles.rejected.box.remove();
    const [process, ready] = await Promise.all([info(signal), readiness(signal)]);
    showHealth(ready.status === "up", ready.conditions || []);
    try {
      const [causes, keys] = await Promise.all([get("quarantine/causes", {}, signal), get("parked", { limit: PAGE }, signal)]);
      const quarantined = causes.causes.reduce((total, cause) => total + cause.events, 0);
      tiles.quarantined.tell(`${count(quarantined)}${causes.causes.some((cause) => cause.more) ? "+" : ""}`, quarantined ? "need a person" : "nothing needs a person", quarantined > 0);
      const parkedEvents = keys.keys.reduce((total, key) => total + key.events, 0);
      tiles.parked.tell(`${count(parkedEvents)}${keys.next ? "+" : ""}`, parkedEvents ? `${count(keys.keys.length)}${keys.next ? "+" : ""} keys` : "no key waits", parkedEvents > 0);
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
    }
    replace(subscriptions, facts(process.subscriptions.map((one) => [`${one.stream}/${one.name}`, `${one.type.replaceAll("_", "-")}, ${one.lanes} lanes`])));
  }

  let retryIn = FIRST_RETRY_MILLIS;

  function connect() {
    const source = new EventSource("ops/v1/status/events");
    signal.addEventListener("abort", () => source.close());
    source.addEventListener("history", (event) => {
      samples = JSON.parse(event.data).samples.map((one) => ({ ...one, at: new Date(one.at).getTime() }));
      draw();
    });
    source.addEventListener("status", (event) => {
      retryIn = FIRST_RETRY_MILLIS;
      tell(JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED && !signal.aborted) {
        source.close();
        setTimeout(() => signal.aborted || connect(), retryIn);
        retryIn = Math.min(2 * retryIn, LONGEST_RETRY_MILLIS);
      }
    });
  }

  const ticking = setInterval(showState, 1000);
  signal.addEventListener("abort", () => clearInterval(ticking));
  draw();
  try {
    tell(await get("status", {}, signal));
  } catch (error) {
    if (error instanceof Refused && error.status === 404) {
      await withoutFigures();
      return;
    }
    if (signal.aborted) {
      return;
    }
    replace(state, pill("away", "bad"), h("span", {}, "The service does not answer; trying again."));
  }
  connect();
}
