"""The finder gives exactly the files that settings name, and those that they name."""

import pytest
from django.contrib.staticfiles.management.commands.collectstatic import Command as Collect
from django.core.management import call_command

from config.vendor import VendorFinder

CSS = """
@font-face{src:url(../fonts/a.woff2) format("woff2"),url('../fonts/gone.eot')}
.x{background:url("data:image/png;base64,AA==")}.y{background:url(../img/x.svg#part)}
.z{fill:url(#gradient)}.w{background:url(https://elsewhere.example/x.png)}
/*# sourceMappingURL=kit.css.map */
"""


@pytest.fixture
def packages(tmp_path, settings):
    """One package, of which the settings name a stylesheet and a script."""
    for name, text in {
        "kit/css/kit.css": CSS,
        "kit/css/kit.css.map": "{}",
        "kit/css/other.css": "",
        "kit/fonts/a.woff2": "font",
        "kit/fonts/b.woff2": "font",
        "kit/img/x.svg": "<svg/>",
        "kit/js/kit.js": "const a = 'url(../img/x.svg)';\n//# sourceMappingURL=kit.js.map",
        "kit/js/kit.js.map": "{}",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    settings.NODE_MODULES = tmp_path
    settings.VENDOR_FILES = {
        "vendor/kit/css/kit.css": "kit/css/kit.css",
        "vendor/kit/js/kit.js": "kit/js/kit.js",
    }
    return tmp_path


def test_it_lists_what_the_settings_name_and_what_that_names(packages):
    assert sorted(address for address, _storage in VendorFinder().list(None)) == [
        "vendor/kit/css/kit.css",
        "vendor/kit/css/kit.css.map",
        "vendor/kit/fonts/a.woff2",
        "vendor/kit/img/x.svg",
        "vendor/kit/js/kit.js",
        "vendor/kit/js/kit.js.map",
    ]


def test_it_finds_a_listed_file_and_no_other(packages):
    finder = VendorFinder()
    assert finder.find("vendor/kit/fonts/a.woff2") == str(packages / "kit/fonts/a.woff2")
    assert finder.find("vendor/kit/fonts/a.woff2", find_all=True) == [str(packages / "kit/fonts/a.woff2")]
    assert finder.find("vendor/kit/fonts/b.woff2") is None
    assert finder.find("vendor/kit/../../etc/passwd", find_all=True) == []


def test_missing_packages_are_said_with_what_to_do(packages):
    assert VendorFinder().check() == []
    (packages / "kit/js/kit.js").unlink()
    [warning] = VendorFinder().check()
    assert warning.id == "config.W001"
    assert warning.msg == "Files from npm packages are missing: kit/js/kit.js."


@pytest.mark.skipif(not VendorFinder().storage.files, reason="no packages are set")
def test_the_real_files_pass_through_the_manifest(settings, tmp_path):
    if VendorFinder().check():
        pytest.skip("the npm packages aren't installed (npm ci)")
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = ["config.vendor.VendorFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command(Collect(), interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").is_file()
