"""How Sphinx makes the website. `segkit book` puts the lessons, the glossary and the gallery beside these pages."""

project = "segkit"
author = "the segkit authors"
language = "en"
extensions = ["myst_nb"]
exclude_patterns = ["_build"]

# The stored outputs are shown as they are: the tests run every notebook and compare.
nb_execution_mode = "off"
nb_merge_streams = True

# Nothing is fetched from anywhere: a page works on a computer without a network. A widget needs a running Python,
# so the website shows the static twin that every widget comes with.
nb_ipywidgets_js = {}
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]

html_theme = "sphinx_book_theme"
html_title = "segkit: customer segmentation"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {
    "use_download_button": False,
    "use_edit_page_button": False,
    "use_issues_button": False,
    "use_repository_button": False,
    "footer_content_items": [],
    "navbar_persistent": [],
    "home_page_in_toc": True,
    "show_navbar_depth": 2,
}
