// Plays a figure's notes with the listening test's voice and moves the line along.
(() => {
  let context = null, playing = null;
  const stop = () => {
    if (!playing) return;
    playing.sound.disconnect();
    cancelAnimationFrame(playing.frame);
    playing.head.style.visibility = "hidden";
    playing.button.textContent = "Play";
    playing = null;
  };
  const play = (button) => {
    const { notes, quarter, left, scale } = JSON.parse(button.dataset.tune);
    const head = button.closest("figure").querySelector(".head");
    context ??= new AudioContext();
    context.resume();
    const begin = context.currentTime + 0.1;
    const clip = { notes: notes.map(([onset, length, pitch, velocity]) => [onset * quarter, length * quarter, pitch, velocity]) };
    const end = begin + Math.max(0, ...clip.notes.map(([onset, length]) => onset + length));
    playing = { sound: voice.play(context, clip, begin), head, button, frame: 0 };
    head.style.visibility = "visible";
    button.textContent = "Stop";
    const follow = () => {
      const x = left + (Math.max(0, context.currentTime - begin) / quarter) * scale;
      head.setAttribute("x1", x);
      head.setAttribute("x2", x);
      if (context.currentTime > end) return stop();
      playing.frame = requestAnimationFrame(follow);
    };
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
