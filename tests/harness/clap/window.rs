//! The plugin's own window, embedded in one of the host's.

use clack_extensions::gui::{GuiApiType, GuiConfiguration, GuiSize, PluginGui, Window};

use super::ClapHost;

/// What every plugin on Linux offers: an X11 window inside the host's.
const EMBEDDED: GuiConfiguration<'static> =
    GuiConfiguration { api_type: GuiApiType::X11, is_floating: false };

impl ClapHost {
    /// Opens the plugin's window inside the X11 window of this number, which must outlive it; returns its width and
    /// height in pixels.
    pub fn open_window(&mut self, parent: u32) -> (u32, u32) {
        let (gui, plugin) = (self.gui(), self.instance.plugin_handle());
        assert!(gui.is_api_supported(&plugin, EMBEDDED), "the plugin can be embedded in an X11 window");
        gui.create(&plugin, EMBEDDED).expect("the window is made");
        let size = gui.get_size(&plugin).expect("a window has a size");
        // SAFETY: the caller closes this window before that one, as is said above.
        let embedded = unsafe { gui.set_parent(&plugin, Window::from_x11_handle(parent.into())) };
        embedded.expect("the window finds its place");
        gui.show(&plugin).expect("the window is shown");
        (size.width, size.height)
    }

    /// Gives the plugin's window the nearest size that it takes, and returns that.
    pub fn resize_window(&mut self, width: u32, height: u32) -> (u32, u32) {
        let (gui, plugin) = (self.gui(), self.instance.plugin_handle());
        assert!(gui.can_resize(&plugin), "the window can be resized");
        let size = gui.adjust_size(&plugin, GuiSize { width, height }).expect("some size is near enough");
        gui.set_size(&plugin, size).expect("the window takes the size that it proposed");
        (size.width, size.height)
    }

    /// Closes the plugin's window.
    pub fn close_window(&mut self) {
        let (gui, plugin) = (self.gui(), self.instance.plugin_handle());
        gui.hide(&plugin).expect("the window is hidden");
        gui.destroy(&plugin);
    }

    fn gui(&self) -> PluginGui {
        let gui = self.instance.plugin_shared_handle().get_extension();
        gui.expect("the plugin has the gui extension")
    }
}
