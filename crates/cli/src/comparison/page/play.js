// Plays a figure's notes with a plain synthesiser voice and moves the line along.
(() => {
  let context = null, playing = null;
  const stop = () => {
    if (!playing) return;
    playing.gain.disconnect();
    cancelAnimationFrame(playing.frame);
    playing.head.style.visibility = "hidden";
    playing.button.textContent = "Play";
    playing = null;
  };
  const play = (button) => {
    const figure = button.closest("figure"), head = figure.querySelector(".head"), svg = figure.querySelector("svg");
    const { notes, quarter, left, scale } = JSON.parse(button.dataset.tune);
    context ??= new AudioContext();
    const gain = context.createGain(), begin = context.currentTime + 0.06;
    gain.connect(context.destination);
    let end = 0;
    for (const [onset, length, pitch, velocity] of notes) {
      const from = begin + onset * quarter, until = from + Math.max(0.06, length * quarter * 0.96);
      const voice = context.createOscillator(), level = context.createGain();
      voice.type = "triangle";
      voice.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
      level.gain.setValueAtTime(0, from);
      level.gain.linearRampToValueAtTime(0.32 * velocity / 127, from + 0.012);
      level.gain.setTargetAtTime(0.14 * velocity / 127, from + 0.012, 0.16);
      level.gain.setTargetAtTime(0, until - 0.03, 0.018);
      voice.connect(level).connect(gain);
      voice.start(from);
      voice.stop(until + 0.12);
      end = Math.max(end, until);
    }
    const follow = () => {
      const x = left + Math.max(0, context.currentTime - begin) / quarter * scale;
      head.setAttribute("x1", x);
      head.setAttribute("x2", x);
      if (context.currentTime > end) return stop();
      playing.frame = requestAnimationFrame(follow);
    };
    playing = { gain, head, button, svg, frame: 0 };
    head.style.visibility = "visible";
    button.textContent = "Stop";
    follow();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.play");
    if (!button) return;
    const again = playing?.button === button;
    stop();
    if (!again) play(button);
  });
})();
