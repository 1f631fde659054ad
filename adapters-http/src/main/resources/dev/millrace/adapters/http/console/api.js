// The service's own operations API: all that this page knows and does goes through it.

/** What the service said no with, in its own words. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The answer is HTTP ${status}.`);
    this.status = status;
    this.type = (problem.type || "").replace("urn:millrace:problem:", "");
    this.errors = problem.errors || [];
  }
}

async function answer(response) {
  if (response.ok) {
    return response.json();
  }
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // An answer that is no problem of ours has no words either.
  }
  throw new Refused(response.status, problem);
}

function withQuery(path, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== "" && value !== undefined && value !== null));
  return query.size ? `${path}?${query}` : path;
}

export async function get(path, parameters = {}, signal = undefined) {
  return answer(await fetch(withQuery(`ops/v1/${path}`, parameters), { signal, cache: "no-store" }));
}

export async function act(method, path, body) {
  return answer(await fetch(`ops/v1/${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }));
}

export async function info(signal) {
  return answer(await fetch("info", { signal, cache: "no-store" }));
}

/** Also a process that is not ready tells its conditions. */
export async function readiness(signal) {
  const response = await fetch("health/ready", { signal, cache: "no-store" });
  return response.json();
}

/** An answer that comes line by line. */
export async function follow(path, parameters, signal, line) {
  const response = await fetch(withQuery(`ops/v1/${path}`, parameters), { signal, cache: "no-store" });
  if (!response.ok) {
    await answer(response);
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      break;
    }
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    lines.filter((text) => text.trim()).forEach((text) => line(JSON.parse(text)));
  }
}

const PAGE = 50;

async function acts(after, limit, signal) {
  return (await get("audit-log", { after: after > 0 ? after : "", limit }, signal)).acts;
}

/** The acts before a number, the nearest ones; numbers have gaps where other namespaces act. */
export async function actsBefore(number, signal) {
  for (let end = number; end > 1; end -= PAGE) {
    const page = (await acts(Math.max(0, end - 1 - PAGE), PAGE, signal)).filter((one) => one.id < number);
    if (page.length) {
      return page;
    }
  }
  return [];
}

/** The log is told from its beginning, so its end is looked for: in bounds that double, then by halves. */
export async function latestActs(signal) {
  let low = 0;
  let high = PAGE;
  while ((await acts(high, 1, signal)).length) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await acts(middle, 1, signal)).length) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return actsBefore(high + 1, signal);
}
