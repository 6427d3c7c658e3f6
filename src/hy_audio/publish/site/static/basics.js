// What all scripts of the pages share. Pages are whole without them.
"use strict";

const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const words = JSON.parse($("#words")?.textContent ?? "{}");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const two = (n) => String(n).padStart(2, "0");

function clock(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function inWords(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const form = hours ? words.hours : minutes ? words.minutes : words.seconds;
  return fill(form, { hours, minutes, seconds: seconds % 60 });
}

// Storage may be blocked or full: then nothing is remembered.
const memory = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(`hy-audio:${key}`));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(`hy-audio:${key}`);
      else localStorage.setItem(`hy-audio:${key}`, JSON.stringify(value));
    } catch {}
  },
};

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

// The list of all episodes: fetched once, when something needs it.
let listed;
const episodes = (address) =>
  (listed ??= fetch(address).then((answer) => {
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }));

document.documentElement.classList.add("js");
