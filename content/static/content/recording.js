// What is played of a film or a recording, told to the server in the words of the xAPI video profile;
// chapters as buttons; and the captions of a sound, which no browser shows by itself.

(() => {
  "use strict";

  const round = (seconds) => Math.round(seconds * 1000) / 1000;

  const follow = (media) => {
    const session = crypto.randomUUID();
    const segments = [];
    let from = null; // where this piece began
    let at = 0; // where she was last
    let hasBegun = false;
    let isCompleted = false;

    // Pieces that meet are one: the list stays short.
    const played = () => {
      const all = [...segments, ...(from === null ? [] : [[from, Math.max(from, at)]])].sort((a, b) => a[0] - b[0]);
      const joined = [];
      for (const [start, end] of all) {
        const last = joined.at(-1);
        if (last && start <= last[1] + 0.5) last[1] = Math.max(last[1], end);
        else joined.push([start, end]);
      }
      return joined;
    };
    const say = (verb, more = {}) => {
      if (!media.dataset.watch || !Number.isFinite(media.duration)) return;
      const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
      const body = new URLSearchParams({
        csrfmiddlewaretoken: token,
        verb,
        session,
        token: crypto.randomUUID(),
        length: round(media.duration),
        time: round(media.currentTime),
        segments: played().map(([start, end]) => `${round(start)}[.]${round(end)}`).join("[,]"),
        ...more,
      });
      // Outlives the page that sends it.
      fetch(media.dataset.watch, { method: "POST", body, keepalive: true }).catch(() => {});
    };
    const end = () => {
      if (from !== null) segments.push([from, Math.max(from, at)]);
      from = null;
    };
    const isWhole = () =>
      played().reduce((sum, [start, stop]) => sum + stop - start, 0) >= 0.95 * media.duration;

    media.addEventListener("play", () => {
      if (!hasBegun) say("initialized");
      hasBegun = true;
      from = at = media.currentTime;
      say("played");
    });
    media.addEventListener("timeupdate", () => {
      if (!media.seeking && from !== null) at = media.currentTime;
    });
    media.addEventListener("seeking", () => {
      if (!hasBegun) return;
      const left = at;
      end();
      media.addEventListener(
        "seeked",
        () => {
          say("seeked", { from: round(left) });
          at = media.currentTime;
          if (!media.paused) from = at;
        },
        { once: true },
      );
    });
    media.addEventListener("pause", () => {
      if (media.ended) at = media.duration;
      end();
      say("paused");
      if (!isCompleted && isWhole()) {
        isCompleted = true;
        say("completed");
      }
    });
    window.addEventListener("pagehide", () => {
      if (!hasBegun) return;
      end();
      say("terminated");
    });
  };

  const startChapters = (media, list) => {
    for (const chapter of list?.querySelectorAll("li") ?? []) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "content-chapter";
      button.textContent = chapter.textContent;
      button.addEventListener("click", () => {
        media.currentTime = Number(chapter.dataset.at);
        media.play();
      });
      chapter.replaceChildren(button);
    }
  };

  const startCaptions = (media, place) => {
    const track = media.textTracks[0];
    if (!track || !place) return;
    track.mode = "hidden";
    track.addEventListener("cuechange", () => {
      place.textContent = [...(track.activeCues ?? [])].map((cue) => cue.text.replace(/<[^>]+>/g, "")).join(" ");
    });
  };

  for (const media of document.querySelectorAll(".content-recording")) {
    const item = media.closest(".content-item");
    follow(media);
    startChapters(media, item.querySelector("[data-chapters]"));
    startCaptions(media, item.querySelector("[data-caption]"));
  }
})();
