//! Two MIDI effects that do next to nothing: the peer that benchmarks compare with, and one that misbehaves on purpose.

mod bare;
mod faulty;

use bare::Bare;
use faulty::Faulty;

nice_plug::nice_export_clap!(Bare, Faulty);
nice_plug::nice_export_vst3!(Bare, Faulty);
