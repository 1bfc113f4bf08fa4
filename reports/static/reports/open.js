// A link to what opens, or to a row that does, opens it; on paper all domains, and what is folded, are open.

(() => {
  "use strict";

  const openTarget = () => {
    const target = window.location.hash && document.getElementById(window.location.hash.slice(1));
    const opens = target?.matches?.("tr") ? target.querySelector("details") : target;
    if (opens?.tagName === "DETAILS") opens.open = true;
  };
  window.addEventListener("hashchange", openTarget);
  // The same link twice changes no hash.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a[href^='#']")) window.setTimeout(openTarget);
  });
  window.addEventListener("beforeprint", () => {
    for (const domain of document.querySelectorAll("details.reports-domain, details.reports-fold")) domain.open = true;
  });
  openTarget();
})();
