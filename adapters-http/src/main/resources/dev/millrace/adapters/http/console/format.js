// Numbers and times as people read them.

const WHOLE = new Intl.NumberFormat("en");
const NOTHING = "–";

export function count(number) {
  return number === null || number === undefined ? NOTHING : WHOLE.format(Math.round(number));
}

export function rate(perSecond) {
  if (perSecond === null || perSecond === undefined) {
    return NOTHING;
  }
  return perSecond >= 100 || perSecond === 0 ? count(perSecond) : perSecond.toFixed(perSecond >= 10 ? 1 : 2).replace(/\.?0+$/, "");
}

/** A duration that is given in seconds, in the unit that fits. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) {
    return NOTHING;
  }
  const size = Math.abs(seconds);
  if (size === 0) {
    return "0 s";
  }
  if (size < 0.001) {
    return `${Math.round(seconds * 1e6)} µs`;
  }
  if (size < 1) {
    const millis = seconds * 1000;
    return `${millis < 10 ? millis.toFixed(1) : Math.round(millis)} ms`;
  }
  if (size < 60) {
    return `${size < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  if (size < 3600) {
    return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`.replace(" 0 s", "");
  }
  if (size < 172_800) {
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  }
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

/** Two digits, so that columns stand below one another. */
const two = (number) => String(number).padStart(2, "0");

export function clock(instant, millis = false) {
  const at = new Date(instant);
  const text = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return millis ? `${text}.${String(at.getMilliseconds()).padStart(3, "0")}` : text;
}

export function day(instant) {
  const at = new Date(instant);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function dateTime(instant) {
  return `${day(instant)} ${clock(instant)}`;
}

export function ago(instant) {
  const seconds = (Date.now() - new Date(instant).getTime()) / 1000;
  return seconds < 1 ? "now" : `${duration(Math.floor(seconds))} ago`;
}

export function bytes(size) {
  return size < 10_000 ? `${count(size)} B` : size < 10_000_000 ? `${count(size / 1000)} kB` : `${count(size / 1_000_000)} MB`;
}

/** Bytes of base64 as a hex dump: offset, sixteen bytes, and what of them is ASCII. */
export function hexDump(base64) {
  const raw = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const lines = [];
  for (let offset = 0; offset < raw.length; offset += 16) {
    const row = raw.subarray(offset, offset + 16);
    const hex = Array.from(row, (byte) => byte.toString(16).padStart(2, "0"));
    const text = Array.from(row, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·"));
    lines.push(`${offset.toString(16).padStart(4, "0")}  ${hex.slice(0, 8).join(" ").padEnd(23)}  ${hex.slice(8).join(" ").padEnd(23)}  ${text.join("")}`);
  }
  return { text: lines.join("\n"), size: raw.length };
}
