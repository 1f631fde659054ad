// Who did what; and whether anything is lost, when somebody asks.

import { actsBefore, follow, info, latestActs } from "./api.js";
import { field, refusal, say } from "./acts.js";
import { command, h, heading, pill, quoted, replace, section, table } from "./dom.js";
import { count, dateTime } from "./format.js";

const PERIODS = [["15m", "the last 15 minutes", 900], ["2h", "the last 2 hours", 7_200], ["24h", "the last 24 hours", 86_400], ["", "all that the topic has", 0]];

function details(act) {
  const told = Object.entries(act.details).filter(([name, value]) =>
    !["position", "quarantineId", "attempts", "reason"].includes(name) && !(name === "since" && value.startsWith("1970-")) && !(name === "until" && value.startsWith("9999-")));
  return told.map(([name, value]) => `${name} ${value}`).join(", ");
}

async function conservation(box, signal) {
  const { subscriptions } = await info(signal);
  const which = field("Subscription", { tag: "select", name: "subscription", options: subscriptions.map((one) => ({ value: `${one.stream}/${one.name}`, title: `${one.stream}/${one.name}` })) });
  const period = field("Published in", { tag: "select", name: "period", options: PERIODS.map(([value, title]) => ({ value, title })) });
  const go = h("button", { type: "submit", class: "primary" }, "Audit now");
  const line = command("");
  const outcome = h("div", { class: "outcome", role: "status" });
  const form = h("form", { class: "search", "aria-label": "Audit" }, which.box, period.box, go);
  const parts = () => which.input.value.split("/");
  const tell = () => {
    const [stream, subscription] = parts();
    line.say(`./millrace audit --stream ${quoted(stream)} --subscription ${quoted(subscription)}${period.input.value ? ` --from ${period.input.value}` : ""}`);
  };
  form.addEventListener("change", tell);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    const [stream, subscription] = parts();
    const seconds = PERIODS.find(([value]) => value === period.input.value)[2];
    const from = seconds ? new Date(Date.now() - seconds * 1000).toISOString() : "";
    const differences = [];
    const progress = h("p", {}, "Reading the topic…");
    replace(outcome, h("progress", { "aria-label": "The audit runs" }), progress);
    let ended = false;
    try {
      await follow("audit", { stream, subscription, from }, signal, (told) => {
        if (told.progress) {
          progress.textContent = `${count(told.progress.copies)} copies and ${count(told.progress.records)} records looked at.`;
        } else if (told.difference) {
          differences.push(told.difference);
        } else if (told.report) {
          ended = true;
          replace(outcome, report(told.report, differences, stream));
          say(told.report.balances ? "The audit balances." : "The audit found differences.", told.report.balances ? "good" : "bad");
        } else if (told.problem) {
          throw new Error(told.problem.detail || "the broker or the database went away");
        }
      });
      if (!ended) {
        throw new Error("the audit did not come to its end");
      }
    } catch (error) {
      if (!signal.aborted) {
        replace(outcome, refusal(error));
      }
    } finally {
      go.disabled = false;
    }
  });
  if (subscriptions.length === 0) {
    replace(box, h("p", { class: "none" }, "This process serves no subscription."));
    return;
  }
  tell();
  replace(box, h("p", {}, "Every copy in the topic must be exactly one of applied, rejected, parked, quarantined, discarded, a duplicate, or still in flight. The audit holds the tables against the topic, beside the live traffic."), form, outcome, line);
}

function report(told, differences, stream) {
  const copies = Object.entries(told.copies).filter(([, number]) => number > 0);
  const total = copies.reduce((all, [, number]) => all + number, 0);
  return [
    h("p", { class: "balance" }, pill(told.balances ? "balances" : "does not balance", told.balances ? "good" : "bad"), ` ${count(total)} copies, ${count(told.differences)} differences.`),
    h("ul", { class: "shares" }, copies.map(([state, number]) => {
      const bar = h("span", { class: "share", "aria-hidden": "true" }, h("i", {}));
      bar.firstChild.style.width = `${(100 * number) / Math.max(1, total)}%`;
      return h("li", {}, h("span", {}, state), bar, h("strong", {}, count(number)));
    })),
    differences.length ? table("Differences", [
      { title: "Kind", cell: (one) => pill(one.kind, "bad") }, { title: "Position", cell: (one) => one.position },
      { title: "Message ID", cell: (one) => (one.messageId ? h("a", { href: `#/message/${encodeURIComponent(stream)}/${encodeURIComponent(one.messageId)}` }, one.messageId) : "") },
      { title: "Detail", class: "wide", cell: (one) => one.detail }], differences) : "",
  ];
}

export async function show(root, here, signal) {
  const audit = h("div");
  const log = h("div");
  root.append(heading("Audit"), section("Is anything lost?", audit), section("Who did what", log),
    h("section", { class: "aside" }, h("h2", { class: "label" }, "The same from a terminal"), command("./millrace audit-log")));

  function showActs(acts, more) {
    const earlier = h("button", { type: "button" }, "Show earlier ones");
    earlier.addEventListener("click", async () => {
      earlier.disabled = true;
      const page = await actsBefore(acts.at(-1).id, signal);
      showActs([...acts, ...page.toReversed()], page.length > 0);
    });
    replace(log, table("Acts, the latest first", [
      { title: "At", cell: (act) => h("time", { datetime: act.at }, dateTime(act.at)) },
      { title: "By", cell: (act) => h("strong", {}, act.by) },
      { title: "Act", cell: (act) => pill(act.act, "person") },
      { title: "Subscription", cell: (act) => (act.stream ? `${act.stream}/${act.subscription}` : "") },
      { title: "Key", cell: (act) => act.key || "" },
      { title: "Message ID", cell: (act) => (act.messageId ? h("a", { href: `#/message/${encodeURIComponent(act.stream)}/${encodeURIComponent(act.messageId)}` }, act.messageId) : "") },
      { title: "Why", class: "wide", cell: (act) => act.why },
      { title: "More", class: "wide", cell: details },
    ], acts, "Nobody has done anything yet."), more ? earlier : "");
  }

  await Promise.all([
    conservation(audit, signal),
    latestActs(signal).then((acts) => showActs(acts.toReversed(), acts.length > 0 && acts[0].id > 1)),
  ]);
}
