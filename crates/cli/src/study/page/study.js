// The listening test: one clip at a time, three questions, the answers as a file.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const stage = document.getElementById("stage");
  const clips = new Map(data.clips.map((clip) => [clip.id, clip]));
  const QUESTIONS = [
    ["real", "How real does it sound?", "like a machine", "like a composer"],
    ["pleasing", "How pleasing is it?", "not at all", "very"],
    ["complicated", "How complicated is it?", "simple", "complicated"],
  ];
  // So much of a clip must have been heard before it can be judged.
  const HEARD = 0.9;
  const place = `continuo-study-${data.study}`;

  const shuffled = (items) => {
    const order = [...items], dice = new Uint32Array(order.length);
    crypto.getRandomValues(dice);
    for (let last = order.length - 1; last > 0; last--) {
      const other = dice[last] % (last + 1);
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  };
  const fresh = () => ({
    listener: Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    order: shuffled(clips.keys()),
    at: -1,
    answers: {},
  });
  // A page opened from a disk may be refused a memory: then a reload begins anew.
  const recall = () => {
    try {
      const known = JSON.parse(localStorage.getItem(place));
      return known?.order?.length === clips.size && known.order.every((id) => clips.has(id)) ? known : null;
    } catch {
      return null;
    }
  };
  const keep = () => {
    try {
      localStorage.setItem(place, JSON.stringify(state));
    } catch {}
  };
  let state = recall() ?? fresh();

  const make = (tag, properties = {}, ...children) => {
    const { dataset, ...rest } = properties;
    const element = Object.assign(document.createElement(tag), rest);
    Object.assign(element.dataset, dataset);
    element.append(...children);
    return element;
  };
  const show = (...children) => {
    stop();
    stage.replaceChildren(...children);
    stage.querySelector("h1")?.focus();
    scrollTo(0, 0);
  };

  let context = null, playing = null;
  const stop = () => {
    if (!playing) return;
    playing.sound.disconnect();
    cancelAnimationFrame(playing.frame);
    playing.button.textContent = "Play again";
    playing = null;
  };
  const play = (clip, button, bar, heard) => {
    context ??= new AudioContext();
    context.resume();
    const begin = context.currentTime + 0.12;
    playing = { button, frame: 0, sound: voice.play(context, clip, begin) };
    button.textContent = "Stop";
    const follow = () => {
      const share = Math.min(1, Math.max(0, context.currentTime - begin) / clip.seconds);
      bar.value = share;
      if (share >= HEARD) heard();
      if (share >= 1) return stop();
      playing.frame = requestAnimationFrame(follow);
    };
    follow();
  };

  const welcome = () => {
    const seconds = data.clips.reduce((sum, clip) => sum + clip.seconds, 0);
    const minutes = Math.max(1, Math.ceil((seconds / 60) * 1.6));
    const start = make("button", { className: "main", textContent: "Start" });
    start.onclick = () => go(0);
    show(
      make("h1", { tabIndex: -1, textContent: "Listening test" }),
      make("p", {
        textContent:
          `You will hear ${data.clips.length} short pieces, some by machines and some perhaps by people, in an order of your own. ` +
          "Judge each by three questions. There are no right answers.",
      }),
      make("p", {
        textContent: `It takes about ${minutes === 1 ? "a minute" : `${minutes} minutes`}. Use headphones or good loudspeakers; pause whenever you like.`,
      }),
      make("p", {
        className: "weak",
        textContent: "Nothing is sent anywhere: at the end you save your answers as a file and hand it on yourself.",
      }),
      start,
    );
  };

  const question = (clip, [name, text, least, most], answers, changed) => {
    const points = [1, 2, 3, 4, 5].map((value) => {
      const input = make("input", { type: "radio", name, value, checked: answers[name] === value });
      input.setAttribute("aria-label", value === 1 ? `1, ${least}` : value === 5 ? `5, ${most}` : `${value}`);
      input.onchange = () => {
        answers[name] = value;
        changed();
      };
      return make("label", {}, input, make("span", { textContent: value }));
    });
    return make(
      "fieldset",
      {},
      make("legend", { textContent: text }),
      make("div", { className: "points" }, make("small", { textContent: least }), ...points, make("small", { textContent: most })),
    );
  };

  const judge = (index) => {
    const clip = clips.get(state.order[index]);
    const answers = (state.answers[clip.id] ??= {});
    const button = make("button", { className: "play", textContent: answers.heard ? "Play again" : "Play" });
    const bar = make("progress", { max: 1, value: 0, ariaLabel: "how far the piece is" });
    const next = make("button", { className: "main", textContent: index + 1 < clips.size ? "Next" : "Finish" });
    const back = make("button", { className: "quiet", textContent: "Back", hidden: index === 0 });
    const hint = make("p", { className: "weak hint", role: "status" });
    const changed = () => {
      const open = QUESTIONS.filter(([name]) => !answers[name]).length;
      next.disabled = !answers.heard || open > 0;
      hint.textContent = !answers.heard ? "Listen to the end first." : open > 0 ? "Answer all three questions." : "";
      keep();
    };
    const heard = () => {
      if (answers.heard) return;
      answers.heard = true;
      changed();
    };
    button.onclick = () => {
      const again = playing !== null;
      stop();
      if (!again) play(clip, button, bar, heard);
    };
    next.onclick = () => go(index + 1);
    back.onclick = () => go(index - 1);
    show(
      make("p", { className: "weak", textContent: `Piece ${index + 1} of ${clips.size}` }),
      make("h1", { tabIndex: -1, textContent: "Listen, then judge" }),
      make("div", { className: "player" }, button, bar),
      ...QUESTIONS.map((asked) => question(clip, asked, answers, changed)),
      hint,
      make("div", { className: "steps" }, back, next),
    );
    changed();
  };

  const results = () => {
    const players = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(data.key), (mark) => mark.charCodeAt(0))));
    const answers = state.order.map((clip, index) => {
      const { real, pleasing, complicated } = state.answers[clip];
      return { clip, ...players[clip], real, pleasing, complicated, place: index + 1 };
    });
    return { format: 1, study: data.study, listener: state.listener, finished: new Date().toISOString(), answers };
  };
  const farewell = () => {
    const text = JSON.stringify(results(), null, 1);
    const save = make("a", {
      className: "main",
      textContent: "Save my answers",
      download: `answers-${state.listener}.json`,
      href: URL.createObjectURL(new Blob([text], { type: "application/json" })),
    });
    const copy = make("button", { className: "quiet", textContent: "Copy them instead" });
    const box = make("textarea", { readOnly: true, rows: 6, value: text, ariaLabel: "your answers" });
    copy.onclick = async () => {
      box.select();
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        document.execCommand("copy");
      }
      copy.textContent = "Copied";
    };
    const anew = make("button", { className: "quiet", textContent: "Another listener" });
    anew.onclick = () => {
      state = fresh();
      keep();
      welcome();
    };
    show(
      make("h1", { tabIndex: -1, textContent: "Thank you" }),
      make("p", { textContent: "Save your answers and give the file to whoever asked you." }),
      make("div", { className: "steps" }, save, copy, anew),
      box,
      make("p", { className: "weak" }, "A table of all files: ", make("code", { textContent: "continuo study results *.json" })),
    );
  };

  const go = (index) => {
    state.at = index;
    keep();
    if (index < 0) return welcome();
    index < clips.size ? judge(index) : farewell();
  };
  go(state.at);
})();
