//! The host's own objects, which the plugin may call.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use vst3::Class;
use vst3::Steinberg::Vst::{
    IComponentHandler, IComponentHandler2, IComponentHandler2Trait, IComponentHandlerTrait, IHostApplication,
    IHostApplicationTrait, ParamID, ParamValue, RestartFlags_ as Restart, String128,
};
use vst3::Steinberg::{FIDString, TBool, TUID, kNoInterface, kResultOk, tresult};

use crate::host::Requests;

/// Who the host is.
pub struct Application;

impl Class for Application {
    type Interfaces = (IHostApplication,);
}

impl IHostApplicationTrait for Application {
    unsafe fn getName(&self, name: *mut String128) -> tresult {
        let mut text: String128 = [0; 128];
        for (unit, written) in "Continuo's test host".encode_utf16().zip(&mut text) {
            *written = unit;
        }
        // SAFETY: the caller gives a place for a name.
        unsafe { *name = text };
        kResultOk
    }

    unsafe fn createInstance(
        &self,
        _class: *mut TUID,
        _iid: *mut TUID,
        _object: *mut *mut c_void,
    ) -> tresult {
        kNoInterface
    }
}

/// Takes what the plugin asks of the host.
#[derive(Default)]
pub struct Handler {
    restart: AtomicI32,
    dirty: AtomicBool,
}

impl Handler {
    /// What was asked since the last call.
    pub fn take_requests(&self) -> Requests {
        let asked = self.restart.swap(0, Ordering::SeqCst);
        let values = Restart::kParamValuesChanged;
        Requests {
            restart: asked & !values != 0,
            callback: false,
            rescan: asked & values != 0,
            dirty: self.dirty.swap(false, Ordering::SeqCst),
        }
    }
}

impl Class for Handler {
    type Interfaces = (IComponentHandler, IComponentHandler2);
}

impl IComponentHandlerTrait for Handler {
    unsafe fn beginEdit(&self, _id: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn performEdit(&self, _id: ParamID, _value: ParamValue) -> tresult {
        kResultOk
    }

    unsafe fn endEdit(&self, _id: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn restartComponent(&self, flags: i32) -> tresult {
        self.restart.fetch_or(flags, Ordering::SeqCst);
        kResultOk
    }
}

impl IComponentHandler2Trait for Handler {
    unsafe fn setDirty(&self, state: TBool) -> tresult {
        self.dirty.store(state != 0, Ordering::SeqCst);
        kResultOk
    }

    unsafe fn requestOpenEditor(&self, _name: FIDString) -> tresult {
        kResultOk
    }

    unsafe fn startGroupEdit(&self) -> tresult {
        kResultOk
    }

    unsafe fn finishGroupEdit(&self) -> tresult {
        kResultOk
    }
}
