//! Prompts and answers of twenty songs on one page that needs nothing beside itself: rolls to see, sounds to hear.

use std::collections::BTreeSet;

use anyhow::Result;
use generator::Candidate;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use melody::Phrase;

use super::answers::Set;
use super::cases::Case;
use crate::comparison::roll::Roll;

/// Songs on the page.
const SONGS: usize = 20;

/// The page: for songs from all over the cases what really came next, and what each set that is judged answers.
///
/// # Errors
/// There is nothing to hear.
pub fn page(cases: &[Case], sets: &[Set]) -> Result<String> {
    let chosen = chosen(cases);
    let judged: Vec<&Set> = sets.iter().filter(|set| !set.is_anchor).collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Prompts and answers" }
                style { (PreEscaped(include_str!("../comparison/page/style.css"))) }
            }
            body {
                header {
                    h1 { "Prompts and answers" }
                    p.lead {
                        (chosen.len()) " songs that no model has learnt from: first what really came next, then the answers. What was \
                         heard is blue, what follows orange; both sound as they stand."
                    }
                }
                main {
                    @for place in chosen { (section(place, &cases[place], &judged)) }
                }
                script { (PreEscaped(include_str!("../study/page/voice.js"))) }
                script { (PreEscaped(include_str!("../comparison/page/play.js"))) }
            }
        }
    };
    Ok(page.into_string())
}

/// The places of up to so many cases, evenly from all and each of another song.
fn chosen(cases: &[Case]) -> Vec<usize> {
    let mut songs = BTreeSet::new();
    let different: Vec<usize> = (0..cases.len()).filter(|place| songs.insert(cases[*place].song)).collect();
    let count = different.len().min(SONGS);
    (0..count).map(|number| different[number * different.len() / count]).collect()
}

fn section(place: usize, case: &Case, judged: &[&Set]) -> Markup {
    let prompt = case.prompt.clone().unwrap_or_default();
    html! {
        section {
            h2 { (case.name) }
            (figure("what really came next", &prompt, &case.real))
            @for set in judged {
                @for (_, answer) in set.answers.iter().filter(|(case, _)| *case == place) {
                    (figure(&set.name, &prompt, answer))
                }
            }
        }
    }
}

fn figure(name: &str, prompt: &Phrase, answer: &Phrase) -> Markup {
    let candidate = Candidate { phrase: answer.clone(), ..Candidate::default() };
    let roll = if prompt.is_empty() { Roll::alone(&candidate) } else { Roll::after(&candidate, prompt) };
    html! {
        figure {
            div.top {
                h3 { (name) }
                button.play type="button" data-tune=(roll.playable()) aria-label=(format!("Play {name}")) { "Play" }
            }
            div.roll { (roll.draw()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cases::tests::line;
    use super::*;

    #[test]
    fn twenty_songs_from_all_over_are_seen_and_heard_and_nothing_is_fetched() {
        let case = |number: usize| Case {
            name: format!("song-{number}"),
            song: number / 2,
            source: None,
            prompt: Some(line(&[(60, 0, 8), (64, 8, 8)], 1)),
            real: line(&[(62, 0, 16)], 1),
        };
        let cases: Vec<Case> = (0..100).map(case).collect();
        let answers = |pitch: u8| (0..100).map(|place| (place, line(&[(pitch, 0, 16)], 1))).collect();
        let sets = [Set::judged("a <model>", answers(67)), Set::anchor("uniform", answers(90))];
        let page = page(&cases, &sets).unwrap();
        assert_eq!(page.matches("<section>").count(), SONGS);
        assert_eq!(page.matches("button class=\"play\"").count(), 2 * SONGS);
        assert!(page.contains("a &lt;model&gt;") && !page.contains("uniform"));
        // Each of another song, and the last ones too.
        let songs: BTreeSet<usize> = chosen(&cases).into_iter().map(|place| cases[place].song).collect();
        assert!(songs.len() == SONGS && songs.contains(&0) && songs.last() > Some(&45));
        for reach in ["http://", "https://", " src=", "@import", "url(", "<link"] {
            assert!(!page.contains(reach), "the page reaches out by {reach}");
        }
    }
}
