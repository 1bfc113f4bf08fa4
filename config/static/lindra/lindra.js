// What every page needs of script, and little of it: no page depends on it for its job.

(() => {
  "use strict";

  // What has just been said (an error summary, the feedback on an answer) takes focus, so that a
  // screen reader hears it and the eye finds it.
  const takeFocus = (scope) => {
    const said = scope.matches?.("[data-focus]") ? scope : scope.querySelector?.("[data-focus]");
    if (!said) return;
    said.removeAttribute("data-focus");
    if (!said.matches("a[href], button, input, select, textarea, [tabindex]")) said.tabIndex = -1;
    said.focus();
  };

  // A table that is shown as cards on a phone stays a table to a screen reader: browsers forget
  // the roles of elements that are laid out otherwise.
  const roles = {
    table: "table", thead: "rowgroup", tbody: "rowgroup", tfoot: "rowgroup",
    tr: "row", td: "cell", "th[scope=col]": "columnheader", "th[scope=row]": "rowheader",
  };
  const keepRoles = (scope) => {
    for (const table of scope.querySelectorAll?.("table.lindra-cards") ?? []) {
      for (const [selector, role] of Object.entries(roles)) {
        const found = selector === "table" ? [table] : table.querySelectorAll(selector);
        for (const element of found) element.setAttribute("role", role);
      }
    }
  };

  // A form that was sent once is not sent again by a double click.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const isPost = form.getAttribute("method")?.toLowerCase() === "post";
    if (event.defaultPrevented || !isPost || form.dataset.again !== undefined) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  // A page that comes back from the browser's store of pages may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // Answers that wait for a network are kept by person: whoever logs out, or in on the same browser,
  // leaves nothing behind.
  const mine = `lindra.answers.${document.body.dataset.who ?? ""}`;
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("lindra.answers.") && key !== mine) localStorage.removeItem(key);
    }
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }

  takeFocus(document);
  keepRoles(document);
  document.addEventListener("htmx:after:swap", (event) => {
    const place = event.detail.ctx?.target;
    const scope = place?.isConnected ? place : document;
    takeFocus(scope);
    keepRoles(scope);
  });
})();
