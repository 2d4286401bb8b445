// Names for what the theme leaves unnamed, so that a screen reader can tell the places apart.
"use strict"

function name(root) {
  root.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search")
  root.querySelectorAll(".md-code__nav").forEach((nav, index) => {
    const label = `Code block ${index + 1}`
    if (nav.getAttribute("aria-label") !== label) nav.setAttribute("aria-label", label)
  })
}

name(document)
// The theme adds the buttons of a code block when the block comes into view.
new MutationObserver(() => name(document)).observe(document.body, { childList: true, subtree: true })
