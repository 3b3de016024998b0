//! A VST3 library: loading it, its entry and exit, its factory.

use std::env::consts::ARCH;
use std::ffi::{c_char, c_void};
use std::path::{Path, PathBuf};

use libloading::os::unix::{Library, Symbol};
use vst3::ComPtr;
use vst3::Interface;
use vst3::Steinberg::{IPluginFactory, IPluginFactoryTrait, PClassInfo, TUID, kResultOk};

use super::instance::filled;

type GetPluginFactory = unsafe extern "C" fn() -> *mut c_void;
type ModuleEntry = unsafe extern "C" fn(*mut c_void) -> bool;
type ModuleExit = unsafe extern "C" fn() -> bool;

/// A loaded library and its factory; dropping it unloads the library.
pub struct Module {
    // Always there until the drop takes it.
    factory: Option<ComPtr<IPluginFactory>>,
    library: Library,
}

impl Module {
    /// Loads a bundle (`Contents/<arch>-linux/<name>.so` inside) or a bare library.
    pub fn load(path: &Path) -> Module {
        let binary = binary_of(path);
        // SAFETY: the library is a plugin built from this workspace; its initialisers run no foreign code.
        let library = unsafe { Library::new(&binary) };
        let library = library.unwrap_or_else(|error| panic!("{} does not load: {error}", binary.display()));
        let handle = library.into_raw();
        // SAFETY: the handle was just taken out of a library.
        let library = unsafe { Library::from_raw(handle) };
        // SAFETY: VST3 gives these names these signatures, and wants the entry called first, with dlopen's handle.
        let factory = unsafe {
            let enter: Symbol<ModuleEntry> = library.get(b"ModuleEntry").expect("a VST3 has a ModuleEntry");
            assert!(enter(handle), "ModuleEntry refuses");
            let factory: Symbol<GetPluginFactory> =
                library.get(b"GetPluginFactory").expect("a VST3 has a GetPluginFactory");
            ComPtr::from_raw(factory().cast::<IPluginFactory>())
        };
        assert!(factory.is_some(), "GetPluginFactory gives nothing");
        Module { factory, library }
    }

    fn factory(&self) -> &ComPtr<IPluginFactory> {
        self.factory.as_ref().expect("it is there until the drop")
    }

    /// The class id of the audio effect of this name.
    pub fn class_of(&self, name: &str) -> TUID {
        // SAFETY: the factory lives as long as `self`.
        let count = unsafe { self.factory().countClasses() };
        let class = |index| {
            // SAFETY: the factory lives and fills the info; all zeros is a value of it.
            unsafe { filled("the class", |info| self.factory().getClassInfo(index, info)) }
        };
        let classes: Vec<PClassInfo> = (0..count).map(class).collect();
        let named = |class: &&PClassInfo| {
            narrow(&class.name) == name && narrow(&class.category) == "Audio Module Class"
        };
        let found = classes.iter().find(named);
        found.unwrap_or_else(|| panic!("the library holds no VST3 named {name:?}")).cid
    }

    /// A new object of a class, seen through the interface `I`.
    pub fn create<I: Interface>(&self, class: &TUID) -> ComPtr<I> {
        let mut object = std::ptr::null_mut();
        // SAFETY: both ids are 16 bytes, and the factory answers with an interface of the id that was asked for.
        unsafe {
            let result = self.factory().createInstance(class.as_ptr(), I::IID.as_ptr().cast(), &mut object);
            assert_eq!(result, kResultOk, "the factory makes no such object");
            ComPtr::from_raw(object.cast()).expect("a factory that succeeds gives an object")
        }
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        self.factory = None;
        // SAFETY: VST3 gives the name this signature, and nothing of the library is used after it.
        unsafe {
            let exit: Symbol<ModuleExit> = self.library.get(b"ModuleExit").expect("a VST3 has a ModuleExit");
            assert!(exit(), "ModuleExit refuses");
        }
    }
}

fn binary_of(path: &Path) -> PathBuf {
    if !path.is_dir() {
        return path.to_owned();
    }
    let name = path.file_stem().expect("a bundle has a name");
    path.join(format!("Contents/{ARCH}-linux")).join(name).with_extension("so")
}

fn narrow(text: &[c_char]) -> String {
    let bytes: Vec<u8> = text.iter().map(|&byte| byte as u8).take_while(|&byte| byte != 0).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
