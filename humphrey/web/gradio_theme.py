"""Gradio theme made of the properties of our style sheet, `static/humphrey.css`, which follow the system's scheme.

Gradio itself stays in its light mode: the properties change under it, before anything is drawn and without a script.
"""

import gradio as gr

INK, QUIET, LINE, PALE, PAPER = "var(--ink)", "var(--quiet)", "var(--line)", "var(--pale)", "var(--paper)"


EDGE, GO, GO_HOVER, STOP = "var(--edge)", "var(--go-fill)", "var(--go-fill-hover)", "var(--stop-fill)"


ON_FILL = "var(--on-fill)"


FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "Arial", "sans-serif")


TEXT = "var(--text)"


def theme() -> gr.themes.Base:
    """Return the theme; it downloads no font."""
    plain = gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "monospace"), radius_size="none")
    return plain.set(**_WORDS, **_INPUTS, **_BUTTONS)


_WORDS = {
    "background_fill_primary": PAPER,
    "background_fill_secondary": PALE,
    "border_color_primary": LINE,
    "border_color_accent": EDGE,
    "block_background_fill": PAPER,
    "block_label_background_fill": PAPER,
    "panel_background_fill": PAPER,
    "code_background_fill": PALE,
    "error_background_fill": "var(--alert)",
    "error_text_color": INK,
    "error_icon_color": "var(--stop)",
    "loader_color": "var(--link)",
    "checkbox_background_color": PAPER,
    "color_accent": "var(--link)",
    "color_accent_soft": PALE,
    "body_background_fill": PAPER,
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
    "block_info_text_size": "var(--small)",
    "link_text_color": "var(--link)",
    "link_text_color_hover": "var(--link-hover)",
    "link_text_color_visited": "var(--link)",
}


_INPUTS = {
    "input_background_fill": PAPER,
    "input_background_fill_focus": PAPER,
    "input_border_color": EDGE,
    "input_border_color_focus": EDGE,
    "input_border_color_hover": EDGE,
    "input_border_width": "1px",
    "input_placeholder_color": QUIET,
    "input_text_size": TEXT,
    "checkbox_label_background_fill": PAPER,
    "checkbox_label_background_fill_hover": PALE,
    "checkbox_label_background_fill_selected": PALE,
    "checkbox_label_border_color": LINE,
    "checkbox_label_border_width": "1px",
    "checkbox_label_text_color": INK,
    "checkbox_label_text_color_selected": INK,
    "checkbox_label_text_size": "var(--small)",
    "checkbox_border_color": INK,
    "checkbox_background_color_selected": INK,
    "checkbox_border_color_selected": INK,
}


_BUTTONS = {
    "button_border_width": "0px",
    "button_primary_border_color": GO,
    "button_primary_background_fill": GO,
    "button_primary_background_fill_hover": GO_HOVER,
    "button_primary_text_color": ON_FILL,
    "button_primary_text_color_hover": ON_FILL,
    "button_secondary_background_fill": PALE,
    "button_secondary_background_fill_hover": "var(--pale-hover)",
    "button_secondary_text_color": INK,
    "button_cancel_background_fill": STOP,
    "button_cancel_background_fill_hover": "var(--stop-fill-hover)",
    "button_cancel_text_color": ON_FILL,
    "button_cancel_text_color_hover": ON_FILL,
    "button_large_text_size": TEXT,
    "button_large_text_weight": "700",
    "button_large_padding": ".5rem 1rem",
}
