//! What must be on the system beside Rust: looking for it, and asking Debian for just what is missing.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{run, succeeds};

/// Something that the build, the window or the tests need, and the Debian package that brings it.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    probe: Probe,
    package: &'static str,
}

/// How to see whether something is there, on any Linux.
#[derive(Debug, Clone, Copy)]
enum Probe {
    /// A program that answers `--version`.
    Program(&'static str),
    /// A library to link with, by its name for pkg-config.
    Linkable(&'static str),
    /// A shared library that is opened at run time.
    Loadable(&'static str),
    /// A folder with an entry whose name begins so.
    Entry(&'static str, &'static str),
}

const fn need(probe: Probe, package: &'static str) -> Need {
    Need { probe, package }
}

/// For building anything with the plugin in it: the standalone speaks ALSA, and jack-sys asks for JACK's headers.
pub const BUILD: &[Need] = &[
    need(Probe::Program("pkg-config"), "pkg-config"),
    need(Probe::Linkable("alsa"), "libasound2-dev"),
    need(Probe::Linkable("jack"), "libjack-jackd2-dev"),
];

/// For the standalone's window: what baseview, x11rb and xkbcommon-dl open at run time.
pub const WINDOW: &[Need] = &[
    need(Probe::Loadable("libX11.so.6"), "libx11-6"),
    need(Probe::Loadable("libX11-xcb.so.1"), "libx11-xcb1"),
    need(Probe::Loadable("libxcb.so.1"), "libxcb1"),
    need(Probe::Loadable("libxkbcommon.so.0"), "libxkbcommon0"),
    need(Probe::Loadable("libxkbcommon-x11.so.0"), "libxkbcommon-x11-0"),
    need(Probe::Loadable("libGL.so.1"), "libgl1"),
    need(Probe::Loadable("libEGL.so.1"), "libegl1"),
];

/// For the tests: the panel is drawn by Vulkan on the processor (lavapipe), without any display; the real window opens on
/// a display without a screen (Xvfb), drawn by OpenGL on the processor, which Mesa's GLX brings along.
pub const TESTS: &[Need] = &[
    need(Probe::Loadable("libvulkan.so.1"), "libvulkan1"),
    need(Probe::Entry("/usr/share/vulkan/icd.d", "lvp_icd"), "mesa-vulkan-drivers"),
    need(Probe::Entry("/usr/bin", "Xvfb"), "xvfb"),
    need(Probe::Loadable("libGLX_mesa.so.0"), "libglx-mesa0"),
];

/// For drawing the panel's pictures: what makes their files small.
pub const PICTURES: &[Need] = &[need(Probe::Program("optipng"), "optipng")];

/// Installs the packages of those needs that are not met. Where Debian's apt is not to be had, it says what to install
/// and goes on: the names differ from system to system, and a build may do without.
///
/// # Errors
/// apt fails, also after its lists were brought up to date.
pub fn provide(needs: &[&[Need]]) -> Result<()> {
    let missing: Vec<&str> = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    let Some(root) = root_prefix() else {
        eprintln!("xtask: please install what Debian calls {names}; going on without");
        return Ok(());
    };
    eprintln!("xtask: installing {names}");
    let install = || apt(root, &[&["install", "-y", "--no-install-recommends"], missing.as_slice()].concat());
    if run(&mut install()).is_err() {
        run(&mut apt(root, &["update"])).context("apt's lists cannot be brought up to date")?;
        run(&mut install()).with_context(|| format!("please install {names} by hand"))?;
    }
    Ok(())
}

fn missing(needs: &[&[Need]]) -> Vec<&'static str> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let all = needs.iter().copied().flatten();
    all.filter(|need| !need.probe.finds()).map(|need| need.package).collect()
}

/// What to put before `apt-get` to run it as root, or `None` where there is no apt or no way to be root.
fn root_prefix() -> Option<&'static [&'static str]> {
    if !succeeds(Command::new("apt-get").arg("--version")) {
        return None;
    }
    if is_root() {
        return Some(&["env"]);
    }
    succeeds(Command::new("sudo").arg("--version")).then_some(&["sudo", "env"])
}

#[cfg(target_os = "linux")]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|this_process| this_process.uid() == 0)
}

#[cfg(not(target_os = "linux"))]
fn is_root() -> bool {
    false
}

fn apt(prefix: &[&str], args: &[&str]) -> Command {
    let mut command = Command::new(prefix[0]);
    command.args(&prefix[1..]).args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(args);
    command
}

impl Probe {
    fn finds(self) -> bool {
        match self {
            Probe::Program(name) => succeeds(Command::new(name).arg("--version")),
            Probe::Linkable(name) => succeeds(Command::new("pkg-config").args(["--exists", name])),
            Probe::Loadable(name) => loadable(name),
            Probe::Entry(folder, start) => {
                let entries = Path::new(folder).read_dir().into_iter().flatten().flatten();
                entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with(start))
            }
        }
    }
}

/// Whether the dynamic linker's list holds a library; the list is in /sbin, which is not on everybody's path.
fn loadable(name: &str) -> bool {
    let listed =
        |program: &str| Command::new(program).arg("-p").output().ok().filter(|run| run.status.success());
    let Some(list) = listed("ldconfig").or_else(|| listed("/sbin/ldconfig")) else { return false };
    String::from_utf8_lossy(&list.stdout).lines().any(|line| line.split_whitespace().next() == Some(name))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_found_and_what_is_not_is_named() {
        let needs = [
            need(Probe::Program("cargo"), "has-cargo"),
            need(Probe::Program("no-such-program"), "lacks-program"),
            need(Probe::Linkable("no-such-library"), "lacks-linkable"),
            need(Probe::Loadable("libc.so.6"), "has-libc"),
            need(Probe::Loadable("libno-such.so.6"), "lacks-loadable"),
            need(Probe::Entry("/proc", "self"), "has-proc"),
            need(Probe::Entry("/proc", "no-such"), "lacks-entry"),
            need(Probe::Entry("/no-such", "self"), "lacks-folder"),
        ];
        let lacking = ["lacks-program", "lacks-linkable", "lacks-loadable", "lacks-entry", "lacks-folder"];
        assert_eq!(missing(&[&needs[..4], &needs[4..]]), lacking);
    }
}
