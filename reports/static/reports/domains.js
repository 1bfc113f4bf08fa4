// A link to a domain opens it; on paper all are open.

(() => {
  "use strict";

  const openTarget = () => {
    const target = window.location.hash && document.getElementById(window.location.hash.slice(1));
    if (target?.tagName === "DETAILS") target.open = true;
  };
  window.addEventListener("hashchange", openTarget);
  // The same link twice changes no hash.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a[href^='#']")) window.setTimeout(openTarget);
  });
  window.addEventListener("beforeprint", () => {
    for (const domain of document.querySelectorAll("details.reports-domain")) domain.open = true;
  });
  openTarget();
})();
