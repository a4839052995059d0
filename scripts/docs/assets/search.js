// The search page: the query stands in its address, the documents in search-documents.js.
const { lang } = document.documentElement;
const WORDS = {
  en: {
    empty: "Type a word above: a topic, a function, an error.",
    count: (count, query) =>
      `${count === 1 ? "One place" : `${count || "No"} places`} for “${query}”.`,
    first: (count) => ` The first ${count} are:`,
  },
  ru: {
    empty: "Наберите наверху слово: тему, функцию, ошибку.",
    count: (count, query) => `Найдено мест по запросу «${query}»: ${count}.`,
    first: (count) => ` Вот первые ${count}:`,
  },
};
const words = WORDS[lang];
const list = document.getElementById("search-results");
const field = document.getElementById("query");

const search = new MiniSearch({
  fields: ["title", "text", "place"],
  storeFields: ["title", "place", "url", "text", "language"],
  // Letters and digits of any alphabet; `charRnn` is found under both of its words, too.
  tokenize: (text) => text.split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u).concat(text.split(/\s+/)),
  searchOptions: {
    boost: { title: 3 },
    // What explains comes before what only names.
    boostDocument: (_id, _term, { place }) => (place.startsWith("API") ? 0.3 : 1),
    prefix: true,
    fuzzy: 0.15,
    combineWith: "AND",
    // Pages in the reader's language, and the reference, which has none of its own.
    filter: ({ language = lang }) => language === lang,
  },
});
search.addAll(window.siteDocuments);

/** The beginning of the formula that holds a place of a text, or -1; marks: searchDocuments.ts. */
function formulaAround(text, at) {
  const open = text.lastIndexOf("\uE000", at - 1);
  return at > 0 && open > text.lastIndexOf("\uE001", at - 1) ? open : -1;
}

/** The part of a text around the first word that was found, of whole words and formulas. */
function excerpt(text, terms) {
  const places = terms.map((term) => text.toLowerCase().indexOf(term)).filter((at) => at >= 0);
  const start = places.length > 0 ? Math.min(...places) - 80 : 0;
  let from = start > 0 ? text.indexOf(" ", start) + 1 : 0;
  if (formulaAround(text, from) >= 0) {
    from = formulaAround(text, from);
  }
  let to = from + 240 < text.length ? text.lastIndexOf(" ", from + 240) : text.length;
  if (formulaAround(text, to) >= 0) {
    to = text.indexOf("\uE001", to) + 1;
  }
  if (to <= from) {
    to = text.length;
  }
  return `${from > 0 ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
}

/** A text with its formulas set. */
function typeset(text) {
  return text
    .split(/\uE000([^\uE001]*)\uE001/)
    .map((part, n) => (n % 2 === 0 ? part : MathJax.tex2svg(part, { display: false })));
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) {
    made.className = className;
  }
  return made;
}

function show(query) {
  if (query === "") {
    list.replaceChildren(element("p", words.empty));
    return;
  }
  const found = search.search(query);
  const results = found.slice(0, 50);
  const items = document.createElement("ol");
  for (const { title, place, url, text, terms, language } of results) {
    const item = document.createElement("li");
    item.lang = language ?? "en";
    const link = element("a", title);
    link.href = document.body.dataset.root + url;
    item.append(link, " ", element("span", place, "place"), document.createElement("br"));
    item.append(...typeset(excerpt(text, terms)));
    items.append(item);
  }
  const more = results.length < found.length ? words.first(results.length) : "";
  list.replaceChildren(element("p", words.count(found.length, query) + more), items);
}

field.value = new URLSearchParams(location.search).get("q") ?? "";
MathJax.startup.promise.then(() => {
  show(field.value.trim());
  field.addEventListener("input", () => show(field.value.trim()));
});
