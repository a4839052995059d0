// A heading that opens a list is a button to screen readers, and a link within a button cannot be
// reached. typedoc puts the links of modules there; they go to the beginning of their lists.
new MutationObserver(() => {
  for (const link of document.querySelectorAll(".tsd-navigation summary a[href]")) {
    const list = link.closest("details").querySelector("ul");
    if (!list) {
      continue;
    }
    const name = document.createElement("span");
    name.append(...link.childNodes);
    link.replaceWith(name);
    const item = document.createElement("li");
    link.textContent = `Overview of ${name.textContent}`;
    item.append(link);
    list.prepend(item);
  }
}).observe(document.documentElement, { childList: true, subtree: true });
