//! One plugin object with its processor and its controller, from initialize to terminate.

use vst3::Steinberg::Vst::{
    BusDirections, BusInfo, IAudioProcessor, IComponent, IComponentHandler, IComponentTrait,
    IConnectionPoint, IConnectionPointTrait, IEditController, IEditControllerTrait, IHostApplication,
    MediaTypes,
};
use vst3::Steinberg::{FUnknown, IPluginBaseTrait, kResultOk, tresult};
use vst3::{ComPtr, ComWrapper};

use super::callbacks::{Application, Handler};
use super::module::Module;

/// The plugin's objects, initialised and connected.
pub struct Instance {
    /// The part that a project stores.
    pub component: ComPtr<IComponent>,
    /// The part that runs on the audio thread.
    pub processor: ComPtr<IAudioProcessor>,
    /// The part that has the knobs.
    pub controller: ComPtr<IEditController>,
    /// What the plugin calls to ask for things.
    pub handler: ComWrapper<Handler>,
    is_one_object: bool,
    _application: ComWrapper<Application>,
}

impl Instance {
    /// Makes and initialises an object of the class of this name.
    pub fn create(module: &Module, name: &str) -> Instance {
        let application = ComWrapper::new(Application);
        let handler = ComWrapper::new(Handler::default());
        let context =
            application.as_com_ref::<IHostApplication>().expect("it is one").as_ptr().cast::<FUnknown>();
        let component: ComPtr<IComponent> = module.create(&module.class_of(name));
        // SAFETY: the host's objects live in the instance, as long as the plugin's.
        unsafe { assert_eq!(component.initialize(context), kResultOk, "initialize") };
        let processor = component.cast().expect("an audio module has an IAudioProcessor");
        let same = component.cast::<IEditController>();
        let is_one_object = same.is_some();
        let controller = same.unwrap_or_else(|| separate_controller(module, &component, context));
        let asks = handler.as_com_ref::<IComponentHandler>().expect("it is one");
        // SAFETY: as above.
        unsafe {
            assert_eq!(controller.setComponentHandler(asks.as_ptr()), kResultOk, "setComponentHandler")
        };
        Instance { component, processor, controller, handler, is_one_object, _application: application }
    }

    /// How many channels each bus has.
    pub fn buses(&self, media: MediaTypes, direction: BusDirections) -> Vec<usize> {
        let (media, direction) = (media as i32, direction as i32);
        let channels = |index| {
            // SAFETY: the component is initialised and fills the info; all zeros is a value of it.
            let info: BusInfo =
                unsafe { filled("the bus", |info| self.component.getBusInfo(media, direction, index, info)) };
            usize::try_from(info.channelCount).expect("a count of channels is not negative")
        };
        // SAFETY: the component is initialised.
        let count = unsafe { self.component.getBusCount(media, direction) };
        (0..count).map(channels).collect()
    }

    /// Switches every bus of a kind on.
    pub fn open_buses(&self, media: MediaTypes, direction: BusDirections) {
        let count = i32::try_from(self.buses(media, direction).len()).expect("buses are few");
        for index in 0..count {
            // SAFETY: the component is initialised and inactive.
            let result = unsafe { self.component.activateBus(media as i32, direction as i32, index, 1) };
            assert_eq!(result, kResultOk, "activateBus");
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: the component is initialised and inactive, and nothing else uses it.
        unsafe {
            self.controller.setComponentHandler(std::ptr::null_mut());
            if !self.is_one_object {
                self.controller.terminate();
            }
            self.component.terminate();
        }
    }
}

/// The controller of a plugin that keeps it in a class of its own, initialised and connected with the component.
fn separate_controller(
    module: &Module,
    component: &ComPtr<IComponent>,
    context: *mut FUnknown,
) -> ComPtr<IEditController> {
    let mut class = [0; 16];
    // SAFETY: the component is initialised, the class id outlives the call, the context outlives the controller.
    unsafe {
        let result = component.getControllerClassId(&mut class);
        assert_eq!(result, kResultOk, "a component without knobs names the class that has them");
        let controller: ComPtr<IEditController> = module.create(&class);
        assert_eq!(controller.initialize(context), kResultOk, "initialize of the controller");
        if let (Some(one), Some(other)) =
            (component.cast::<IConnectionPoint>(), controller.cast::<IConnectionPoint>())
        {
            one.connect(other.as_ptr());
            other.connect(one.as_ptr());
        }
        controller
    }
}

/// A text in VST3's UTF-16, up to its zero.
pub fn wide(text: &[u16]) -> String {
    let end = text.iter().position(|&unit| unit == 0).unwrap_or(text.len());
    String::from_utf16_lossy(&text[..end])
}

/// What the plugin fills in of a counted thing.
///
/// # Safety
/// All zeros is a value of `T`, and `fill` is sound for a good place.
pub unsafe fn filled<T>(thing: &str, fill: impl FnOnce(*mut T) -> tresult) -> T {
    // SAFETY: the caller says so.
    let mut info = unsafe { std::mem::zeroed() };
    assert_eq!(fill(&mut info), kResultOk, "{thing} is counted, but says nothing about itself");
    info
}
