// The search page: the query stands in its address, the documents in search-documents.js.
const { lang } = document.documentElement;
const WORDS = {
  en: {
    empty: "Type a word above: a topic, a function, an error.",
    count: (count, query) =>
      `${count === 1 ? "One place" : `${count || "No"} places`} for “${query}”.`,
  },
  ru: {
    empty: "Наберите наверху слово: тему, функцию, ошибку.",
    count: (count, query) => `Найдено мест по запросу «${query}»: ${count}.`,
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

/** The part of a text around the first word that was found. */
function excerpt(text, terms) {
  const places = terms.map((term) => text.toLowerCase().indexOf(term)).filter((at) => at >= 0);
  const start = Math.max(0, Math.min(...places, text.length) - 80);
  const from = places.length > 0 ? start : 0;
  const part = text.slice(from, from + 240);
  return `${from > 0 ? "…" : ""}${part}${from + part.length < text.length ? "…" : ""}`;
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function show(query) {
  if (query === "") {
    list.replaceChildren(element("p", words.empty));
    return;
  }
  const results = search.search(query).slice(0, 50);
  const items = document.createElement("ol");
  for (const { title, place, url, text, terms, language } of results) {
    const item = document.createElement("li");
    item.lang = language ?? "en";
    const link = element("a", title);
    link.href = document.body.dataset.root + url;
    item.append(link, " ", element("span", place, "place"), document.createElement("br"));
    item.append(excerpt(text, terms));
    items.append(item);
  }
  list.replaceChildren(element("p", words.count(results.length, query)), items);
}

field.value = new URLSearchParams(location.search).get("q") ?? "";
show(field.value.trim());
field.addEventListener("input", () => show(field.value.trim()));
