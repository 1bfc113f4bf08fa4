/* Copying a step or a block to another module: the editor itself duplicates within one page only.
 * What is copied is kept in this browser, and nothing of it is sent before the page is saved. */
(() => {
  "use strict";

  const KEY = "lindra-copied-block";
  const words = document.currentScript.dataset;

  /* What a block holds as plain data. A rich text's state is an object of its editor: its value is plain. */
  const plain = (state, value) => {
    if (state && typeof state.getCurrentContent === "function") return value;
    if (Array.isArray(state)) return state.map((one, place) => plain(one, value && value[place]));
    if (state && typeof state === "object") {
      const isChild = "value" in state && "id" in state;
      return Object.fromEntries(
        Object.keys(state).map((key) => {
          const below = value && typeof value === "object" && key in value ? value[key] : isChild ? value : undefined;
          return [key, plain(state[key], below)];
        })
      );
    }
    return state;
  };

  const newId = () =>
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (figure) =>
      (figure ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (figure / 4)))).toString(16)
    );

  /* A copy is other blocks than those it was copied from, down to the last item of a list. */
  const withNewIds = (state) => {
    if (Array.isArray(state)) return state.map(withNewIds);
    if (!state || typeof state !== "object") return state;
    const made = Object.fromEntries(Object.entries(state).map(([key, one]) => [key, withNewIds(one)]));
    return "value" in state && "id" in state ? { ...made, id: newId() } : made;
  };

  const copied = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY));
    } catch {
      return null;
    }
  };

  const button = (name, label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.append(label);
    return made;
  };

  /* Said aloud, and on the button that was pressed. */
  const said = document.createElement("p");
  said.className = "w-sr-only";
  said.setAttribute("role", "status");

  const tell = (copy) => {
    document.querySelectorAll(".lindra-copy").forEach((other) => (other.textContent = words.copy));
    copy.textContent = words.done;
    said.textContent = "";
    setTimeout(() => (said.textContent = words.copied), 50);
  };

  const addCopy = (child) => {
    const place = child.actionsContainerElement;
    if (!place || place.querySelector(".lindra-copy")) return;
    const copy = button("button button-small button-secondary lindra-copy", words.copy);
    copy.addEventListener("click", () => {
      const block = plain(child.getState(), child.getValue());
      localStorage.setItem(KEY, JSON.stringify({ type: child.type, value: block.value }));
      tell(copy);
      dress();
    });
    place.prepend(copy);
  };

  const addPaste = (stream, element) => {
    let paste = element.querySelector(":scope > .lindra-paste");
    if (!paste) {
      paste = button("button button-small button-secondary lindra-paste", words.paste);
      paste.addEventListener("click", () => {
        const block = copied();
        if (!block) return;
        const made = { type: block.type, value: withNewIds(block.value) };
        stream.insert(made, stream.children.length, { id: newId(), focus: true, animate: false });
      });
      element.append(paste);
    }
    const block = copied();
    paste.hidden = !block || !(block.type in stream.blockDef.childBlockDefsByName);
  };

  const elementOf = (stream) => (stream.container && stream.container[0]) || stream.element;

  function dress() {
    const root = document.getElementById("steps-root");
    if (!root || !root.rootBlock) return;
    const steps = root.rootBlock;
    steps.children.forEach((step) => {
      addCopy(step);
      const body = step.block.childBlocks.body;
      body.children.forEach(addCopy);
      addPaste(body, elementOf(body));
    });
    addPaste(steps, elementOf(steps));
  }

  const begin = () => {
    const root = document.getElementById("steps-root");
    if (!root || !root.rootBlock || root.dataset.clipboard) return;
    root.dataset.clipboard = "on";
    root.append(said);
    dress();
    let waits = 0;
    new MutationObserver(() => {
      clearTimeout(waits);
      waits = setTimeout(dress, 50);
    }).observe(root, { childList: true, subtree: true });
    window.addEventListener("storage", dress);
  };

  document.addEventListener("w-block:ready", begin);
  window.addEventListener("load", begin);
})();
