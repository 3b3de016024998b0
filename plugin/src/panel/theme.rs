//! The look that all parts of the panel share: colours, type, spacing.

use std::sync::Arc;

use egui::epaint::text::{LayoutJob, TextWrapping};
use egui::{
    Align, Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Galley, Margin,
    Painter, Rect, Shadow, Stroke, StrokeKind, Style, TextStyle, Theme, Vec2, Visuals, vec2,
};

use super::Look;

/// The step of the spacing grid, in points.
pub const GRID: f32 = 8.0;
/// Height of a field, in points.
pub const FIELD: f32 = 32.0;

/// The colours of one look. The tests hold them to WCAG 2.1 AA: 4.5 to 1 for text, 3 to 1 for what must be seen.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    /// Behind everything.
    pub ground: Color32,
    /// Behind popups and tooltips.
    pub raised: Color32,
    /// The piano roll's lanes of white keys, and other wells.
    pub well: Color32,
    /// The piano roll's lanes of black keys.
    pub well_dark: Color32,
    /// Lines between beats.
    pub line: Color32,
    /// Lines between bars and around wells.
    pub line_strong: Color32,
    /// Fields and quiet buttons.
    pub field: Color32,
    /// The same under the mouse.
    pub field_hovered: Color32,
    /// Text.
    pub text: Color32,
    /// Labels and second thoughts.
    pub text_weak: Color32,
    /// What was played.
    pub prompt: Color32,
    /// What was played, where it is not answered.
    pub prompt_faint: Color32,
    /// What was answered and the model was sure of; also Continue.
    pub answer: Color32,
    /// What was answered and the model was not sure of.
    pub answer_unsure: Color32,
    /// Text on notes and on Continue.
    pub on_colour: Color32,
    /// Around what has the keyboard's focus.
    pub focus: Color32,
    /// Problems.
    pub problem: Color32,
    /// Behind a problem's sentence.
    pub problem_ground: Color32,
    /// Good news.
    pub news: Color32,
    /// Behind it.
    pub news_ground: Color32,
    /// White piano keys.
    pub white_key: Color32,
    /// Black piano keys.
    pub black_key: Color32,
}

const DARK: Palette = Palette {
    ground: Color32::from_rgb(0x17, 0x19, 0x1F),
    raised: Color32::from_rgb(0x26, 0x2A, 0x33),
    well: Color32::from_rgb(0x1E, 0x21, 0x29),
    well_dark: Color32::from_rgb(0x19, 0x1C, 0x23),
    line: Color32::from_rgb(0x2A, 0x2F, 0x39),
    line_strong: Color32::from_rgb(0x43, 0x4A, 0x59),
    field: Color32::from_rgb(0x28, 0x2D, 0x37),
    field_hovered: Color32::from_rgb(0x33, 0x39, 0x46),
    text: Color32::from_rgb(0xEC, 0xEE, 0xF2),
    text_weak: Color32::from_rgb(0xA9, 0xB0, 0xBE),
    prompt: Color32::from_rgb(0x6F, 0xC3, 0xF7),
    prompt_faint: Color32::from_rgb(0x39, 0x52, 0x68),
    answer: Color32::from_rgb(0xFF, 0xB9, 0x4E),
    answer_unsure: Color32::from_rgb(0x99, 0x65, 0x2E),
    on_colour: Color32::from_rgb(0x14, 0x16, 0x1B),
    focus: Color32::from_rgb(0xD6, 0xE9, 0xFF),
    problem: Color32::from_rgb(0xFF, 0x8F, 0x87),
    problem_ground: Color32::from_rgb(0x3A, 0x22, 0x24),
    news: Color32::from_rgb(0x7F, 0xD6, 0xA4),
    news_ground: Color32::from_rgb(0x1C, 0x2F, 0x28),
    white_key: Color32::from_rgb(0xE6, 0xE8, 0xEC),
    black_key: Color32::from_rgb(0x2B, 0x2F, 0x38),
};

const LIGHT: Palette = Palette {
    ground: Color32::from_rgb(0xF2, 0xF3, 0xF6),
    raised: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    well: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    well_dark: Color32::from_rgb(0xF2, 0xF4, 0xF8),
    line: Color32::from_rgb(0xE2, 0xE5, 0xEB),
    line_strong: Color32::from_rgb(0xB4, 0xBA, 0xC6),
    field: Color32::from_rgb(0xE2, 0xE5, 0xEB),
    field_hovered: Color32::from_rgb(0xD5, 0xD9, 0xE1),
    text: Color32::from_rgb(0x1A, 0x1D, 0x24),
    text_weak: Color32::from_rgb(0x52, 0x59, 0x68),
    prompt: Color32::from_rgb(0x0B, 0x69, 0xA8),
    prompt_faint: Color32::from_rgb(0xAE, 0xC6, 0xD8),
    answer: Color32::from_rgb(0x8F, 0x4A, 0x00),
    answer_unsure: Color32::from_rgb(0xB6, 0x74, 0x32),
    on_colour: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    focus: Color32::from_rgb(0x12, 0x3A, 0x5E),
    problem: Color32::from_rgb(0xA8, 0x1E, 0x22),
    problem_ground: Color32::from_rgb(0xFB, 0xE4, 0xE3),
    news: Color32::from_rgb(0x1A, 0x6B, 0x40),
    news_ground: Color32::from_rgb(0xE0, 0xF3, 0xE8),
    white_key: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    black_key: Color32::from_rgb(0x3A, 0x3F, 0x4A),
};

impl Palette {
    /// The colours of a look.
    pub fn of(look: Look) -> &'static Palette {
        match look {
            Look::Dark => &DARK,
            Look::Light => &LIGHT,
        }
    }

    /// What is laid over the place where the answer goes.
    pub fn answer_tint(&self) -> Color32 {
        self.answer.gamma_multiply(0.04)
    }

    /// The colour of an answered note that the model gave this probability, 0 to 1.
    pub fn answered(&self, probability: f32) -> Color32 {
        // The square root spreads out the small probabilities, where most notes of a sampled line lie.
        self.answer_unsure.lerp_to_gamma(self.answer, probability.clamp(0.0, 1.0).sqrt())
    }
}

/// Gives a context the panel's fonts and both its looks; once, before the first frame. `[main-thread]`
pub fn install(context: &Context) {
    context.set_fonts(fonts());
    context.set_style_of(Theme::Dark, style(&DARK, Visuals::dark()));
    context.set_style_of(Theme::Light, style(&LIGHT, Visuals::light()));
}

/// egui's name for a look.
pub fn theme_of(look: Look) -> Theme {
    match look {
        Look::Dark => Theme::Dark,
        Look::Light => Theme::Light,
    }
}

/// Names on piano keys.
pub fn tiny() -> FontId {
    FontId::proportional(10.0)
}

/// Small print.
pub fn small() -> FontId {
    FontId::proportional(12.0)
}

/// Running text.
pub fn body() -> FontId {
    FontId::proportional(13.0)
}

/// Emphasised text of any size in points.
pub fn strong(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("strong".into()))
}

/// One line of text, ended by an ellipsis where it would be wider than `width` points.
pub fn line(painter: &Painter, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    painter.layout_job(job)
}

/// Text of several lines, each in the middle of `width` points; drawn from its upper middle.
pub fn centred(painter: &Painter, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple(text.to_owned(), font, colour, width);
    job.halign = Align::Center;
    painter.layout_job(job)
}

/// A probability for people: whole percents, and less than one of them not as none.
pub fn percent(probability: f32) -> String {
    let percent = probability * 100.0;
    if percent > 0.0 && percent < 0.95 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

/// Draws the ring around a widget of our own that has the keyboard's focus.
pub fn focus_ring(painter: &Painter, rect: Rect, palette: &Palette) {
    painter.rect_stroke(rect, CornerRadius::same(6), Stroke::new(2.0, palette.focus), StrokeKind::Outside);
}

fn fonts() -> FontDefinitions {
    const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.otf");
    const STRONG: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.otf");
    let mut fonts = FontDefinitions::default();
    let fallbacks = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    for (name, bytes, family) in [
        ("Inter", REGULAR, FontFamily::Proportional),
        ("Inter SemiBold", STRONG, FontFamily::Name("strong".into())),
    ] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        let chain = std::iter::once(name.to_owned()).chain(fallbacks.iter().cloned()).collect();
        fonts.families.insert(family, chain);
    }
    fonts
}

fn style(palette: &Palette, visuals: Visuals) -> Style {
    let mut style = Style { visuals: recoloured(palette, visuals), ..Style::default() };
    style.text_styles = [
        (TextStyle::Small, small()),
        (TextStyle::Body, body()),
        (TextStyle::Button, body()),
        (TextStyle::Monospace, FontId::monospace(13.0)),
        (TextStyle::Heading, strong(18.0)),
    ]
    .into();
    style.spacing.item_spacing = Vec2::splat(GRID);
    style.spacing.button_padding = vec2(GRID, 4.0);
    style.spacing.interact_size = vec2(FIELD, FIELD);
    style.spacing.menu_margin = Margin::same(4);
    style.spacing.tooltip_width = 320.0;
    style.spacing.combo_height = 320.0;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    style
}

fn recoloured(palette: &Palette, mut visuals: Visuals) -> Visuals {
    let radius = CornerRadius::same(6);
    for (widget, fill, stroke, text) in [
        (
            &mut visuals.widgets.noninteractive,
            palette.ground,
            Stroke::new(1.0, palette.line_strong),
            palette.text,
        ),
        (&mut visuals.widgets.inactive, palette.field, Stroke::NONE, palette.text),
        (&mut visuals.widgets.hovered, palette.field_hovered, Stroke::NONE, palette.text),
        // egui draws pressed and focused widgets alike.
        (&mut visuals.widgets.active, palette.field_hovered, Stroke::new(2.0, palette.focus), palette.text),
        (&mut visuals.widgets.open, palette.field_hovered, Stroke::NONE, palette.text),
    ] {
        (widget.bg_fill, widget.weak_bg_fill, widget.bg_stroke) = (fill, fill, stroke);
        (widget.fg_stroke, widget.corner_radius, widget.expansion) = (Stroke::new(1.5, text), radius, 0.0);
    }
    visuals.weak_text_color = Some(palette.text_weak);
    visuals.selection.bg_fill = palette.prompt;
    visuals.selection.stroke = Stroke::new(2.0, palette.on_colour);
    visuals.extreme_bg_color = palette.field;
    visuals.text_edit_bg_color = Some(palette.field);
    visuals.error_fg_color = palette.problem;
    visuals.panel_fill = palette.ground;
    visuals.window_fill = palette.raised;
    visuals.window_stroke = Stroke::new(1.0, palette.line_strong);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(8);
    visuals.popup_shadow =
        Shadow { offset: [0, 4], blur: 16, spread: 0, color: Color32::from_black_alpha(96) };
    visuals.disabled_alpha = 0.4;
    visuals
}

#[cfg(test)]
mod tests;
