// The player of an episode, and playing on through the day.
"use strict";

const SKIP_S = 15;
const EDGE_S = 15; // a place nearer to either end is not resumed
const TOAST_MS = 6000;

class Player {
  constructor(main) {
    this.box = $("#player");
    this.audio = $("#audio", main);
    this.view = new View(this.box, $("#follow"));
    this.settings = { rate: 1, on: false, shortcuts: true, ...memory.get("settings") };
    this.sleep = null;
    this.box.hidden = false;
    this.box.append(this.audio); // from here on it outlives the text
    this.audio.controls = false;
    document.documentElement.classList.add("playable");
    this.#listen();
    this.#buttons();
    this.#panels();
    this.#keys();
    this.#system();
    this.open(main);
  }

  // Everything that belongs to one episode.
  open(main) {
    this.main = main;
    this.data = main.dataset;
    this.text = new Sentences(main);
    this.key = `place:${this.data.slug}:${this.data.guid}`;
    this.saved = 0;
    this.moved = false;
    this.#chapters();
    this.#metadata();
    this.rate(this.settings.rate);
    this.show();
  }

  get duration() {
    return Number.isFinite(this.audio.duration) ? this.audio.duration : this.data.duration / 1000;
  }

  get time() {
    return this.moved && this.audio.readyState === 0 ? this.wanted : this.audio.currentTime;
  }

  // Where it begins: at the place that the address tells, or where the listener stopped.
  begin() {
    if (this.fromAddress()) return;
    const place = memory.get(this.key);
    if (!(place > EDGE_S && place < this.duration - EDGE_S)) return;
    this.seek(place);
    this.say(fill(words.resumed, { time: clock(place) }), { restart: true });
  }

  fromAddress() {
    const told = /(?:^#|&)t=(?:npt:)?(\d+(?::\d{1,2}){0,2}(?:\.\d+)?)(?=$|[,&])/.exec(location.hash)?.[1];
    if (!told) return false;
    const seconds = told.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
    this.seek(Math.min(seconds, Math.max(0, this.duration - 1)));
    this.view.follow(this.text.current, { atOnce: true });
    return true;
  }

  seek(seconds) {
    this.wanted = Math.min(Math.max(0, seconds), this.duration);
    this.moved = true;
    this.audio.currentTime = this.wanted;
    this.show(this.wanted);
    if (this.sleep?.kind === "chapter") this.sleep.chapter = this.chapterNow;
  }

  async play() {
    this.view.follow(this.text.current, { atOnce: true });
    try {
      await this.audio.play();
    } catch (error) {
      if (error.name === "NotSupportedError") this.say(words.unplayable);
    }
  }

  playFrom(seconds) {
    this.seek(seconds);
    return this.play();
  }

  toggle() {
    if (this.audio.paused) this.play();
    else this.audio.pause();
  }

  skip(seconds) {
    this.seek(this.time + seconds);
    this.view.follow(this.text.current, { atOnce: true });
  }

  sentence(step) {
    const n = this.text.before(this.time);
    const began = this.time - (this.text.sentences[n]?.start ?? 0);
    const back = step < 0 && began > 1.5 ? 0 : step; // well inside one: to its own start
    const next = this.text.sentences[Math.max(0, n + back)];
    if (next) this.playFrom(next.start);
  }

  chapter(n, { tell = true } = {}) {
    const chapter = this.marks[n];
    if (!chapter) return;
    if (tell) this.say(fill(words.chapter, { number: n + 1, title: chapter.title }));
    this.playFrom(chapter.start);
  }

  rate(value) {
    this.audio.defaultPlaybackRate = this.audio.playbackRate = value;
    $("#rate").value = String(value);
  }

  set(name, value) {
    this.settings[name] = value;
    memory.set("settings", this.settings);
  }

  // One polite voice for what changes; the running mark is silent.
  say(text, { restart = false } = {}) {
    $("#toast").hidden = false;
    $("#restart").hidden = !restart;
    $("#status").textContent = text;
    clearTimeout(this.toast);
    if (!restart) this.toast = setTimeout(() => this.hush(), TOAST_MS);
  }

  hush() {
    $("#status").textContent = "";
    $("#restart").hidden = true;
  }

  // What is seen of the time.

  show(seconds = this.time) {
    const started = this.moved || seconds > 0 || !this.audio.paused;
    const changed = this.text.mark(started && !this.audio.ended ? this.text.at(seconds) : -1);
    if (changed && this.text.current && !this.audio.paused) this.view.follow(this.text.current);
    this.#chapterAt(seconds);
    const whole = Math.floor(seconds);
    if (whole === this.whole && this.shownFor === this.data) return;
    [this.whole, this.shownFor] = [whole, this.data];
    $("#elapsed").textContent = clock(whole);
    $("#total").textContent = clock(Math.round(this.duration));
    const slider = $("#seek");
    slider.max = Math.ceil(this.duration);
    if (!this.dragging) slider.value = whole;
    if (document.activeElement !== slider) this.#describe(slider);
  }

  #describe(slider) {
    const place = { time: inWords(Number(slider.value)), total: inWords(Math.round(this.duration)) };
    slider.setAttribute("aria-valuetext", fill(words.place, place));
  }

  #chapters() {
    const list = $(".chapters ol", this.main);
    const links = all("a", list ?? this.main.ownerDocument.createElement("ol"));
    this.marks = links.map((link, n) => ({
      start: Number(link.dataset.to) / 1000,
      end: (links[n + 1] ? Number(links[n + 1].dataset.to) : Number(this.data.duration)) / 1000,
      title: $("span", link).textContent,
    }));
    const panel = $("#panel-chapters");
    $("ol", panel)?.remove();
    if (list) panel.append(list.cloneNode(true));
    panel.classList.add("chapters");
    $("#ticks").replaceChildren(
      ...this.marks.slice(1).map((mark) => {
        const tick = document.createElement("i");
        tick.style.left = `${(mark.start / this.duration) * 100}%`;
        return tick;
      }),
    );
    this.chapterNow = undefined;
  }

  #chapterAt(seconds) {
    const n = this.marks.findLastIndex((mark) => mark.start <= seconds + 0.002);
    if (n === this.chapterNow) return;
    this.chapterNow = n;
    for (const list of all(".chapters ol")) {
      all("a", list).forEach((link, k) => {
        if (k === n) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    }
    $("#now").textContent = this.marks[n]?.title ?? this.data.title;
  }

  // The element's own voice.

  #listen() {
    const { audio } = this;
    let running = false;
    const frame = () => {
      running = !audio.paused;
      if (!running) return;
      this.show();
      this.#asleep();
      requestAnimationFrame(frame);
    };
    audio.addEventListener("play", () => this.#state(true));
    audio.addEventListener("playing", () => running || frame());
    audio.addEventListener("pause", () => this.#state(false));
    audio.addEventListener("timeupdate", () => this.#passed());
    audio.addEventListener("seeked", () => this.show());
    audio.addEventListener("loadedmetadata", () => {
      if (this.moved && Math.abs(audio.currentTime - this.wanted) > 0.5) audio.currentTime = this.wanted;
      this.whole = -1;
      this.show();
    });
    audio.addEventListener("ended", () => this.#ended());
    audio.addEventListener("error", () => this.say(words.unplayable));
    if (audio.error) this.say(words.unplayable); // it failed before anybody listened
    addEventListener("pagehide", () => this.save());
  }

  #state(playing) {
    this.box.classList.toggle("playing", playing);
    $("#play").setAttribute("aria-label", playing ? words.pause : words.play);
    if ("mediaSession" in navigator) navigator.mediaSession.playbackState = playing ? "playing" : "paused";
    if (playing) {
      if (this.sleep?.deadline < Date.now()) this.#sleepOff();
      if (!$("#restart").hidden) this.toast = setTimeout(() => this.hush(), TOAST_MS);
    } else {
      this.save();
    }
  }

  #passed() {
    this.show();
    this.#position();
    this.#asleep();
    if (Math.abs(this.time - this.saved) >= 5) this.save();
  }

  save() {
    const place = this.time;
    const worth = place > EDGE_S && place < this.duration - EDGE_S;
    if (this.moved || place > 0) memory.set(this.key, worth ? Math.round(place * 10) / 10 : null);
    this.saved = place;
  }

  async #ended() {
    this.text.mark(-1);
    memory.set(this.key, null);
    if (this.sleep?.kind) this.#fallAsleep();
    else if (this.settings.on) await this.#next();
  }

  // The sleep timer.

  sleepIn(choice) {
    const label = $("#sleep").selectedOptions[0].textContent;
    const minutes = Number(choice);
    this.sleep = null;
    if (minutes) this.sleep = { deadline: Date.now() + minutes * 60_000 };
    else if (choice) this.sleep = { kind: choice, chapter: this.chapterNow };
    this.say(choice ? fill(words.sleep_set, { when: label }) : words.sleep_unset);
  }

  #asleep() {
    if (!this.sleep || this.audio.paused) return;
    if (this.sleep.deadline <= Date.now()) this.#fallAsleep();
    else if (this.sleep.kind === "chapter") {
      const end = this.marks[this.sleep.chapter]?.end ?? Infinity;
      if (this.time >= end - 0.02) this.#fallAsleep();
    }
  }

  #fallAsleep() {
    this.audio.pause();
    this.#sleepOff();
    this.say(words.slept);
  }

  #sleepOff() {
    this.sleep = null;
    $("#sleep").value = "";
  }

  // The next episode of the day, in the place of this one, while the same element plays on.

  async #next() {
    let next;
    try {
      next = await this.#following();
    } catch {
      return this.say(words.no_next);
    }
    if (!next) return this.say(words.last);
    const address = new URL(`../${encodeURIComponent(next.slug)}/index.html`, location);
    try {
      await this.#swap(address);
    } catch {
      location.assign(address);
    }
  }

  async #following() {
    const list = await episodes(new URL(this.data.index, location));
    const here = list.findIndex((one) => one.slug === this.data.slug);
    const next = list[here - 1]; // the newest come first
    const day = (one) => one.date.slice(0, 10);
    return next && day(next) === day(list[here]) ? next : undefined;
  }

  async #swap(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [main, audio] = [$("#main", page), $("#audio", page)];
    const source = new URL(audio.getAttribute("src"), address);
    const known = [location.origin, new URL(this.audio.src).origin];
    if (!known.includes(source.origin)) throw new Error("another host");
    audio.remove();
    const inside = this.main.contains(document.activeElement);
    this.main.replaceWith(document.adoptNode(main));
    history.pushState(null, "", address);
    document.title = page.title;
    $("link[rel=canonical]")?.setAttribute("href", $("link[rel=canonical]", page)?.href ?? address);
    this.shown = location.pathname;
    this.audio.src = source.href;
    this.open(main);
    this.view.follow(null, { atOnce: true });
    scrollTo({ top: 0, behavior: "instant" });
    if (inside) main.focus({ preventScroll: true });
    this.say(fill(words.next, { title: this.data.title }));
    await this.play();
  }

  // Buttons

  #buttons() {
    const on = (id, type, act) => $(id).addEventListener(type, act);
    this.shown = location.pathname;
    on("#play", "click", () => this.toggle());
    on("#back", "click", () => this.skip(-SKIP_S));
    on("#forward", "click", () => this.skip(SKIP_S));
    on("#follow", "click", () => {
      this.view.follow(this.text.current, { atOnce: true });
      $("#play").focus({ preventScroll: true });
    });
    on("#restart", "click", () => {
      this.hush();
      this.playFrom(0);
      $("#play").focus({ preventScroll: true });
    });
    on("#seek", "input", ({ target }) => {
      this.dragging = true;
      this.seek(Number(target.value));
      this.#describe(target);
    });
    on("#seek", "change", () => {
      this.dragging = false;
      this.view.follow(this.text.current, { atOnce: true });
    });
    on("#rate", "change", ({ target }) => {
      this.set("rate", Number(target.value));
      this.rate(this.settings.rate);
      this.say(fill(words.rate, { rate: target.value }));
    });
    on("#sleep", "change", ({ target }) => this.sleepIn(target.value));
    for (const [id, name] of [["#on", "on"], ["#shortcuts-on", "shortcuts"]]) {
      $(id).checked = this.settings[name];
      on(id, "change", ({ target }) => this.set(name, target.checked));
    }
    on("#copy-place", "click", () => this.#copyPlace());
    document.addEventListener("click", (event) => this.#clicked(event));
    addEventListener("hashchange", () => this.fromAddress());
    addEventListener("popstate", () => {
      if (location.pathname !== this.shown) location.reload();
    });
  }

  async #copyPlace() {
    const address = new URL(location);
    address.hash = `t=${Math.floor(this.time)}`;
    history.replaceState(null, "", address);
    this.say((await copy(address.href)) ? words.copied : words.copy_failed);
  }

  #clicked(event) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-to]");
    if (link) {
      event.preventDefault();
      this.chapter(all("a", link.closest("ol")).indexOf(link));
      if (this.box.contains(link)) this.#close($("#open-chapters"));
      return;
    }
    const sentence = event.target.closest("[data-m]");
    if (!sentence || !getSelection().isCollapsed) return;
    this.playFrom(Number(sentence.dataset.m) / 1000);
  }

  #panels() {
    this.openers = [$("#open-chapters"), $("#open-options")];
    for (const opener of this.openers) {
      opener.addEventListener("click", () => {
        const open = opener.getAttribute("aria-expanded") === "true";
        this.openers.forEach((one) => this.#expand(one, one === opener && !open));
      });
    }
    document.addEventListener("pointerdown", ({ target }) => {
      if (!target.closest("#player")) this.openers.forEach((one) => this.#expand(one, false));
    });
    document.addEventListener("keydown", (event) => {
      const open = this.openers.find((one) => one.getAttribute("aria-expanded") === "true");
      if (event.key === "Escape" && open) this.#close(open);
    });
  }

  #expand(opener, open) {
    opener.setAttribute("aria-expanded", String(open));
    document.getElementById(opener.getAttribute("aria-controls")).hidden = !open;
  }

  #close(opener) {
    this.#expand(opener, false);
    opener.focus({ preventScroll: true });
  }

  // Keys

  #keys() {
    const acts = {
      " ": () => this.toggle(),
      k: () => this.toggle(),
      j: () => this.skip(-SKIP_S),
      l: () => this.skip(SKIP_S),
      ArrowLeft: () => this.skip(-SKIP_S),
      ArrowRight: () => this.skip(SKIP_S),
      "[": () => this.sentence(-1),
      p: () => this.sentence(-1),
      "]": () => this.sentence(1),
      n: () => this.sentence(1),
    };
    document.addEventListener("keydown", (event) => {
      const { key, target } = event;
      const act = acts[key.length === 1 ? key.toLowerCase() : key];
      if (!act || !this.settings.shortcuts || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (target.closest?.("input, select, textarea, [contenteditable]")) return;
      if (key === " " && target.closest?.("a, button, summary")) return;
      event.preventDefault();
      act();
    });
  }

  // Media keys and lock screens

  #system() {
    if (!("mediaSession" in navigator)) return;
    const acts = {
      play: () => this.play(),
      pause: () => this.audio.pause(),
      seekbackward: ({ seekOffset }) => this.skip(-(seekOffset || SKIP_S)),
      seekforward: ({ seekOffset }) => this.skip(seekOffset || SKIP_S),
      seekto: ({ seekTime }) => this.seek(seekTime),
      previoustrack: () => this.chapter(this.#chapterBefore()),
      nexttrack: () => this.chapter(this.chapterNow + 1),
    };
    for (const [name, act] of Object.entries(acts)) {
      try {
        navigator.mediaSession.setActionHandler(name, act);
      } catch {} // a browser without this key
    }
  }

  #chapterBefore() {
    const began = this.time - (this.marks[this.chapterNow]?.start ?? 0);
    return Math.max(0, this.chapterNow - (began > 3 ? 0 : 1));
  }

  #metadata() {
    if (!("mediaSession" in navigator)) return;
    const { title, author, show, artwork } = this.data;
    const pictures = artwork && location.protocol !== "file:" ? [{ src: new URL(artwork, location).href }] : [];
    navigator.mediaSession.metadata = new MediaMetadata({ title, artist: author, album: show, artwork: pictures });
  }

  #position() {
    const { duration, playbackRate, currentTime } = this.audio;
    if (!navigator.mediaSession?.setPositionState || !Number.isFinite(duration)) return;
    navigator.mediaSession.setPositionState({ duration, playbackRate, position: Math.min(currentTime, duration) });
  }
}

if ($("#audio") && $("#player")) new Player($("#main")).begin();
