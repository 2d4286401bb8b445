// Small helps where the theme leaves something unnamed or unsaid. Every page is complete without them.
"use strict"
;(() => {
  // Names, so that a screen reader can tell the places apart.
  function name(root) {
    root.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search")
    root.querySelectorAll(".md-code__nav").forEach((nav, index) => {
      const label = `Code block ${index + 1}`
      if (nav.getAttribute("aria-label") !== label) nav.setAttribute("aria-label", label)
    })
  }
  name(document)

  // A table too wide for its place scrolls by itself: keys have to reach it as well.
  const sized = new ResizeObserver((entries) => {
    for (const { target } of entries)
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0
      else target.removeAttribute("tabindex")
  })
  const watch = () => document.querySelectorAll(".md-typeset__scrollwrap").forEach((wrap) => sized.observe(wrap))
  watch()

  // The theme wraps the tables late, and adds the buttons of a code block when the block comes into view.
  new MutationObserver(() => {
    name(document)
    watch()
  }).observe(document.body, { childList: true, subtree: true })

  // A page that is not in the navigation belongs to the entry whose address its own begins with.
  const entries = [...document.querySelectorAll(".md-nav--primary a.md-nav__link")]
  const base = new URL(JSON.parse(document.getElementById("__config").textContent).base, location)
  if (!document.querySelector(".md-nav--primary .md-nav__link--active"))
    for (const entry of entries)
      if (entry.pathname.length > base.pathname.length + 1 && location.pathname.startsWith(entry.pathname)) {
        entry.classList.add("md-nav__link--active")
        entry.setAttribute("aria-current", "true")
      }

  // Print shows what is folded.
  let opened = []
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")]
    for (const fold of opened) fold.open = true
  })
  addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false
  })

  // The page for an address that leads nowhere: what was asked for, and where to go.
  const head = document.querySelector(".md-content h1")
  if (head?.textContent.startsWith("404")) {
    const line = (...parts) => {
      const made = document.createElement("p")
      made.append(...parts)
      return made
    }
    const link = (to, text) => Object.assign(document.createElement("a"), { href: to, textContent: text })
    const asked = Object.assign(document.createElement("code"), { textContent: location.pathname })
    const list = document.createElement("ul")
    for (const entry of entries) {
      const item = document.createElement("li")
      item.append(link(entry.href, entry.textContent.trim()))
      list.append(item)
    }
    const added = [line("There is no page at ", asked, ".")]
    const id = location.pathname.match(/PLX\d{3}/i)?.[0].toUpperCase()
    const rules = entries.find((entry) => entry.pathname.endsWith("/rules/"))
    if (id && rules && !location.pathname.endsWith(`/rules/${id}/`))
      added.push(line("Perhaps you look for ", link(`${rules.href}${id}/`, id), "."))
    head.after(...added, line("Search, or go to:"), list)
  }
})()
