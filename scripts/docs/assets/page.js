// What is wider than the page scrolls; then the keyboard must reach it, too.
const wide = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth;
    if (!scrolls) {
      for (const name of ["tabindex", "role", "aria-label"]) {
        target.removeAttribute(name);
      }
      continue;
    }
    target.tabIndex = 0;
    if (target.tagName === "TABLE") {
      continue;
    }
    target.setAttribute("role", "region");
    target.setAttribute("aria-label", "Output, scrolls sideways");
  }
});
for (const each of document.querySelectorAll(".output_area, .text_cell_render table")) {
  wide.observe(each);
}

// A live figure has buttons of its own, which what is called a picture may not have. Scripts in outputs
// of older runs call it one.
new MutationObserver(() => {
  for (const plot of document.querySelectorAll(".js-plotly-plot[role=img]")) {
    plot.setAttribute("role", "figure");
  }
}).observe(document.querySelector("main"), { childList: true, subtree: true });
