//! Whatever stops the song, the answer or the plugin, no note of ours is left sounding and no note of the player's cut.

use harness::{Blocks, Format, Kind, Pairing, Session, Setup, Timed, Voice, tunes};

/// A session in the middle of an answer: a note of ours sounds. It says which key.
fn sounding(format: Format, blocks: Blocks) -> (Session, Voice) {
    let mut session = Session::open(format, 120.0, blocks);
    session.play(&tunes::twinkle());
    session.run_to_beat(17.0);
    session.ask();
    session.run_to_beat(22.0);
    // On until one of ours sounds at the end of a block.
    for _ in 0..400 {
        if let [note] = Pairing::of(&session.own_events()).hanging[..] {
            let Kind::On(voice, _) = note.kind else { unreachable!("only note-ons hang") };
            return (session, voice);
        }
        session.run_for(480);
    }
    panic!("{format}: an answer sounds");
}

/// What came out from a sample on.
fn since(session: &Session, sample: u64) -> Vec<Timed> {
    session.heard.iter().copied().filter(|event| event.sample >= sample).collect()
}

fn is_off(event: &Timed, voice: Voice) -> bool {
    matches!(event.kind, Kind::Off(other, _) if (other.channel, other.key) == (voice.channel, voice.key))
}

fn begins(event: &Timed) -> bool {
    matches!(event.kind, Kind::On(..))
}

#[test]
fn a_stopped_song_ends_our_notes_in_its_first_block_and_starts_no_more() {
    for format in Format::ALL {
        let (mut session, voice) = sounding(format, Blocks::Even(256));
        let stopped = session.timeline.now();
        session.timeline.stop();
        session.run_for(256);
        let first: Vec<Timed> = since(&session, stopped);
        assert!(first.iter().any(|event| is_off(event, voice)), "{format}: {first:?}");
        session.run_for(96_000);
        assert!(!since(&session, stopped).iter().any(begins), "{format}: nothing begins in a stopped song");
        assert!(Pairing::of(&session.own_events()).is_clean(), "{format}");
        // Nor does the old answer come back with the song.
        let again = session.timeline.now();
        session.timeline.play();
        session.run_for(240_000);
        assert!(
            !since(&session, again).iter().any(begins),
            "{format}: an answer that was stopped stays stopped"
        );
    }
}

#[test]
fn a_reset_in_mid_note_ends_it_in_the_next_block() {
    for format in Format::ALL {
        let (mut session, voice) = sounding(format, Blocks::Even(256));
        let reset = session.timeline.now();
        session.host.reset();
        session.run_for(256);
        let next = since(&session, reset);
        assert!(next.iter().any(|event| is_off(event, voice)), "{format}: {next:?}");
        session.run_for(240_000);
        assert!(Pairing::of(&session.own_events()).is_clean(), "{format}");
        assert!(!since(&session, reset).iter().any(begins), "{format}: the answer from before is gone");
    }
}

#[test]
fn what_a_deactivation_could_not_send_goes_out_at_the_next_chance() {
    for format in Format::ALL {
        let (mut session, voice) = sounding(format, Blocks::Even(256));
        let gone = session.timeline.now();
        session.host.deactivate();
        session.host.activate(Setup { sample_rate: Session::RATE, ..Setup::default() });
        session.run_for(256);
        let next = since(&session, gone);
        assert!(next.iter().any(|event| is_off(event, voice)), "{format}: {next:?}");
        assert!(Pairing::of(&session.own_events()).is_clean(), "{format}");
    }
}

#[test]
fn a_jump_back_while_playing_ends_our_notes_and_doubles_nothing() {
    for format in Format::ALL {
        let (mut session, voice) = sounding(format, Blocks::Even(256));
        let jumped = session.timeline.now();
        session.timeline.jump(2.0);
        session.run_for(256);
        let next = since(&session, jumped);
        assert!(next.iter().any(|event| is_off(event, voice)), "{format}: {next:?}");
        session.run_for(480_000);
        assert!(Pairing::of(&session.own_events()).is_clean(), "{format}");
        assert!(
            !since(&session, jumped).iter().any(begins),
            "{format}: it answered another place in the song"
        );
    }
}

#[test]
fn a_loop_that_wraps_through_an_answer_leaves_nothing_sounding() {
    for format in Format::ALL {
        let mut session = Session::open(format, 120.0, Blocks::random(4, 512));
        session.play(&tunes::twinkle());
        session.run_to_beat(17.0);
        session.ask();
        session.timeline.set_cycle(Some((16.0, 23.0)));
        for _ in 0..3 {
            session.run_for(7 * 24_000);
            let pairing = Pairing::of(&session.own_events());
            assert!(pairing.doubled.is_empty() && pairing.stray.is_empty(), "{format}: {pairing:?}");
            assert!(pairing.hanging.len() <= 1, "{format}: {pairing:?}");
        }
        session.timeline.stop();
        session.run_for(512);
        assert!(Pairing::of(&session.own_events()).is_clean(), "{format}");
    }
}

#[test]
fn bypass_ends_our_notes_and_lets_the_players_through() {
    for format in Format::ALL {
        let (mut session, voice) = sounding(format, Blocks::Even(256));
        let bypassed = session.timeline.now();
        session.host.choose("Bypass", "on");
        session.timeline.cue_sample(bypassed + 300, Kind::On(Voice::new(2, 40), 0.7));
        session.timeline.cue_sample(bypassed + 900, Kind::Off(Voice::new(2, 40), 0.0));
        session.run_for(48_000);
        // `own_events` panics if the player's note is missing or moved.
        assert!(Pairing::of(&session.own_events()).is_clean(), "{format}");
        let after = since(&session, bypassed);
        assert!(after.iter().any(|event| is_off(event, voice)), "{format}");
        assert_eq!(
            after.iter().filter(|event| begins(event)).count(),
            1,
            "{format}: the player's note and no other"
        );
    }
}

#[test]
fn a_key_that_the_player_holds_is_not_ended_when_the_song_stops() {
    for format in Format::ALL {
        let (mut session, _) = sounding(format, Blocks::Even(256));
        let held = Voice::new(7, 36);
        let now = session.timeline.now();
        session.timeline.cue_sample(now, Kind::On(held, 0.7));
        session.run_for(512);
        session.timeline.stop();
        session.run_for(48_000);
        assert!(!session.heard.iter().any(|event| is_off(event, held)), "{format}: the finger is still down");
        let now = session.timeline.now();
        session.timeline.cue_sample(now + 7, Kind::Off(held, 0.0));
        session.run_for(256);
        assert!(session.heard.iter().any(|event| is_off(event, held) && event.sample == now + 7), "{format}");
    }
}

#[test]
fn a_full_host_gets_every_note_off_later() {
    for format in Format::ALL {
        let (mut session, _) = sounding(format, Blocks::Even(256));
        // No room at all while notes end, then room again.
        session.host.limit_output(0);
        session.run_for(24_000);
        session.host.limit_output(16_384);
        session.timeline.stop();
        session.run_for(512);
        let pairing = Pairing::of(&session.own_events());
        assert!(pairing.is_clean(), "{format}: {pairing:?}");
    }
}
