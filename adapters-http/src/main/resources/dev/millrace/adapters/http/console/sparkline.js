// A small time-series of the last minutes: a line, its area, its highest value and the last one.

import { h, svg } from "./dom.js";

const WIDTH = 240;
const HEIGHT = 56;
const TOP = 4;

/** A gap stays a gap: what is not known is not drawn. */
function path(points) {
  let drawing = false;
  return points.map(([x, y]) => {
    if (y === null) {
      drawing = false;
      return "";
    }
    const step = `${drawing ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    drawing = true;
    return step;
  }).join("");
}

export function sparkline(title, format) {
  const line = svg("path", { class: "line" });
  const area = svg("path", { class: "area" });
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" },
    svg("line", { class: "ground", x1: 0, x2: WIDTH, y1: HEIGHT - 1, y2: HEIGHT - 1 }), area, line);
  const mark = svg("svg", { class: "mark", viewBox: "0 0 6 6", "aria-hidden": "true" }, svg("circle", { class: "dot", cx: 3, cy: 3, r: 3 }));
  const last = h("strong", {}, "–");
  const most = h("span", {});
  const box = h("figure", { class: "series" },
    h("figcaption", {}, h("span", {}, title), last),
    h("div", { class: "plot" }, picture, mark),
    h("div", { class: "axis", "aria-hidden": "true" }, h("span", {}, "15 min ago"), most, h("span", {}, "now")));
  return {
    box,
    /** Samples of {at (milliseconds), value (or null)}, the oldest first. */
    draw(samples, now = Date.now(), span = 900_000) {
      const known = samples.filter((sample) => sample.value !== null && sample.value !== undefined);
      const highest = Math.max(...known.map((sample) => sample.value), 0);
      const scale = highest > 0 ? (HEIGHT - TOP - 1) / highest : 0;
      const x = (at) => WIDTH * (1 - (now - at) / span);
      const points = samples.filter((sample) => now - sample.at <= span)
        .map((sample) => [x(sample.at), sample.value === null || sample.value === undefined ? null : HEIGHT - 1 - sample.value * scale]);
      const drawn = points.filter(([, y]) => y !== null);
      line.setAttribute("d", path(points));
      area.setAttribute("d", drawn.length && drawn.length === points.length
        ? `${path(points)}L${drawn.at(-1)[0].toFixed(1)} ${HEIGHT}L${drawn[0][0].toFixed(1)} ${HEIGHT}Z` : "");
      const newest = known.at(-1);
      mark.toggleAttribute("hidden", !drawn.length);
      if (drawn.length) {
        mark.style.left = `${(100 * drawn.at(-1)[0]) / WIDTH}%`;
        mark.style.top = `${(100 * drawn.at(-1)[1]) / HEIGHT}%`;
      }
      last.textContent = newest ? format(newest.value) : "–";
      most.textContent = known.length && highest > 0 ? `max ${format(highest)}` : "";
      picture.setAttribute("aria-label", newest
        ? `${title} in the last 15 minutes: now ${format(newest.value)}, at most ${format(highest)}` : `${title}: nothing known yet`);
    },
  };
}
