"""Gradio theme with the colours, lines, sizes and system fonts of our style sheet, `static/humphrey.css`."""

import gradio as gr

INK, QUIET, LINE, PALE, GO, GO_DARK, STOP = "#0b0c0c", "#505a5f", "#b1b4b6", "#f3f4f5", "#0a6b3d", "#06492a", "#b01c12"


FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "Arial", "sans-serif")


TEXT = "1.1875rem"


def theme() -> gr.themes.Base:
    """Return the theme; it downloads no font."""
    plain = gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "monospace"), radius_size="none")
    return plain.set(**_WORDS, **_INPUTS, **_BUTTONS)


_WORDS = {
    "body_background_fill": "white",
    "body_text_color": INK,
    "body_text_color_subdued": QUIET,
    "body_text_size": TEXT,
    "block_border_width": "0px",
    "block_padding": "0px",
    "block_label_text_color": INK,
    "block_label_text_size": TEXT,
    "block_title_text_color": INK,
    "block_title_text_size": TEXT,
    "block_title_text_weight": "700",
    "block_info_text_color": QUIET,
    "block_info_text_size": "1rem",
    "link_text_color": "#14509b",
    "link_text_color_hover": "#0b2f5c",
    "link_text_color_visited": "#14509b",
}


_INPUTS = {
    "input_background_fill": "white",
    "input_background_fill_focus": "white",
    "input_border_color": INK,
    "input_border_color_focus": INK,
    "input_border_color_hover": INK,
    "input_border_width": "2px",
    "input_placeholder_color": QUIET,
    "input_text_size": TEXT,
    "checkbox_label_background_fill": "white",
    "checkbox_label_background_fill_hover": PALE,
    "checkbox_label_background_fill_selected": PALE,
    "checkbox_label_border_color": LINE,
    "checkbox_label_border_width": "1px",
    "checkbox_label_text_color": INK,
    "checkbox_label_text_color_selected": INK,
    "checkbox_label_text_size": "1.0625rem",
    "checkbox_border_color": INK,
    "checkbox_background_color_selected": INK,
    "checkbox_border_color_selected": INK,
}


_BUTTONS = {
    "button_border_width": "0px",
    "button_primary_border_color": GO,
    "button_primary_background_fill": GO,
    "button_primary_background_fill_hover": GO_DARK,
    "button_primary_text_color": "white",
    "button_primary_text_color_hover": "white",
    "button_secondary_background_fill": PALE,
    "button_secondary_background_fill_hover": "#dbdad9",
    "button_secondary_text_color": INK,
    "button_cancel_background_fill": STOP,
    "button_cancel_background_fill_hover": "#7d130c",
    "button_cancel_text_color": "white",
    "button_cancel_text_color_hover": "white",
    "button_large_text_size": TEXT,
    "button_large_text_weight": "700",
    "button_large_padding": ".5rem 1rem",
}
