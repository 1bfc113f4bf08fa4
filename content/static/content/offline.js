// Answers that are given without a network: kept in this browser, by person, and sent when it is back.
//
// What is right is known to the server alone, so the feedback waits, and the page says so. An answer
// carries the token of its form: sent twice, it counts once. `lindra.js` forgets what is kept at log-out.

(() => {
  "use strict";

  const who = document.body.dataset.who;
  const words = document.querySelector("[data-offline-words]")?.dataset;
  if (!who || !words) return;
  const place = `lindra.answers.${who}`;

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(place) ?? "[]").filter((answer) => answer.url && answer.fields);
    } catch {
      return [];
    }
  };
  const write = (kept) => {
    if (kept.length) localStorage.setItem(place, JSON.stringify(kept));
    else localStorage.removeItem(place);
  };
  const drop = (answer) =>
    write(read().filter((other) => JSON.stringify(other) !== JSON.stringify(answer)));

  const say = (form, text) => {
    let said = form.querySelector("[data-offline-said]");
    if (!said) {
      said = document.createElement("p");
      said.className = "content-kept";
      said.dataset.offlineSaid = "";
      said.setAttribute("role", "status");
      form.append(said);
    }
    // A change is what a screen reader speaks of.
    said.textContent = "";
    requestAnimationFrame(() => (said.textContent = text));
  };

  const keep = (form) => {
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    const url = new URL(form.action).pathname;
    try {
      // The newest answer to an item is the one that counts.
      write([...read().filter((other) => other.url !== url), { url, item: form.closest(".content-item").id, fields }]);
      say(form, words.kept);
    } catch {
      say(form, words.lost);
    }
  };

  const itemOf = (answer, html) =>
    new DOMParser().parseFromString(html, "text/html").getElementById(answer.item);

  // The server's answer takes the place of its question, where that is on the page.
  const show = (answer, made) => {
    const old = document.getElementById(answer.item);
    if (!old || !made) return false;
    made.querySelectorAll("[data-focus]").forEach((element) => element.removeAttribute("data-focus"));
    old.replaceWith(made);
    window.htmx?.process(made);
    document.dispatchEvent(new CustomEvent("lindra:shown"));
    return true;
  };

  let isSending = false;
  const send = async () => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
    if (isSending || !token || !navigator.onLine) return;
    isSending = true;
    let elsewhere = 0;
    try {
      for (const answer of read()) {
        const body = new URLSearchParams([["csrfmiddlewaretoken", token], ...answer.fields]);
        const sent = await fetch(answer.url, { method: "POST", body, headers: { "HX-Request": "true" } });
        // Logged out meanwhile, or the server is down: it is kept. Gone for good: it isn't.
        if (sent.redirected || sent.status === 403 || sent.status >= 500) break;
        const made = sent.ok ? itemOf(answer, await sent.text()) : null;
        // Refused, and asked elsewhere: kept until she comes to where the reason is said, with her words.
        if (made?.querySelector(".form-error-message") && !document.getElementById(answer.item)) continue;
        drop(answer);
        if (sent.ok && !show(answer, made)) elsewhere += 1;
      }
    } catch {
      // No network after all. It is kept, and sent the next time.
    } finally {
      isSending = false;
    }
    const said = document.querySelector("[data-offline-words] [role=status]");
    if (elsewhere && said) said.textContent = words.sent;
  };

  // Before htmx sees it. What the form says is checked by the server when it is sent.
  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.matches("form[data-answer]") || navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      keep(event.target);
    },
    true,
  );
  // A network that is there and carries nothing, as on a bus.
  document.addEventListener("htmx:error", (event) => {
    const form = event.target.closest?.("form[data-answer]");
    if (form && !event.detail.ctx?.response) keep(form);
  });
  window.addEventListener("online", send);

  for (const answer of read()) {
    const form = document.getElementById(answer.item)?.querySelector("form[data-answer]");
    if (form) say(form, words.kept);
  }
  send();
})();
