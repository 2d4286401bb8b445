// The gallery's filter. All it shows is read off the cards; without it, every card is there.
"use strict"
;(() => {
  const groups = [...document.querySelectorAll(".group")]
  if (!groups.length) return

  // By the data attribute that holds a card's values.
  const FACETS = [
    ["topic", "Topic"],
    ["rule", "Rule"],
    ["kind", "Bad or good"],
    ["dialect", "Dialect"],
    ["reads", "State or change"],
    ["level", "Level of the rule"],
  ]

  const headings = new Map()
  const cards = groups.flatMap((group) =>
    [...group.querySelectorAll(".example")].map((element) => {
      headings.set(element.dataset.rule, group.querySelector("h2").firstChild.textContent)
      const values = {}
      for (const [name] of FACETS) values[name] = (element.dataset[name] || "").split(" ")
      return { element, group, values, text: null }
    }),
  )

  function made(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties)
    element.append(...children)
    return element
  }

  // A topic by its title, a rule by its heading, the rest in words.
  const WORDS = {
    sqlite: "SQLite",
    postgresql: "PostgreSQL",
    state: "reads the files as they are",
    change: "compares them with their base",
  }
  const called = (name, value, card) =>
    name === "rule" ? headings.get(value) : card.element.dataset[`${name}Title`] || WORDS[value] || value

  const wide = matchMedia("(min-width: 60em)").matches
  const text = made("input", { type: "search", name: "text", id: "gallery-filter" })
  text.setAttribute("aria-keyshortcuts", "/")
  const count = made("p", { className: "count" })
  count.setAttribute("role", "status")
  const reset = made("button", { type: "reset", className: "md-button", textContent: "Reset" })
  const skip = made("button", { type: "button", className: "md-button skip", textContent: "To the examples" })
  const form = made(
    "form",
    { className: "facets", id: "facets", autocomplete: "off" },
    made("label", { htmlFor: text.id }, "Filter by text ", made("kbd", { textContent: "/" })),
    text,
    skip,
    made("div", { className: "counted" }, count, reset),
  )
  form.setAttribute("role", "search")
  form.setAttribute("aria-label", "Filter the examples")

  const boxes = []
  for (const [name, title] of FACETS) {
    const field = made("fieldset", {}, made("legend", { textContent: title }))
    const known = new Set()
    for (const card of cards)
      for (const value of card.values[name]) {
        if (!value || known.has(value)) continue
        known.add(value)
        const box = made("input", { type: "checkbox", name, value })
        const number = made("span", { className: "n" })
        const label = made("span", { textContent: called(name, value, card) })
        field.append(made("label", {}, box, label, " ", number))
        boxes.push({ name, value, box, number, shown: -1 })
      }
    form.append(made("details", { open: wide && name !== "rule" }, made("summary", { textContent: title }), field))
  }

  const again = made("button", { type: "reset", className: "md-button", textContent: "Show all" })
  again.setAttribute("form", form.id)
  const empty = made("p", { className: "empty", hidden: true }, "No example fits. ", again)
  const list = made("div", { className: "cards" })
  const gallery = made("div", { className: "gallery" }, form, list)
  groups[0].before(gallery)
  list.append(empty, ...groups)

  // While the theme looks through the page, the cards are out of it: it measures each block of code by itself, half a
  // minute for a thousand cards. A keyboard's way into blocks that scroll is made here, when near.
  document.addEventListener("DOMContentLoaded", () => list.remove(), true)
  document.addEventListener("DOMContentLoaded", () => {
    gallery.append(list)
    const place = history.state?.card && document.getElementById(history.state.card)
    if (place) scrollTo(place, history.state.top)
    else reveal()
  })
  const reach = ({ target }) => {
    for (const code of target.querySelectorAll("pre > code"))
      if (code.scrollWidth > code.clientWidth) code.tabIndex = 0
  }
  const near = new IntersectionObserver((all) => all.filter((e) => e.isIntersecting).forEach(reach), { rootMargin: "200%" })
  for (const { element } of cards) near.observe(element)
  list.addEventListener("toggle", reach, true)

  function update() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean)
    const of = Object.fromEntries(FACETS.map(([name]) => [name, new Set()]))
    for (const { name, value, box } of boxes) if (box.checked) of[name].add(value)
    const counts = {}
    const full = new Set()
    let shown = 0
    for (const card of cards) {
      if (words.length) card.text ??= card.element.textContent.toLowerCase()
      const said = words.every((word) => card.text.includes(word))
      const failed = said ? FACETS.filter(([f]) => of[f].size && !card.values[f].some((v) => of[f].has(v))) : null
      const fits = said && !failed.length
      // A facet counts what its values would show beside the choice in the other facets.
      if (said && failed.length < 2)
        for (const [f] of fits ? FACETS : failed)
          for (const value of card.values[f]) counts[`${f} ${value}`] = (counts[`${f} ${value}`] || 0) + 1
      if (card.element.hidden === fits) card.element.hidden = !fits
      if (fits) {
        shown += 1
        full.add(card.group)
      }
    }
    for (const group of groups) group.hidden = !full.has(group)
    for (const value of boxes) {
      const now = counts[`${value.name} ${value.value}`] || 0
      if (now !== value.shown) value.number.textContent = value.shown = now
      value.box.parentElement.classList.toggle("none", !now)
    }
    empty.hidden = shown > 0
    reset.disabled = !words.length && !boxes.some(({ box }) => box.checked)
    const said = `${shown} of ${cards.length} examples`
    if (count.textContent !== said) count.textContent = said
  }

  function address(hash) {
    const query = new URLSearchParams()
    // Not "q": at that the theme opens its own search.
    if (text.value) query.set("text", text.value)
    for (const { name, value, box } of boxes) if (box.checked) query.append(name, value)
    return `${location.pathname}${query.size ? `?${query}` : ""}${hash}`
  }

  function read() {
    const query = new URLSearchParams(location.search)
    text.value = query.get("text") || ""
    for (const { name, value, box } of boxes) {
      box.checked = query.getAll(name).includes(value)
      if (box.checked) box.closest("details").open = true
    }
    update()
  }

  // What an address names, whatever was written there.
  function named(hash) {
    try {
      return decodeURIComponent(hash.slice(1))
    } catch {
      return ""
    }
  }

  // The place in the list, by a card: heights are guesses, so a number of pixels would be another place.
  function keepPlace() {
    const { element } = cards.find(({ element }) => element.getBoundingClientRect().bottom > 0) ?? {}
    const place = element && scrollY > 0 ? { card: element.id, top: element.getBoundingClientRect().top } : null
    remember("replaceState", location.hash, place)
  }

  function scrollTo(target, top) {
    // The height of a card never drawn is a guess: look again.
    let left = 5
    const there = () => {
      if (top === undefined) target.scrollIntoView({ behavior: "instant" })
      else scrollBy({ top: target.getBoundingClientRect().top - top, behavior: "instant" })
      if (--left) requestAnimationFrame(there)
    }
    there()
  }

  // A link to an example shows it, whatever is chosen.
  function reveal() {
    const target = document.getElementById(named(location.hash))
    if (!target || !list.contains(target)) return
    if (target.closest("[hidden]")) {
      clear()
      remember("replaceState", location.hash)
    }
    scrollTo(target)
  }

  function clear() {
    text.value = ""
    for (const { box } of boxes) box.checked = false
    update()
  }

  // Browsers refuse to keep very many addresses in a short time. The choice holds without its address.
  function remember(how, hash = "", state = null) {
    try {
      history[how](state, "", address(hash))
    } catch {}
  }

  // Who has read far down sees the beginning of another result.
  function toTop() {
    const { top } = list.getBoundingClientRect()
    if (top < 0) list.scrollIntoView({ behavior: "instant" })
  }

  let typing = false
  form.addEventListener("input", (event) => {
    // One step back for all typed in one go.
    const types = event.target === text
    update()
    toTop()
    remember(types && typing ? "replaceState" : "pushState")
    typing = types
  })
  form.addEventListener("submit", (event) => event.preventDefault())
  form.addEventListener("reset", (event) => {
    event.preventDefault()
    clear()
    toTop()
    typing = false
    remember("pushState")
    text.focus()
  })
  skip.addEventListener("click", () => {
    const first = cards.find(({ element }) => !element.hidden)?.element
    if (!first) return
    first.tabIndex = -1
    first.focus()
  })
  text.addEventListener("blur", () => (typing = false))
  history.scrollRestoration = "manual"
  addEventListener("pagehide", keepPlace)
  addEventListener("popstate", read)
  addEventListener("hashchange", reveal)

  // The theme takes this key for the search of the whole site.
  addEventListener(
    "keydown",
    (event) => {
      const at = event.target
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return
      if (at.isContentEditable || at.matches?.("input:not([type=checkbox], [type=radio]), textarea, select")) return
      event.preventDefault()
      event.stopImmediatePropagation()
      text.focus()
      text.select()
    },
    true,
  )

  read()
})()
