//! What the CLAP host answers when the plugin calls it.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

use clack_extensions::gui::{GuiSize, HostGui, HostGuiImpl};
use clack_extensions::log::{HostLog, HostLogImpl, LogSeverity};
use clack_extensions::params::{
    HostParams, HostParamsImplMainThread, HostParamsImplShared, ParamClearFlags, ParamRescanFlags,
};
use clack_extensions::state::{HostState, HostStateImpl};
use clack_extensions::thread_check::{HostThreadCheck, HostThreadCheckImpl};
use clack_host::prelude::*;

use crate::host::Requests;

thread_local! {
    static IS_AUDIO: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` as the audio thread's: while it runs, the thread check says so.
pub fn as_audio_thread<T>(work: impl FnOnce() -> T) -> T {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            IS_AUDIO.set(false);
        }
    }
    IS_AUDIO.set(true);
    let _leave = Leave;
    work()
}

/// The types of clack's host.
pub struct Callbacks;

impl HostHandlers for Callbacks {
    type Shared<'a> = Shared;
    type MainThread<'a> = Main<'a>;
    type AudioProcessor<'a> = ();

    fn declare_extensions(builder: &mut HostExtensions<Self>, _shared: &Shared) {
        builder
            .register::<HostGui>()
            .register::<HostLog>()
            .register::<HostParams>()
            .register::<HostState>()
            .register::<HostThreadCheck>();
    }
}

/// What the plugin may call from any thread.
pub struct Shared {
    main: ThreadId,
    restart: AtomicBool,
    callback: AtomicBool,
}

impl Default for Shared {
    fn default() -> Shared {
        Shared { main: thread::current().id(), restart: false.into(), callback: false.into() }
    }
}

impl SharedHandler<'_> for Shared {
    fn request_restart(&self) {
        self.restart.store(true, Ordering::SeqCst);
    }

    fn request_process(&self) {}

    fn request_callback(&self) {
        self.callback.store(true, Ordering::SeqCst);
    }
}

impl HostGuiImpl for Shared {
    fn resize_hints_changed(&self) {}

    fn request_resize(&self, _new_size: GuiSize) -> Result<(), HostError> {
        Ok(())
    }

    fn request_show(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn request_hide(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn closed(&self, _was_destroyed: bool) {}
}

impl HostLogImpl for Shared {
    fn log(&self, severity: LogSeverity, message: &str) {
        assert!(
            !matches!(severity, LogSeverity::HostMisbehaving | LogSeverity::PluginMisbehaving),
            "CLAP's rules were broken: {message}"
        );
        eprintln!("plugin: {severity}: {message}");
    }
}

impl HostParamsImplShared for Shared {
    fn request_flush(&self) {}
}

impl HostThreadCheckImpl for Shared {
    fn is_main_thread(&self) -> bool {
        !IS_AUDIO.get() && thread::current().id() == self.main
    }

    fn is_audio_thread(&self) -> bool {
        IS_AUDIO.get()
    }
}

/// What the plugin may call from the main thread only.
pub struct Main<'a> {
    shared: &'a Shared,
    rescan: Cell<bool>,
    dirty: Cell<bool>,
}

impl<'a> Main<'a> {
    /// No requests yet.
    pub fn new(shared: &'a Shared) -> Main<'a> {
        Main { shared, rescan: Cell::new(false), dirty: Cell::new(false) }
    }

    /// What was asked since the last call.
    pub fn take_requests(&self) -> Requests {
        Requests {
            restart: self.shared.restart.swap(false, Ordering::SeqCst),
            callback: self.shared.callback.swap(false, Ordering::SeqCst),
            rescan: self.rescan.take(),
            dirty: self.dirty.take(),
        }
    }
}

impl<'a> MainThreadHandler<'a> for Main<'a> {}

impl HostParamsImplMainThread for Main<'_> {
    fn rescan(&self, _flags: ParamRescanFlags) {
        self.rescan.set(true);
    }

    fn clear(&self, _param: ClapId, _flags: ParamClearFlags) {}
}

impl HostStateImpl for Main<'_> {
    fn mark_dirty(&self) {
        self.dirty.set(true);
    }
}
