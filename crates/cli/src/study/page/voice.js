// The voice of the listening test: notes to sound, with nothing but the browser's own synthesiser.
const voice = (() => {
  // Two oscillators through a filter that opens with the velocity and closes as a struck string's tone does.
  const strike = (context, output, [onset, length, pitch, velocity], begin) => {
    const from = begin + onset, until = from + Math.max(0.08, length);
    const force = velocity / 127, frequency = 440 * 2 ** ((pitch - 69) / 12);
    const level = context.createGain(), filter = context.createBiquadFilter();
    filter.type = "lowpass";
    filter.frequency.setValueAtTime(Math.min(12000, frequency * (2 + 7 * force)), from);
    filter.frequency.setTargetAtTime(Math.min(6000, frequency * 2), from, 0.35);
    const peak = 0.26 * force ** 1.4, decay = Math.min(1.6, 90 / frequency + 0.25);
    level.gain.setValueAtTime(0, from);
    level.gain.linearRampToValueAtTime(peak, from + 0.006);
    level.gain.setTargetAtTime(peak * 0.18, from + 0.006, decay);
    level.gain.setTargetAtTime(0, until, 0.05);
    for (const [type, ratio, share] of [["triangle", 1, 1], ["sine", 2, 0.25]]) {
      const tone = context.createOscillator(), part = context.createGain();
      tone.type = type;
      tone.frequency.value = frequency * ratio;
      part.gain.value = share;
      tone.connect(part).connect(filter);
      tone.start(from);
      tone.stop(until + 0.4);
    }
    filter.connect(level).connect(output);
  };
  // Plays a clip's notes from a time of the context on; disconnecting what is returned silences them.
  const play = (context, clip, begin) => {
    const output = context.createGain(), limiter = context.createDynamicsCompressor();
    output.gain.value = 0.8;
    output.connect(limiter).connect(context.destination);
    for (const note of clip.notes) strike(context, output, note, begin);
    return limiter;
  };
  return { play };
})();
