// Takes the listening test in a real browser as two listeners do, and saves their answers.
//
// node listens.mjs PLAYWRIGHT-CORE PAGE ANSWERS-FOLDER CHROMIUM
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [library, page, answers, browser] = process.argv.slice(2);
const { chromium } = createRequire(import.meta.url)(path.resolve(library));
const QUESTIONS = ["real", "pleasing", "complicated"];

const launched = await chromium.launch({ executablePath: browser, args: ["--no-sandbox"] });

const sit = async (points) => {
  const tab = await (await launched.newContext({ acceptDownloads: true })).newPage();
  const faults = [], reached = [];
  tab.on("pageerror", (error) => faults.push(String(error)));
  tab.on("request", (request) => reached.push(request.url()));
  await tab.goto(pathToFileURL(path.resolve(page)).href);
  const clips = await tab.evaluate(() => JSON.parse(document.getElementById("data").textContent).clips);

  await tab.getByRole("button", { name: "Start" }).click();
  for (const number of clips.keys()) {
    await tab.getByText(`Piece ${number + 1} of ${clips.length}`).waitFor();
    const next = tab.getByRole("button", { name: number + 1 < clips.length ? "Next" : "Finish", exact: true });
    for (const name of QUESTIONS) await tab.locator(`input[name=${name}][value="${points(name, number)}"]`).check();
    assert.equal(await next.isDisabled(), true, "a piece can be judged before it was heard");
    await tab.getByRole("button", { name: "Play", exact: true }).click();
    await tab.waitForFunction(() => document.querySelector("progress").value > 0.95, undefined, { timeout: 60_000 });
    await next.click();
    // What was answered survives a reload.
    if (number === 0) await tab.reload();
  }
  const [saved] = await Promise.all([tab.waitForEvent("download"), tab.getByText("Save my answers").click()]);
  await saved.saveAs(path.join(answers, saved.suggestedFilename()));
  assert.deepEqual(faults, []);
  assert.deepEqual(reached.filter((url) => !url.startsWith("file:") && !url.startsWith("blob:")), [], "the page reaches out");
  return { tab, clips };
};

const first = await sit((name, number) => 1 + ((number + QUESTIONS.indexOf(name)) % 5));
await sit((name) => 2 + QUESTIONS.indexOf(name));

// Each clip is heard: it sounds, and is not cut off at full level.
const peaks = await first.tab.evaluate(async () => {
  const clips = JSON.parse(document.getElementById("data").textContent).clips;
  const peak = async (clip) => {
    const context = new OfflineAudioContext(1, Math.ceil((clip.seconds + 0.5) * 22050), 22050);
    voice.play(context, clip, 0);
    const samples = (await context.startRendering()).getChannelData(0);
    return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  };
  return Promise.all(clips.filter((clip) => clip.notes.length > 0).map(peak));
});
assert.ok(peaks.length > 0 && peaks.every((peak) => peak > 0.01 && peak < 1), `peaks ${peaks}`);
await launched.close();
console.log(`two listeners judged ${first.clips.length} clips; peaks ${Math.min(...peaks).toFixed(2)} to ${Math.max(...peaks).toFixed(2)}`);
