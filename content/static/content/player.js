// What makes the player smoother. Every activity works without it.

(() => {
  "use strict";

  // Entries to put in order: the lists of places stay what is sent, and buttons move an entry up or down.
  const startOrder = (list) => {
    if (list.dataset.started) return;
    list.dataset.started = "1";
    const said = list.closest("fieldset").querySelector("[data-order-said]");
    const entries = () => [...list.children];
    const textOf = (entry) => entry.querySelector(".content-order__text").firstChild.textContent.trim();

    const number = () => {
      entries().forEach((entry, index, all) => {
        entry.querySelector("select").value = String(index + 1);
        entry.querySelector("[data-up]").disabled = index === 0;
        entry.querySelector("[data-down]").disabled = index === all.length - 1;
      });
    };
    const button = (entry, direction) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "content-order__button";
      made.dataset[direction] = "";
      made.textContent = direction === "up" ? "↑" : "↓";
      made.setAttribute("aria-label", `${list.dataset[direction]}: ${textOf(entry)}`);
      made.addEventListener("click", () => {
        if (direction === "up") entry.previousElementSibling?.before(entry);
        else entry.nextElementSibling?.after(entry);
        number();
        // At an end the button is off: the other one keeps the focus in the entry.
        (made.disabled ? entry.querySelector("button:not([disabled])") : made).focus();
        said.textContent = list.dataset.moved
          .replace("{entry}", textOf(entry))
          .replace("{place}", entries().indexOf(entry) + 1)
          .replace("{count}", entries().length);
      });
      return made;
    };
    // As the lists say: a form that was refused comes back with the places as they were sent.
    entries()
      .sort((one, other) => one.querySelector("select").value - other.querySelector("select").value)
      .forEach((entry) => list.append(entry));
    for (const entry of entries()) {
      const buttons = document.createElement("span");
      buttons.className = "content-order__buttons";
      buttons.append(button(entry, "up"), button(entry, "down"));
      entry.append(buttons);
    }
    list.classList.add("content-order--started");
    number();
  };

  // Reading aloud: with the browser's own voice for the page's language, where it has one.
  const startReading = (button) => {
    const voices = window.speechSynthesis;
    const lang = document.documentElement.lang;
    if (!voices || !lang) return;
    const words = button.textContent;
    const stop = () => {
      voices.cancel();
      button.textContent = words;
    };
    const pieces = () =>
      [...document.querySelectorAll(".content-step :is(h1, .content-text, .content-vignette, .content-key, .content-guide, .content-item legend, .content-item h2, .content-item label, .content-item p)")]
        // What stands in another piece is read with it; what is hidden isn't read.
        .filter((piece) => piece.checkVisibility() && !piece.parentElement.closest(".content-text, .content-vignette, .content-guide"))
        .map((piece) => piece.innerText.trim())
        .filter(Boolean);
    const offer = () => {
      button.hidden = !voices.getVoices().some((voice) => voice.lang.replace("_", "-").startsWith(lang));
    };
    button.addEventListener("click", () => {
      if (button.textContent !== words) return stop();
      voices.cancel();
      const all = pieces();
      all.forEach((text, index) => {
        const said = new SpeechSynthesisUtterance(text);
        said.lang = lang === "da" ? "da-DK" : lang;
        if (index === all.length - 1) said.addEventListener("end", stop);
        voices.speak(said);
      });
      button.textContent = button.dataset.aloud;
    });
    window.addEventListener("pagehide", () => voices.cancel());
    voices.addEventListener?.("voiceschanged", offer);
    offer();
  };
  document.querySelectorAll("[data-aloud]").forEach(startReading);

  // An answer that was sent before this script had come (a slow phone) comes back as a whole page, at its
  // item: what was said takes focus, as it does where the item alone is swapped. Not on a way in from
  // elsewhere, and not when she is reading on already. The browser takes the focus away when it goes to
  // the item, and that may be as late as when the page has loaded.
  const wasJustSent = () => {
    const way = performance.getEntriesByType("navigation")[0]?.type;
    if (way !== "navigate" || !document.referrer) return false;
    const from = new URL(document.referrer);
    const module = location.pathname.replace(/trin\/\d+\/$/, "");
    // From the step itself, or from where a refused answer was said.
    const isHere = from.pathname === location.pathname || ["svar/", "tekst/"].some((part) => from.pathname.startsWith(module + part));
    return from.origin === location.origin && isHere;
  };
  const sayWhatCame = () => {
    const item = document.querySelector(".content-item:target");
    if (!item || document.activeElement !== document.body) return;
    const said = item.querySelector(".form-error-message") ?? (wasJustSent() && item.querySelector("[data-said]"));
    if (!said) return;
    said.tabIndex = -1;
    said.focus();
  };
  const afterLoad = () => setTimeout(sayWhatCame);
  if (document.readyState === "complete") afterLoad();
  else window.addEventListener("load", afterLoad);

  // An answer that led elsewhere (she was logged out meanwhile) is a page, and no part of this one.
  document.addEventListener("htmx:before:response", (event) => {
    const answered = event.detail.ctx.response.raw;
    if (!answered.redirected) return;
    event.preventDefault();
    location.assign(answered.url);
  });

  const start = (scope) => scope.querySelectorAll?.("[data-order]").forEach(startOrder);
  start(document);
  document.addEventListener("htmx:after:swap", () => start(document));
  document.addEventListener("lindra:shown", () => start(document));
})();
