// The show's page: search, and copying the feed's address.
"use strict";

const SHOWN = 100; // results of a search

class Search {
  constructor(form) {
    this.form = form;
    this.query = $("#query");
    form.addEventListener("submit", (event) => event.preventDefault());
    this.query.addEventListener("focus", () => this.#all().catch(() => {}));
    this.query.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.run(), 120);
    });
    if (this.query.value) this.run(); // a browser brings words back
  }

  #all() {
    this.loading ??= episodes(this.form.dataset.index).then((list) =>
      list.map((one) => ({ ...one, text: fold(`${one.title} ${one.author} ${one.summary} ${dated(one.date)}`) })),
    );
    return this.loading;
  }

  async run() {
    const asked = fold(this.query.value).split(/\s+/).filter(Boolean);
    const [listed, results, found] = [$("#listed"), $("#results"), $("#found")];
    listed.hidden = asked.length > 0;
    results.hidden = !asked.length;
    if (!asked.length) {
      found.textContent = "";
      return;
    }
    let [list, note] = [[], ""];
    try {
      list = await this.#all();
    } catch {
      [list, note] = [fromPage(), words.search_failed];
    }
    if (asked.join(" ") !== fold(this.query.value).split(/\s+/).filter(Boolean).join(" ")) return;
    const hits = list.filter((one) => asked.every((word) => one.text.includes(word)));
    $("ol", results).replaceChildren(...hits.slice(0, SHOWN).map(entry));
    const told = !hits.length ? words.no_results : hits.length > SHOWN ? words.results_cut : words.results;
    found.textContent = [fill(told, { count: hits.length, shown: SHOWN }), note].filter(Boolean).join(" · ");
  }
}

const fold = (text) => text.normalize("NFKC").toLowerCase().trim();

function dateParts(date) {
  const [year, month, day] = date.slice(0, 10).split("-").map(Number);
  return { year, month: words.months[month - 1], day };
}

const dated = (date) => `${date.slice(0, 10)} ${fill(words.date, dateParts(date))}`;

// What the page itself lists, where the file can't be had (a folder opened without a server).
const fromPage = () =>
  all("#listed .episodes li").map((item) => ({ item, text: fold(`${item.textContent} ${$("time", item.closest(".day")).dateTime}`) }));

function entry(one) {
  if (one.item) return one.item.cloneNode(true);
  const make = (name, text, className) => Object.assign(document.createElement(name), { textContent: text, className });
  const [item, title, link, meta] = [make("li", "", ""), make("h3", "", ""), make("a", one.title, ""), make("p", "", "meta")];
  link.href = `${encodeURIComponent(one.slug)}/index.html`;
  title.append(link);
  const date = fill(words.date, dateParts(one.date));
  meta.append(...[one.author, date, inWords(one.seconds)].filter(Boolean).map((text) => make("span", text, "")));
  item.append(title, ...(one.summary ? [make("p", one.summary, "summary")] : []), meta);
  return item;
}

if ($("#search")) new Search($("#search"));
for (const button of all("[data-copy]")) {
  button.addEventListener("click", async () => {
    const done = await copy($(`#${button.dataset.copy}`).value);
    $("#copied").textContent = done ? words.copied : words.copy_failed;
  });
}
