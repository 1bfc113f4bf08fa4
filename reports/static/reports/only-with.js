// A field that counts only with some answers to another is shown with those. One that holds a text stays.

(() => {
  "use strict";

  for (const field of document.querySelectorAll("[data-only-with]")) {
    const answers = field.dataset.answers.split(" ");
    const group = field.closest(".form-group");
    const show = () => {
      const chosen = field.form.elements[field.dataset.onlyWith]?.value;
      group.hidden = !answers.includes(chosen) && !field.value && !field.matches("[aria-invalid=true]");
    };
    field.form.addEventListener("change", show);
    show();
  }
})();
