// Which view is shown: what stands behind the # says it, so that a view has an address.

import { info } from "./api.js";
import { refusal } from "./acts.js";
import { h, replace } from "./dom.js";
import * as audit from "./audit.js";
import * as message from "./message.js";
import * as overview from "./overview.js";
import * as parked from "./parked.js";
import * as quarantine from "./quarantine.js";
import * as streams from "./streams.js";

const VIEWS = { overview, message, quarantine, parked, streams, audit };
const main = document.getElementById("main");
let leave = new AbortController();
let first = true;

/** A route as #/view/part/part?name=value. */
function route() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [view, ...parts] = path.split("/").map(decodeURIComponent);
  return { view: view in VIEWS ? view : "overview", parts, query: Object.fromEntries(new URLSearchParams(query || "")) };
}

async function show() {
  leave.abort();
  leave = new AbortController();
  const here = route();
  for (const link of document.querySelectorAll("#views a")) {
    if (link.getAttribute("href") === `#/${here.view}`) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else {
      link.removeAttribute("aria-current");
    }
  }
  const root = h("div", { class: `view ${here.view}` });
  replace(main, root);
  const { signal } = leave;
  try {
    await VIEWS[here.view].show(root, here, signal);
  } catch (error) {
    if (!signal.aborted) {
      root.append(refusal(error));
    }
  }
  if (signal.aborted) {
    return;
  }
  const title = root.querySelector("h1");
  document.title = `${title ? `${title.textContent} · ` : ""}Millrace`;
  if (!first) {
    title?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  first = false;
}

async function nameProcess() {
  try {
    const process = await info();
    replace(document.getElementById("process"),
      h("span", {}, `${process.tenant}/${process.namespace}`), h("span", {}, process.roles.join(", ")), h("span", {}, process.version));
  } catch {
    // The view says so already, and what it could not do.
  }
}

addEventListener("hashchange", show);
// The browser may keep a page that is left, with all that it still listens to: a connection to the service for each.
addEventListener("pagehide", () => leave.abort());
addEventListener("pageshow", (event) => event.persisted && show());
show();
nameProcess();
