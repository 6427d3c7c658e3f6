// Reading along: which sentence is heard, and keeping it in view.
"use strict";

const LINGER_S = 1.5; // how long a sentence stays marked when nothing follows it
const QUIET_MS = 4000; // how long after scrolling by hand the page keeps still

class Sentences {
  constructor(main) {
    this.sentences = all("[data-m]", main)
      .map((element) => {
        const start = Number(element.dataset.m) / 1000;
        return { element, start, end: start + Number(element.dataset.d) / 1000 };
      })
      .sort((a, b) => a.start - b.start);
    this.now = -1;
  }

  // The last sentence that has begun, by halves.
  before(seconds) {
    let [low, high] = [0, this.sentences.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sentences[middle].start <= seconds + 0.002) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  at(seconds) {
    const n = this.before(seconds);
    return n >= 0 && seconds <= this.sentences[n].end + LINGER_S ? n : -1;
  }

  mark(n) {
    if (n === this.now) return false;
    this.#set(this.now, false);
    this.#set(n, true);
    this.now = n;
    return true;
  }

  #set(n, on) {
    const element = this.sentences[n]?.element;
    element?.classList.toggle("reading", on);
    if (on) element?.setAttribute("aria-current", "true");
    else element?.removeAttribute("aria-current");
  }

  get current() {
    return this.sentences[this.now]?.element;
  }
}

// Keeping the sentence in view, unless the listener looks elsewhere.
class View {
  constructor(bar, button) {
    Object.assign(this, { bar, button, away: false, touched: -QUIET_MS });
    const by = () => this.#byHand();
    addEventListener("wheel", by, { passive: true });
    addEventListener("touchmove", by, { passive: true });
    addEventListener("mousedown", (event) => {
      if (event.target === document.documentElement) by(); // the scroll bar
    });
    addEventListener("keydown", (event) => {
      const moves = ["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"];
      if (moves.includes(event.key) && !event.target.closest?.("input, select")) by();
    });
    addEventListener("scroll", () => this.#scrolled(), { passive: true });
  }

  #byHand() {
    this.touched = performance.now();
  }

  #scrolled() {
    if (performance.now() - this.touched > QUIET_MS || !this.element) return;
    this.touched = performance.now();
    this.#set(!this.isSeen(this.element));
  }

  #set(away) {
    this.away = away;
    this.button.hidden = !away;
  }

  isSeen(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight - this.bar.offsetHeight;
  }

  follow(element, { atOnce = false } = {}) {
    this.element = element;
    if (atOnce) {
      this.touched = -QUIET_MS;
      this.#set(false);
    }
    if (!element || this.away || performance.now() - this.touched < QUIET_MS) return;
    const { top, bottom } = element.getBoundingClientRect();
    const room = innerHeight - this.bar.offsetHeight;
    if (top >= room * 0.12 && bottom <= room * 0.8) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollTo({ top: scrollY + top - room * 0.28, behavior: calm ? "instant" : "smooth" });
  }
}
